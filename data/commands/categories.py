"""The categories of complaints: adding, renaming and retiring them.

A category that is retired stays on the cases that have it and is offered no longer.
"""

import re
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.commands import NotFound, Refused, command, settings
from data.models import ComplaintCategory
from data.person import Right

LONGEST, LONGEST_CODE = 60, 30
NEW = "category new"  # the subject of those that had no code yet
NOBODYS = {"none", "new"}  # codes that mean something else in addresses


@command(Right.SET_TARGETS)
def add_category(
    session: Session, *, name: str, name_zh: str, parent: str | None, now: datetime
) -> str:
    """Add a main category or, below `parent` (its code), a category; its new code."""
    _begin(session)
    words = _names(name, name_zh)
    if before := settings.already(session, NEW):
        return str(before.data["code"])
    above = _found(session, parent) if parent else None
    if above is not None and (above.parent_id is not None or not above.active):
        raise Refused("Choose a main category that is in use.")
    _unlike(session, words, None)
    code = _new_code(session, words["name"])
    session.add(ComplaintCategory(code=code, parent_id=above.id if above else None, **words))
    said = {"code": code, "parent": parent, "to": words}
    settings.note(session, NEW, "category_added", version=0, now=now, **said)
    return code


@command(Right.SET_TARGETS)
def rename_category(
    session: Session, *, code: str, version: int, now: datetime, name: str, name_zh: str
) -> None:
    """Call a category otherwise, in the past too: its cases are the same."""
    _begin(session)
    row, words = _found(session, code), _names(name, name_zh)
    _unlike(session, words, row.id)
    kind = "category_renamed"
    settings.edit(session, row, _subject(code), kind, words, version=version, now=now, code=code)


@command(Right.SET_TARGETS)
def retire_category(session: Session, *, code: str, version: int, now: datetime) -> None:
    """Offer a category no longer; its cases and figures stay."""
    _begin(session)
    row = _found(session, code)
    own = ComplaintCategory
    below = select(func.count()).where(own.parent_id == row.id, own.active)
    if row.active and session.scalar(below):
        raise Refused("Retire the categories below it first.")
    _switch(session, row, False, version, now)


@command(Right.SET_TARGETS)
def restore_category(session: Session, *, code: str, version: int, now: datetime) -> None:
    """Offer a retired category again."""
    _begin(session)
    row = _found(session, code)
    above = session.get(ComplaintCategory, row.parent_id) if row.parent_id else None
    if above is not None and not above.active:
        raise Refused("Restore the main category first.")
    _switch(session, row, True, version, now)


def _switch(
    session: Session, row: ComplaintCategory, active: bool, version: int, now: datetime
) -> None:
    kind = "category_restored" if active else "category_retired"
    said, code = {"active": active}, row.code
    settings.edit(session, row, _subject(code), kind, said, version=version, now=now, code=code)


def _begin(session: Session) -> None:
    settings.for_everybody(session)
    settings.alone(session)


def _subject(code: str) -> str:
    return f"category {code}"


def _found(session: Session, code: str) -> ComplaintCategory:
    own = ComplaintCategory
    row = session.scalar(select(own).where(own.code == code).with_for_update())
    if row is None:
        raise NotFound("There is no category {code}.", code=code)
    return row


def _names(name: str, name_zh: str) -> dict[str, str]:
    """The name in both languages; one that is missing is as in the other."""
    english, chinese = (" ".join(said.split()) for said in (name, name_zh))
    if not english and not chinese:
        raise Refused("Please give the category a name, in one language at least.")
    if max(len(english), len(chinese)) > LONGEST:
        raise Refused("A name has at most {most} characters.", most=LONGEST)
    return {"name": english or chinese, "name_zh": chinese or english}


def _unlike(session: Session, words: dict[str, str], but: int | None) -> None:
    """Refuse a name that another category has: nobody could tell them apart."""
    own = ComplaintCategory
    same = (own.name == words["name"]) | (own.name_zh == words["name_zh"])
    there = select(own.name).where(same, own.id != (but or 0))
    if session.scalar(there.limit(1)) is not None:
        raise Refused("There is a category of this name already.")


def _new_code(session: Session, name: str) -> str:
    """A code nobody has, from the English name."""
    words = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:LONGEST_CODE] or "category"
    taken = NOBODYS | set(session.scalars(select(ComplaintCategory.code)))
    if words not in taken:
        return words
    return next(code for n in range(2, 10_000) if (code := f"{words}_{n}") not in taken)
