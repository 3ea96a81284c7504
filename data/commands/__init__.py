"""The writes. A command takes a session from `db.writing` and keywords, and never commits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from sqlalchemy.orm import Session

from data.db import person_of
from data.models import AdminEvent, Event
from data.person import Right

P = ParamSpec("P")
R = TypeVar("R")


class Refused(Exception):
    """The command was understood and declined; the message is for the person who asked.

    `sentence` is whole, with {gaps} that `gaps` fill, so that it can be said in any language.
    """

    def __init__(self, sentence: str, **gaps: object) -> None:
        self.sentence, self.gaps = sentence, gaps
        super().__init__(sentence.format(**{name: _said(gap) for name, gap in gaps.items()}))


def _said(gap: object) -> object:
    return ", ".join(map(str, gap)) if isinstance(gap, list) else gap


class Forbidden(Refused):
    """The person's role does not include this."""


class NotFound(Refused):
    """There is no such row among the stores this person may see."""


class Conflict(Refused):
    """Somebody saved in between: `since` is what they did, oldest first, `version` what is now."""

    def __init__(self, since: Sequence[Event | AdminEvent], *, version: int) -> None:
        self.since, self.version = since, version
        super().__init__("Somebody else saved this in the meantime. Nothing of yours was written.")


@dataclass(frozen=True, slots=True)
class Command:
    """A write and the right it needs."""

    name: str
    right: Right
    run: Callable[..., Any]


COMMANDS: dict[str, Command] = {}


def command(right: Right) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a write, `run(session, *, ...)`, and the right without which it is refused."""

    def declare(run: Callable[P, R]) -> Callable[P, R]:
        @wraps(run)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            require(cast(Session, args[0]), right)
            return run(*args, **kwargs)

        name = f"{run.__module__.rsplit('.', 1)[1]}.{run.__name__}"
        COMMANDS[name] = Command(name, right, guarded)
        return guarded

    return declare


def require(session: Session, right: Right) -> None:
    """Refuse unless the session's person has `right`."""
    if not person_of(session).may(right):
        raise Forbidden("Your role does not allow this.")
