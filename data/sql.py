"""The few functions that SQLite and PostgreSQL spell differently."""

import json
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Connection,
    Date,
    Dialect,
    Integer,
    String,
    bindparam,
    literal,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine


def insert_new(session: Session | Connection, table: Any) -> Any:
    """An INSERT that may be told what to do with what is there: .on_conflict_do_nothing(…)."""
    dialect = sqlite if embedded(session) else postgresql
    return dialect.insert(table)


def embedded(session: Session | Connection) -> bool:
    """Whether it is SQLite, which groups well only what an index has in order, store by store."""
    bind = session if isinstance(session, Connection) else session.get_bind()
    return bind.dialect.name == "sqlite"


class _Keys(TypeDecorator[Any]):
    """Many numbers or words as one value: an array, or JSON in SQLite."""

    impl = String
    cache_ok = True

    def __init__(self, each: TypeEngine[Any]) -> None:
        super().__init__()
        self.each = each

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """How the database takes them."""
        return ARRAY(self.each) if dialect.name == "postgresql" else self.impl_instance

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """The keys on their way in."""
        return value if dialect.name == "postgresql" else json.dumps(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Numbers are written here: the driver takes ten times as long, one by one."""
        if dialect.name == "postgresql" and isinstance(self.each, Integer):
            return lambda keys: f"{{{','.join(map(str, keys))}}}"
        return super().bind_processor(dialect)


def among(column: Any, keys: Collection[Any]) -> ColumnElement[bool]:
    """Whether the column holds one of many numbers or words, which go as one value.

    Each of them as a value of its own takes a thousand times the room in the statement, and more
    time to read than to answer.
    """
    return is_among(column, as_one(keys, column.type))


def as_one(keys: Collection[Any], each: TypeEngine[Any]) -> BindParameter[Any]:
    """Many numbers or words of a type as the one value that `is_among` takes."""
    return literal(list(keys), _Keys(each))


def named(name: str, each: TypeEngine[Any]) -> BindParameter[Any]:
    """The same, given when the question is asked, under this name."""
    return bindparam(name, type_=_Keys(each))


class is_among(GenericFunction[Any]):  # of no type: SQLite would ask whether a truth is 1
    """Whether a column holds one of many: is_among(column, as_one(keys, type))."""

    inherit_cache = True


@compiles(is_among, "sqlite")
def _among_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    column, keys = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({keys}))"


@compiles(is_among, "postgresql")
def _among_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    column, keys = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} = ANY({keys})"


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


class hours_later(GenericFunction[Any]):
    """The moment so many whole hours after another, exactly: hours_later(moment, 24)."""

    inherit_cache = True


@compiles(hours_later, "sqlite")
def _later_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    # the part below a second stays as it is written, for moments are compared as texts
    moment, hours = (compiler.process(part, **kw) for part in element.clauses)
    whole = f"datetime(substr({moment}, 1, 19), '+' || {hours} || ' hours')"
    return f"({whole} || substr({moment}, 20))"


@compiles(hours_later, "postgresql")
def _later_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    moment, hours = (compiler.process(part, **kw) for part in element.clauses)
    return f"({moment} + make_interval(hours => CAST({hours} AS integer)))"


class days_since_1970(GenericFunction[int]):
    """A day as a number, so that days can be counted along: days_since_1970(day)."""

    type = Integer()
    inherit_cache = True


@compiles(days_since_1970, "sqlite")
def _number_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    (day,) = (compiler.process(part, **kw) for part in element.clauses)
    return f"CAST(julianday({day}) - 2440587.5 AS INTEGER)"


@compiles(days_since_1970, "postgresql")
def _number_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    (day,) = (compiler.process(part, **kw) for part in element.clauses)
    return f"({day} - DATE '1970-01-01')"


class local_day(GenericFunction[date]):
    """The day on which a moment falls in a time zone: local_day(moment, zone).

    SQLite knows no time zones: its connections learn the function when they are set up.
    """

    type = Date()
    inherit_cache = True


@compiles(local_day, "postgresql")
def _day_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    moment, zone = (compiler.process(part, **kw) for part in element.clauses)
    return f"CAST(timezone({zone}, {moment}) AS date)"
