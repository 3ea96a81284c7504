"""Many rows at once: gathered table by table, then written by COPY or in one go."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from sqlalchemy import Connection, Table, func, inspect, select, text

from data.db import Base, Versioned
from data.models import Event

Row = dict[str, Any]
Model = type[Base]


class Book:
    """Rows waiting to be written, by table, with their ids already given."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._rows: dict[Model, list[Row]] = defaultdict(list)
        self._ids: dict[Model, Iterator[int]] = {}
        self.written: dict[str, int] = defaultdict(int)

    def add(self, model: Model, /, **values: Any) -> int:
        """Note a row; the answer is its id. Columns left out get their default."""
        values["id"] = number = values.get("id") or self.next_id(model)
        self._rows[model].append(values)
        return int(number)

    def next_id(self, model: Model) -> int:
        """An id for a row that is noted later."""
        return next(self._ids.get(model) or self._counter(model))

    def put(self, model: Model, /, **values: Any) -> None:
        """Note a row of a table that has no id, or whose id is given when it is written."""
        self._rows[model].append(values)

    def write(self) -> None:
        """Write what has been noted, parents before children, and forget it; the log stays."""
        for table in Base.metadata.sorted_tables:
            model = _model_of(table.name)
            if model is not Event and (rows := self._rows.pop(model, None)):
                self._write(model, rows)

    def write_log(self) -> None:
        """Write the events of all that has been written, numbered as they happened."""
        rows = sorted(self._rows.pop(Event, []), key=lambda row: row["at"])
        for row in rows:
            row["id"] = self.next_id(Event)
        self._write(Event, rows)

    def _write(self, model: Model, rows: list[Row]) -> None:
        copy_in(self.connection, model, rows)
        self.written[model.__tablename__] += len(rows)

    def _counter(self, model: Model) -> Iterator[int]:
        last = self.connection.scalar(select(func.max(_table(model).c.id))) or 0
        self._ids[model] = count(last + 1)
        return self._ids[model]


def copy_in(connection: Connection, model: Model, rows: Iterable[Row]) -> None:
    """Write rows, given by attribute name, of any number in bounded memory."""
    table = _table(model)
    quote = connection.dialect.identifier_preparer.quote
    columns = [attribute.columns[0] for attribute in inspect(model).column_attrs]
    names = ", ".join(quote(column.name) for column in columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"
        _driver(connection).executemany(statement, _tuples(connection, model, rows))
        return
    with (
        _driver(connection).cursor() as cursor,
        cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy,
    ):
        for row in _tuples(connection, model, rows):
            copy.write_row(row)


def continue_ids(connection: Connection) -> None:
    """Let the database number on after the rows that were written with their own ids."""
    if connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        last = connection.scalar(select(func.max(table.c.id))) if "id" in table.c else None
        if last:
            sequence = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {last})"
            connection.execute(text(sequence))


def learn(connection: Connection) -> None:
    """Let PostgreSQL plan by how much there is now, and not only once it finds out by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE"))


def _tuples(connection: Connection, model: Model, rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    makers = [
        (attribute.key, _default(model, attribute.columns[0]), _binder(connection, attribute))
        for attribute in inspect(model).column_attrs
    ]
    for row in rows:
        yield tuple(_value(row.get(key, default), bind) for key, default, bind in makers)


def _value(value: Any, bind: Callable[[Any], Any] | None) -> Any:
    return value if value is None or bind is None else bind(value)


def _default(model: Model, column: Any) -> Any:
    if column.name == "version" and issubclass(model, Versioned):
        return 1
    default = column.default
    return default.arg if default is not None and default.is_scalar else None


def _binder(connection: Connection, attribute: Any) -> Callable[[Any], Any] | None:
    """What the column's type does to a value on its way in."""
    kind = attribute.columns[0].type.dialect_impl(connection.dialect)
    found: Callable[[Any], Any] | None = kind.bind_processor(connection.dialect)
    return found


def _table(model: Model) -> Table:
    return Base.metadata.tables[model.__tablename__]


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _model_of(name: str) -> Model:
    return next(m.class_ for m in Base.registry.mappers if m.class_.__tablename__ == name)
