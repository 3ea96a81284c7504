"""Wall screens: adding one with a link that works once, changing what it shows, revoking it."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.commands import NotFound, Refused, command, settings
from data.db import person_of
from data.models import ScreenToken, Store
from data.person import Right
from data.screens import hashed

LINK_HOLDS = timedelta(hours=24)
LANGUAGES = ("both", "zh", "en")
LONGEST_NAME = 60


@command(Right.ADMINISTER)
def add_screen(
    session: Session,
    *,
    name: str,
    secret: str,
    now: datetime,
    store: str | None = None,
    language: str = "both",
    opens: str = "08:00",
    closes: str = "20:00",
) -> int:
    """Add a wall screen for a store (by code; None: all), to be opened by the link of `secret`.

    Gives its number. Asked again in the same attempt, the link of the later secret holds.
    """
    settings.alone(session)
    store_id = _store_id(session, store)
    _check_look(language, opens, closes)
    subject = f"new screen {_fit(name)}"
    if before := settings.already(session, subject):
        row = session.get_one(ScreenToken, before.data["screen"])
    else:
        row = ScreenToken(name=_fit(name), store=store_id, created_at=now, token_hash="")
        session.add(row)
    row.language, row.opens, row.closes = language, opens, closes
    _open_link(row, secret, now)
    session.flush()
    if before is None:
        settings.note(session, subject, "screen_added", version=0, now=now, screen=row.id)
        said = {"name": row.name, "store": store or "all"}
        settings.note(session, _subject(row), "screen_added", version=0, now=now, **said)
    return row.id


@command(Right.ADMINISTER)
def edit_screen(
    session: Session,
    *,
    screen_id: int,
    version: int | None,
    name: str,
    language: str,
    opens: str,
    closes: str,
    now: datetime,
) -> None:
    """Change a screen's name, language or opening hours; it follows within a minute."""
    settings.alone(session)
    row = _live(session, screen_id)
    _check_look(language, opens, closes)
    values = {"name": _fit(name), "language": language, "opens": opens, "closes": closes}
    settings.edit(session, row, _subject(row), "screen_changed", values, version=version, now=now)


@command(Right.ADMINISTER)
def renew_link(
    session: Session, *, screen_id: int, secret: str, now: datetime, version: int | None = None
) -> None:
    """Give a screen another link that works once; its browser runs on until that is opened."""
    settings.alone(session)
    row = _live(session, screen_id)
    again = settings.already(session, _subject(row))
    if again is None:
        settings.check(session, _subject(row), version, row.version)
    was = row.version
    row.link_hash, row.link_until = hashed(secret), now + LINK_HOLDS
    if again is None:
        settings.note(session, _subject(row), "screen_link_renewed", version=was, now=now)


@command(Right.ADMINISTER)
def revoke_screen(
    session: Session, *, screen_id: int, now: datetime, version: int | None = None
) -> None:
    """End a screen: it shows nothing more, and neither its key nor its link works again."""
    settings.alone(session)
    row = _found(session, screen_id)
    if settings.already(session, _subject(row)):
        return
    settings.check(session, _subject(row), version, row.version)
    if row.revoked_at is not None:
        raise Refused("The screen {name} is revoked already.", name=row.name)
    was = row.version
    row.revoked_at, row.link_hash, row.link_until = now, None, None
    settings.note(session, _subject(row), "screen_revoked", version=was, now=now)


@command(Right.ADMINISTER)
def link_screen(session: Session, *, secret: str, key: str, now: datetime) -> None:
    """Make the browser that keeps `key` the screen of this link, which is used up by that.

    The same browser may say it twice, as browsers do when an answer is lost.
    """
    settings.alone(session)
    mine = select(ScreenToken).where(ScreenToken.token_hash == hashed(key))
    row = session.scalar(select(ScreenToken).where(ScreenToken.link_hash == hashed(secret)))
    if row is None and session.scalar(mine.where(ScreenToken.revoked_at.is_(None))):
        return
    if row is None or row.link_until is None or row.link_until <= now:
        raise NotFound("This link is used up or over. Ask whoever runs Aftercare for a new one.")
    for other in session.scalars(mine):
        other.token_hash = f"-{other.id}"  # the browser was another screen before
    session.flush()
    was = row.version
    row.token_hash, row.link_hash, row.linked_at = hashed(key), None, now
    settings.note(session, _subject(row), "screen_linked", version=was, now=now)


def _open_link(row: ScreenToken, secret: str, now: datetime) -> None:
    row.link_hash, row.link_until = hashed(secret), now + LINK_HOLDS
    row.token_hash = f"-{row.link_hash}"  # no browser has its key yet


def _subject(row: ScreenToken) -> str:
    return f"screen {row.id}"


def _live(session: Session, screen_id: int) -> ScreenToken:
    row = _found(session, screen_id)
    if row.revoked_at is not None:
        raise Refused("The screen {name} is revoked: add a new one.", name=row.name)
    return row


def _found(session: Session, screen_id: int) -> ScreenToken:
    """Who sees some of the stores finds the screens of these stores alone."""
    row, mine = session.get(ScreenToken, screen_id), person_of(session).stores
    if row is None or (mine is not None and row.store not in mine):
        raise NotFound("There is no such screen in your stores.")
    return row


def _store_id(session: Session, code: str | None) -> int | None:
    if code is None:
        settings.for_everybody(session)
        return None
    found = session.scalar(select(Store.id).where(Store.code == code))
    if found is None:
        raise NotFound("There is no store {code}.", code=code)
    return found


def _fit(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Refused("A screen has a name of 1 to {most} characters.", most=LONGEST_NAME)
    return name


def _check_look(language: str, opens: str, closes: str) -> None:
    if language not in LANGUAGES:
        raise Refused("A screen speaks both, zh or en, not {language}.", language=repr(language))
    for given in (opens, closes):
        if not _is_time(given):
            raise Refused("{given} is no time of day such as 08:00.", given=repr(given))


def _is_time(text: str) -> bool:
    try:
        return time.fromisoformat(text).strftime("%H:%M") == text
    except ValueError:
        return False
