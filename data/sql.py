"""The few functions that SQLite and PostgreSQL spell differently."""

from datetime import date
from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class days_before(GenericFunction[date]):
    """The day that lies a whole number of days before another: days_before(day, 90)."""

    type = Date()
    inherit_cache = True


@compiles(days_before, "sqlite")
def _sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    day, days = (compiler.process(part, **kw) for part in element.clauses)
    return f"date({day}, '-' || {days} || ' days')"


@compiles(days_before, "postgresql")
def _postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    day, days = (compiler.process(part, **kw) for part in element.clauses)
    return f"({day} - CAST({days} AS INTEGER))"
