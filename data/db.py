"""The database: the only module that opens one, and where a person's stores are enforced."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    String,
    event,
    make_url,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Mapper,
    ORMExecuteState,
    Session,
    declared_attr,
    mapped_column,
    sessionmaker,
    with_loader_criteria,
)
from sqlalchemy.types import TypeDecorator

from data import embedded, locking, served
from data.guard import OutsideScope, refuse_what_cannot_be_scoped
from data.person import SYSTEM, Person
from data.sql import as_one, is_among

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment, kept in UTC. A value without a zone is refused: nobody can know what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC on the way in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; give the moment with one.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, and saying so, on the way out."""
        if value is None or value.tzinfo is not None:
            return value and value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


BigInt = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it from the class)
        datetime: Instant,
        date: Date,
        int: BigInt,
        str: String(200),
        dict[str, Any]: JSON,
    }


class StoreOwned:
    """A row of one dealership's work: nobody outside its store sees or writes it."""

    @declared_attr
    @classmethod
    def store_id(cls) -> Mapped[int]:
        """The dealership it belongs to."""
        return mapped_column(nullable=False)


@event.listens_for(StoreOwned, "after_mapper_constructed", propagate=True)
def _saves_name_the_store(mapper: Mapper[Any], _class: type) -> None:
    """A save finds its row by number and store: a database spread by store asks one machine."""
    columns: Any = mapper.local_table.c
    mapper._pks_by_table[mapper.local_table].add(columns.store_id)


class Versioned:
    """A row that people edit: a save that starts from an older version is not written."""

    version: Mapped[int] = mapped_column()

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


_READING: sessionmaker[Session] = sessionmaker(autoflush=False)
_GLANCING: sessionmaker[Session] = sessionmaker(autoflush=False)
_WRITING: sessionmaker[Session] = sessionmaker()


def connect(url: str) -> Engine:
    """Point the application at the database at `url`; tables are the migrations' business."""
    engine = _engine(url)
    reads = _reading_options(engine)
    _READING.configure(bind=engine.execution_options(**reads))
    _GLANCING.configure(bind=engine.execution_options(**reads | _glancing_options(engine)))
    _WRITING.configure(bind=engine.execution_options(aftercare_writing=True))
    return engine


def engine() -> Engine:
    """The engine `connect` made."""
    bound = _WRITING.kw["bind"]
    assert isinstance(bound, Engine)
    return bound


def close() -> None:
    """Let go of every connection."""
    engine().dispose()


@contextmanager
def reading(as_: Person) -> Iterator[Session]:
    """A session for looking, with the eyes of `as_`: one consistent moment, nothing is kept."""
    with _READING() as session:
        session.info["person"] = as_
        yield session


@contextmanager
def glancing(as_: Person) -> Iterator[Session]:
    """A session for quick questions, each of its own moment: a server begins nothing for them."""
    with _GLANCING() as session:
        session.info.update(person=as_, glancing=True)
        yield session


@contextmanager
def writing(by: Person, *, key: str | None = None) -> Iterator[Session]:
    """A transaction in the name of `by`: kept whole, or not at all.

    `key` names the attempt: what was already written under the same key is not written again.
    """
    with _WRITING.begin() as session:
        session.info.update(person=by, key=key)
        yield session


def person_of(session: Session) -> Person:
    """In whose name this session runs."""
    found: Person = session.info.get("person", SYSTEM)
    return found


def is_glance(session: Session) -> bool:
    """Whether each question in this session sees what was kept by its own moment, and no more."""
    return bool(session.info.get("glancing"))


@event.listens_for(Session, "after_begin")
def _write_in_turn(_session: Session, _transaction: object, connection: Connection) -> None:
    locking.in_turn(connection)


@event.listens_for(Session, "do_orm_execute")
def _keep_to_the_stores(state: ORMExecuteState) -> None:
    locking.name_the_store(state)
    if not state.is_select:
        _refuse_to_write_at_a_glance(state.session)
    stores = person_of(state.session).stores
    if stores is None:
        return
    if state.is_insert:
        return _check_rows(state.parameters, stores)
    refuse_what_cannot_be_scoped(state.statement)
    state.statement = state.statement.options(*_criteria(stores))


@lru_cache(1_000)
def _criteria(stores: frozenset[int]) -> list[Any]:
    owned, itself = _of_one(*stores) if len(stores) == 1 else _of_several(stores)
    criteria = [with_loader_criteria(StoreOwned, owned, include_aliases=True)]
    store = Base.registry._class_registry.get("Store")
    return [*criteria, with_loader_criteria(store, itself, include_aliases=True)]  # type: ignore[arg-type]


def _of_one(mine: int) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """The conditions of owned rows and of stores themselves: rows come in the order of an index."""
    return lambda cls: cls.store_id == mine, lambda cls: cls.id == mine


def _of_several(stores: frozenset[int]) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """The same; all numbers go as one value."""
    mine = as_one(sorted(stores), BigInt)
    return lambda cls: is_among(cls.store_id, mine), lambda cls: is_among(cls.id, mine)


def _check_rows(rows: Any, stores: frozenset[int]) -> None:
    for row in rows if isinstance(rows, list) else [rows or {}]:
        if row.get("store_id", None) not in stores:
            raise OutsideScope("The row belongs to a store outside this person's scope.")


@event.listens_for(Session, "before_flush")
def _write_only_ones_own(session: Session, *_: object) -> None:
    _refuse_to_write_at_a_glance(session)
    stores = person_of(session).stores
    if stores is None:
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, StoreOwned) and row.store_id not in stores:
            raise OutsideScope("The row belongs to a store outside this person's scope.")


def _refuse_to_write_at_a_glance(session: Session) -> None:
    if is_glance(session):  # it would be kept at once, without a transaction
        raise RuntimeError("This session is for looking: write in one of db.writing.")


def _reading_options(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "sqlite":
        return {"aftercare_writing": False}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _glancing_options(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "sqlite":
        return {}
    return {"isolation_level": "AUTOCOMMIT", served.GLANCING: True}


def _engine(url: str) -> Engine:
    embed = make_url(url).get_backend_name() == "sqlite"
    return embedded.engine(url) if embed else served.engine(url)
