"""All that a database holds, as one text, to look for what must not be in it."""

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from data.db import Base


def everything(session: Session) -> str:
    """All values of all tables; what JSON spells \\uXXXX stands there as it is read, too."""
    found = []
    for table in Base.metadata.sorted_tables:
        texts = [cast(column, String) for column in table.c]
        found += ["|".join(map(str, row)) for row in session.connection().execute(select(*texts))]
    text = "\n".join(found)
    return text + text.encode("ascii", "backslashreplace").decode("unicode_escape", "replace")
