"""What may be given to a write: only what both databases can keep, so that neither is stricter.

Each command says for itself what makes sense. This is what no command has to say: what cannot be
stored at all, wherever it stands in what was given.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Engine, ExceptionContext, String, event, inspect
from sqlalchemy.orm import Session

from data.refusals import Refused

LONGEST = 4000
LARGEST = 2**63 - 1
MOST = 10_000
UNSTORABLE = re.compile("[\0\ud800-\udfff\ufffe\uffff]")  # NUL, halves of signs, and no signs
NUL = "cannot contain NUL"  # as PostgreSQL's driver has it
FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)


def check(given: Any) -> None:
    """Refuse text, numbers and days that could not be kept, however deep they lie."""
    if isinstance(given, str):
        check_text(given)
    elif isinstance(given, int | float):
        _check_number(given)
    elif isinstance(given, date):
        _check_day(given.date() if isinstance(given, datetime) else given)
    elif isinstance(given, Collection):
        _check_each(given)


def check_text(text: str, longest: int = LONGEST) -> None:
    """Refuse text that is too long, or holds what no database or no screen takes."""
    if len(text) > longest:
        raise Refused("The text is too long: at most {most} characters.", most=longest)
    if UNSTORABLE.search(text):
        raise _unstorable()


def _unstorable() -> Refused:
    return Refused("The text holds a character that cannot be stored. Please retype it.")


def _check_number(number: float) -> None:
    if number != number:
        raise Refused("What was given as a number is none. Please check it.")
    if abs(number) > LARGEST:
        raise Refused("A number is too large to be kept. Please check it.")


def _check_day(day: date) -> None:
    if not FIRST <= day <= LAST:
        raise Refused(
            "Days are from {first} to {last}. Please check the date.", first=FIRST, last=LAST
        )


def _check_each(given: Collection[Any]) -> None:
    if len(given) > MOST:
        raise Refused("That is too many at once: at most {most}.", most=MOST)
    parts = [*given.keys(), *given.values()] if isinstance(given, Mapping) else given
    for part in parts:
        check(part)


@event.listens_for(Session, "before_flush")
def _check_lengths(session: Session, *_: object) -> None:
    """Refuse text that its column has no room for; one of the two databases would take it."""
    for row in (*session.new, *session.dirty):
        for name, longest in _texts(row.__class__):
            if isinstance(text := row.__dict__.get(name), str):
                check_text(text, longest)


@cache
def _texts(model: Any) -> list[tuple[str, int]]:
    """The columns of text of a table, with how long they may be."""
    columns = ((name, column.type) for name, column in inspect(model).columns.items())
    return [
        (name, kind.length) for name, kind in columns if isinstance(kind, String) and kind.length
    ]


@event.listens_for(Engine, "handle_error")
def _say_so_where_it_is_asked_for(context: ExceptionContext) -> None:
    """Text that cannot be kept cannot be looked for either: the same words, not a failure."""
    error = context.original_exception
    if isinstance(error, UnicodeEncodeError) or NUL in str(error):
        raise _unstorable() from None
