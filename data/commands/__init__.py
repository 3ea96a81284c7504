"""The writes. A command takes a session from `db.writing` and keywords, and never commits."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from sqlalchemy.orm import Session

from data import sums  # noqa: F401  (it notes what a write makes stale)
from data.db import person_of
from data.givens import check
from data.person import Right
from data.refusals import Conflict, Forbidden, NotFound, Refused

__all__ = [
    "COMMANDS",
    "Command",
    "Conflict",
    "Forbidden",
    "NotFound",
    "Refused",
    "command",
    "require",
]

P = ParamSpec("P")
R = TypeVar("R")


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
            check([*args[1:], kwargs])
            return run(*args, **kwargs)

        name = f"{run.__module__.rsplit('.', 1)[1]}.{run.__name__}"
        COMMANDS[name] = Command(name, right, guarded)
        return guarded

    return declare


def require(session: Session, right: Right) -> None:
    """Refuse unless the session's person has `right`."""
    if not person_of(session).may(right):
        raise Forbidden("Your role does not allow this.")
