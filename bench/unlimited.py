"""A connection to PostgreSQL for what takes its time: making databases, vacuuming them."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from data import db
from data.served import without_limit


@contextmanager
def unlimited(engine: Engine) -> Iterator[Connection]:
    """A connection that waits for as long as it takes, and is in no transaction."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        without_limit(connection)
        connection.execute(text("SET statement_timeout = 0"))
        yield connection


@contextmanager
def administering(url: str) -> Iterator[Connection]:
    """The same to the database at `url`, for making and dropping others."""
    engine = db.connect(url)
    with unlimited(engine) as connection:
        yield connection
    engine.dispose()
