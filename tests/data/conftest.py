"""A database of each kind with two stores and their people, for what goes through every command."""

import os

import pytest
from sqlalchemy import text

from data import db, spreading
from data.db import Base
from data.migrations import upgrade
from data.person import SYSTEM
from tests.conftest import fresh
from tests.examples.desk import never_kept
from tests.examples.house import fill

CITUS = os.environ.get("TEST_CITUS_URL")
KINDS = ("sqlite", "postgres", *(("citus",) if CITUS else ()))
collect_ignore = [] if CITUS else ["test_on_citus.py"]


def made(url):
    engine = db.connect(url)
    upgrade(engine)
    with db.writing(by=SYSTEM) as session:
        fill(session)
    return engine


@pytest.fixture(scope="session")
def sqlite_house(tmp_path_factory):
    engine = made(f"sqlite:///{tmp_path_factory.mktemp('commands') / 'every.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_house(postgres_url):
    engine = made(fresh(postgres_url, "aftercare_commands"))
    yield engine
    engine.dispose()


def emptied(url):
    """The same address of a PostgreSQL with Citus; none of our tables is left there."""
    engine = db.connect(url)
    with engine.begin() as connection:
        for name in ("alembic_version", *Base.metadata.tables):
            connection.execute(text(f'DROP TABLE IF EXISTS "{name}" CASCADE'))
    engine.dispose()
    return url


@pytest.fixture(scope="module")
def citus_house():
    engine = made(emptied(CITUS))
    spreading.spread(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=KINDS)
def desk(request):
    """A transaction on a database of either kind."""
    with never_kept(request.getfixturevalue(f"{request.param}_house")) as at_it:
        yield at_it


@pytest.fixture
def desks(sqlite_house, postgres_house):
    """One on each, to compare them."""
    with never_kept(sqlite_house) as one, never_kept(postgres_house) as other:
        yield one, other
