"""All that a database holds, as one text, to look for what must not be in it."""

from functools import cache
from typing import Any

from sqlalchemy import Select, String, cast, select
from sqlalchemy.orm import Session

from data.db import Base


def everything(session: Session) -> str:
    """All values of all tables; what JSON spells \\uXXXX stands there as it is read, too."""
    found = []
    for query in _tables():
        found += ["|".join(map(str, row)) for row in session.connection().execute(query)]
    text = "\n".join(found)
    return text + text.encode("ascii", "backslashreplace").decode("unicode_escape", "replace")


@cache
def _tables() -> list[Select[Any]]:
    tables = Base.metadata.sorted_tables
    return [select(*(cast(column, String) for column in table.c)) for table in tables]
