"""Bringing a database to the tables this version needs, one step after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from data import served

LOCK = 4_827_001  # any number, the same in every process that upgrades


def upgrade(engine: Engine, step: str = "head") -> None:
    """Bring the database up to `step`; several processes at once wait for each other."""
    with engine.connect() as connection, connection.begin(), alone(connection):
        upgrade_within(connection, step)


def upgrade_within(connection: Connection, step: str = "head") -> None:
    """The same, as part of a transaction that is `alone`."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, step)


def at_head(engine: Engine) -> bool:
    """Whether the database has exactly the tables this version needs."""
    return revision(engine) == head()


def head() -> str:
    """The step of this version."""
    return _steps()[0]


def known(step: str) -> bool:
    """Whether `step` is one of those up to this version."""
    return step in _steps()


def revision(engine: Engine) -> str | None:
    """The step the database stands at; None if it has no tables of ours."""
    looking = engine.execution_options(aftercare_writing=False)
    with looking.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def _steps() -> tuple[str, ...]:
    """The steps there are, newest first; they are files, read once."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(script.revision for script in scripts)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def alone(connection: Connection) -> Iterator[None]:
    """While this transaction lasts, nobody else brings the database up to date."""
    # SQLite: the transaction has begun IMMEDIATE and is the lock
    if connection.dialect.name == "postgresql":
        served.without_limit(connection)
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    yield
