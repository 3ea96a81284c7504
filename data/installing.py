"""From an address to a database that can be worked with."""

import sqlite3

from sqlalchemy import Engine, make_url, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from data import db, defaults, disk, embedded
from data.fitness import unfit
from data.migrations import alone, at_head, revision, upgrade_within
from data.models import Store
from data.person import SYSTEM

DAMAGED = "The database is damaged ({fault}). Nothing was changed: restore a backup."


class Unusable(Exception):
    """A database that cannot be worked with; the message says why and what to do."""


class Unreachable(Unusable):
    """A database that does not answer, and may do so later."""


def open_database(url: str) -> Engine:
    """The database at `url`, made ready if it is new; Unusable if it is of another version."""
    engine = reach(url)
    try:
        refuse_unfit(engine)
        if not at_head(engine):
            _refuse_older(engine)
            prepare(engine)
    except Unusable:
        engine.dispose()
        raise
    return engine


def reach(url: str) -> Engine:
    """The database at `url`, whatever is in it; Unusable if it does not answer or is damaged."""
    try:
        if (file := embedded.file_of(url)) and file.exists():
            disk.look(file)
        engine = db.connect(url)
        with engine.connect():
            return engine
    except disk.Damaged as error:
        raise Unusable(DAMAGED.format(fault=error)) from None
    except (SQLAlchemyError, ArgumentError, OSError, sqlite3.Error) as error:
        raise Unreachable(
            f"The database cannot be opened ({_cause(error)}): check AFTERCARE_DATABASE_URL."
        ) from None


def refuse_harm(url: str) -> None:
    """Raise Unusable if serving the database at `url` could harm it; one that is away may come."""
    try:
        engine = reach(url)
    except Unreachable:
        return
    try:
        refuse_unfit(engine)
    finally:
        engine.dispose()


def look_through(url: str) -> None:
    """Raise Unusable if anything in the file of the database at `url` is broken.

    A server looks after its own pages; one that is not there yet is not broken.
    """
    try:
        if (file := embedded.file_of(url)) and file.exists():
            disk.look_through(file)
            disk.refuse_strays(file)
    except disk.Damaged as error:
        raise Unusable(DAMAGED.format(fault=error)) from None
    except (OSError, sqlite3.Error) as error:
        raise Unusable(f"The database cannot be looked through ({_cause(error)}).") from None


def refuse_unfit(engine: Engine) -> None:
    """Raise Unusable if what is in the database is newer than this version, or not ours."""
    if reason := unfit(engine):
        raise Unusable(reason)


def _refuse_older(engine: Engine) -> None:
    if revision(engine) is not None:
        raise Unusable(
            "The database was made by an older version of Aftercare: "
            "run `python -m dashboard upgrade`."
        )


def prepare(engine: Engine) -> None:
    """Bring the tables to this version and add the reference rows that are missing.

    All of it or nothing: one transaction, which waits for others who prepare the database.
    """
    refuse_unfit(engine)
    with db.writing(by=SYSTEM) as session, alone(session.connection()):
        upgrade_within(session.connection())
        defaults.fill(session)


def is_empty() -> bool:
    """Whether no store was added yet."""
    with db.reading(as_=SYSTEM) as session:
        return session.scalar(select(Store.id).limit(1)) is None


def spoken(url: str) -> str:
    """The address without its password."""
    return make_url(url).render_as_string(hide_password=True)


def _cause(error: Exception) -> str:
    """The database's own words, in one line; they name no password."""
    own = str(getattr(error, "orig", None) or error)
    return own.strip().splitlines()[0].rstrip(".")
