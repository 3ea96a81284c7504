"""From an address to a database that can be worked with."""

from sqlalchemy import Engine, make_url, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from data import db, defaults
from data.migrations import alone, at_head, revision, upgrade
from data.models import Store
from data.person import SYSTEM


class Unusable(Exception):
    """A database that cannot be worked with; the message says why and what to do."""


def open_database(url: str) -> Engine:
    """The database at `url`, made ready if it is new; Unusable if it is of another version."""
    engine = reach(url)
    if at_head(engine):
        return engine
    if revision(engine) is not None:
        raise Unusable(
            "The database was made by another version of Aftercare: "
            "run `python -m dashboard upgrade` with the newest one."
        )
    prepare(engine)
    return engine


def reach(url: str) -> Engine:
    """The database at `url`, whatever is in it; Unusable if it does not answer."""
    try:
        engine = db.connect(url)
        with engine.connect():
            return engine
    except (SQLAlchemyError, ArgumentError, OSError) as error:
        raise Unusable(
            f"The database cannot be opened ({_cause(error)}): check AFTERCARE_DATABASE_URL."
        ) from None


def prepare(engine: Engine) -> None:
    """Bring the tables to this version and add the reference rows that are missing."""
    upgrade(engine)
    with db.writing(by=SYSTEM) as session, alone(session.connection()):
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
