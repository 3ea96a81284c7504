"""The few functions that SQLite and PostgreSQL spell differently."""

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class days_between(GenericFunction[int]):
    """How many days lie between two: days_between(earlier, later)."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "sqlite")
def _sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    earlier, later = (compiler.process(part, **kw) for part in element.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    earlier, later = (compiler.process(part, **kw) for part in element.clauses)
    return f"({later} - {earlier})"


class quarter_hours(GenericFunction[int]):
    """How many quarters of an hour have passed since 1970 at a moment: quarter_hours(moment)."""

    type = Integer()
    inherit_cache = True


@compiles(quarter_hours, "sqlite")
def _quarters_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    (moment,) = (compiler.process(part, **kw) for part in element.clauses)
    return f"(CAST(strftime('%s', {moment}) AS INTEGER) / 900)"


@compiles(quarter_hours, "postgresql")
def _quarters_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    (moment,) = (compiler.process(part, **kw) for part in element.clauses)
    return f"CAST(floor(extract(epoch FROM {moment}) / 900) AS INTEGER)"
