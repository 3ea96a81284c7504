"""The rows of one table that a chunk of a file is about: fetched together, written together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, inspect, select, update

from data import served
from data.db import Versioned
from data.importing.storing.desk import Desk
from data.sql import among
from data.sums import mark_rows

AT_ONCE = 5_000  # keys in one question


class Held:
    """A row: as it is stored, or as it shall be.

    `links` are rows it refers to that have no number yet, by column.
    """

    __slots__ = ("dirty", "id", "links", "values")

    def __init__(self, values: dict[str, Any], id_: int | None) -> None:
        self.values, self.id = values, id_
        self.links: dict[str, Held] = {}
        self.dirty = id_ is None

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


class Shelf:
    """Rows of `model` of one store. `indexed` columns can be searched.

    On a dry desk nothing is written, and what would have been stays here for the next chunk.
    """

    def __init__(self, desk: Desk, model: Any, indexed: Collection[str]) -> None:
        self.session, self.store_id, self.dry = desk.session, desk.store_id, desk.dry
        self.model, self.table = model, cast(Table, model.__table__)
        self.first_version = {"version": 1} if issubclass(model, Versioned) else {}
        keys = [attribute.key for attribute in inspect(model).column_attrs]
        self.columns = [key for key in keys if key not in ("id", "store_id", "version")]
        self.empty = dict.fromkeys(self.columns) | _defaults(model)
        self.index: dict[str, dict[Any, list[Held]]] = {name: defaultdict(list) for name in indexed}
        self.by_id: dict[int, Held] = {}
        self.asked: dict[str, set[Any]] = defaultdict(set)
        self.new: list[Held] = []
        self.changed: list[Held] = []
        self.changes = 0
        self.invented = count(-1, -1)

    def load(self, column: str, keys: Collection[Any], *further: ColumnElement[bool]) -> None:
        """Fetch the rows whose `column` is one of `keys`, unless that was asked before."""
        fresh = [key for key in set(keys) - self.asked[column] if key is not None]
        self.asked[column].update(fresh)
        for start in range(0, len(fresh), AT_ONCE):
            field = getattr(self.model, column)
            self._fetch(among(field, fresh[start : start + AT_ONCE]), *further)

    def load_all(self) -> None:
        """Fetch every row of the store."""
        self._fetch(self.model.id.is_not(None))

    def _fetch(self, *conditions: Any) -> None:
        wanted = [getattr(self.model, name) for name in ("id", *self.columns)]
        query = select(*wanted).where(self.model.store_id == self.store_id, *conditions)
        for id_, *values in self.session.execute(query):
            if id_ not in self.by_id:
                self._keep(Held(dict(zip(self.columns, values, strict=True)), id_))

    def _keep(self, held: Held) -> None:
        if held.id is not None:
            self.by_id[held.id] = held
        for name, known in self.index.items():
            if (key := held.values[name]) is not None:
                known[key].append(held)

    def find(self, column: str, key: Any) -> Sequence[Held]:
        """The rows with `key` in an indexed column; an empty key finds nothing."""
        return self.index[column].get(key, ()) if key is not None else ()

    def first(self, column: str, key: Any) -> Held | None:
        """The first of them."""
        return next(iter(self.find(column, key)), None)

    def add(self, values: Mapping[str, Any]) -> Held:
        """A new row; what is not said is left to the column's default."""
        held = Held(self.empty | {k: v for k, v in values.items() if v is not None}, None)
        self.new.append(held)
        self._keep(held)
        self.changes += 1
        return held

    def set(self, held: Held, column: str, value: Any) -> None:
        """Put `value` into a row, if it says anything and is another one."""
        if value is not None:
            self.put(held, column, value)

    def put(self, held: Held, column: str, value: Any) -> None:
        """Put `value` into a row, or empty it."""
        before = held.values[column]
        if value == before:
            return
        held.values[column] = value
        self._touch(held)
        if column in self.index:
            if before is not None:
                self.index[column][before].remove(held)
            if value is not None:
                self.index[column][value].append(held)

    def link(self, held: Held, column: str, other: Held | None) -> None:
        """Let a row refer to another, which may be new."""
        if other is None:
            return
        if other.id is not None:
            self.set(held, column, other.id)
        elif held.links.get(column) is not other:
            held.links[column] = other
            self._touch(held)

    def _touch(self, held: Held) -> None:
        self.changes += 1
        if not held.dirty:
            held.dirty = True
            self.changed.append(held)

    def flush(self) -> None:
        """Write what is new or changed; the rows that are linked to must have been written."""
        for held in (*self.new, *self.changed):
            if held.links:
                held.values.update({column: other.id for column, other in held.links.items()})
                held.links.clear()
            held.dirty = False
        self._note(self.changed)
        self._insert(self.new)
        self._update(self.changed)
        self._note(self.changed)
        self._note(self.new, new=True)
        self.new, self.changed = [], []

    def forget(self) -> None:
        """Begin again with nothing on the shelf."""
        self.by_id.clear()
        self.asked.clear()
        for known in self.index.values():
            known.clear()

    def _insert(self, rows: Sequence[Held]) -> None:
        if not rows:
            return
        ids = (next(self.invented) for _ in rows) if self.dry else self._next_ids(len(rows))
        for held, id_ in zip(rows, ids, strict=False):
            held.id = id_
            self.by_id[id_] = held
        if not self.dry:
            self._write((held.id, held.values) for held in rows)

    def insert(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows that nothing will refer to, without keeping them here."""
        given = [{**self.empty, **row} for row in rows]
        if given and not self.dry:
            self._write(zip(self._next_ids(len(given)), given, strict=False))
            mark_rows(self.session, self.model, given, dict.__getitem__, new=True)

    def _note(self, rows: Iterable[Held], *, new: bool = False) -> None:
        """The daily sums of these rows hold no more: where they count, and where they counted."""
        if not self.dry:
            mark_rows(self.session, self.model, rows, _read, new=new)

    def _write(self, rows: Iterable[tuple[int | None, Mapping[str, Any]]]) -> None:
        fixed = {"store_id": self.store_id, **self.first_version}
        names = ["id", *self.columns, *fixed]
        last, read = tuple(fixed.values()), itemgetter(*self.columns)
        given = ((id_, *read(values), *last) for id_, values in rows)
        connection = self.session.connection()
        _write(connection, self.table, names, given)
        served.look_at_if_new(connection, self.table.name)

    def _next_ids(self, many: int) -> Iterator[int]:
        """Numbers for new rows, fetched beforehand: databases answer RETURNING row by row."""
        connection = self.session.connection()
        if connection.dialect.name == "sqlite":  # nobody else writes meanwhile
            first = (connection.scalar(select(func.max(self.table.c.id))) or 0) + 1
            return iter(range(first, first + many))
        sequence = func.pg_get_serial_sequence(self.table.name, "id")
        numbers = select(func.nextval(sequence)).select_from(func.generate_series(1, many))
        return iter(connection.scalars(numbers))

    def _update(self, rows: Sequence[Held]) -> None:
        if self.dry or not rows:
            return
        table = self.table
        query = update(table).where(
            table.c.store_id == self.store_id, table.c.id == bindparam("b_id")
        )
        values: dict[str, Any] = {name: bindparam(f"b_{name}") for name in self.columns}
        if self.first_version:
            values["version"] = table.c.version + 1
        given = [
            {"b_id": held.id, **{f"b_{name}": held.values[name] for name in self.columns}}
            for held in rows
        ]
        self.session.connection().execute(query.values(values), given)


def _write(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Hand the rows to the driver itself: building statements would take most of the time."""
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({marks})"
        driver.executemany(statement, _bound(connection, table, names, rows))
        return
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _bound(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> Iterator[list[Any]]:
    """The rows as SQLite keeps them: moments and days as text."""
    dialect = connection.dialect
    binders = [
        (place, bind)
        for place, name in enumerate(names)
        if (bind := table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
    ]
    for row in rows:
        values = list(row)
        for place, bind in binders:
            if values[place] is not None:
                values[place] = bind(values[place])
        yield values


def _read(held: Held, column: str) -> Any:
    return held.id if column == "id" else held.values[column]


def _defaults(model: Any) -> dict[str, Any]:
    columns = model.__table__.c
    return {one.name: one.default.arg for one in columns if one.default is not None}
