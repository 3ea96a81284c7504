"""Who looks at the wall: a screen by the key its browser keeps, or somebody signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, request

from dashboard import i18n, sessions, urls
from data import db, screens
from data.person import SYSTEM, Person, Right
from data.screens import Screen

COOKIE = "aftercare_screen"
KEPT_FOR = timedelta(days=400)  # the longest browsers allow; each visit begins it anew
NAMELESS = "Aftercare"  # whoever signed in, no name of a person stands on a wall
ALWAYS = "00:00"  # opens when it closes: never dim


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks, in which languages in turn, and from when to when the screen is bright."""

    person: Person
    name: str
    languages: Sequence[str]
    opens: str = ALWAYS
    closes: str = ALWAYS


def key() -> str:
    """The key this browser keeps; empty if none."""
    return request.cookies.get(COOKIE, "")


def keep(answer: Response, kept: str) -> Response:
    """The answer, with the key to be kept (from now on for as long as browsers do)."""
    if kept:
        answer.set_cookie(
            COOKIE,
            kept,
            max_age=KEPT_FOR,
            httponly=True,
            samesite="Lax",
            path=urls.wall(),
            secure=request.is_secure,
        )
    return answer


def viewer() -> Viewer | None:
    """Who looks; None if nobody who may see figures."""
    if screen := _screen():
        languages = ("zh", "en") if screen.language == "both" else (screen.language,)
        hours = {"opens": screen.opens, "closes": screen.closes}
        return Viewer(person=screen.person, name=screen.name, languages=languages, **hours)
    if not sessions.signed_in() or not sessions.current_person().may(Right.SEE_FIGURES):
        return None
    person = sessions.current_person()
    return Viewer(person=person, name=NAMELESS, languages=(i18n.language(),))


def _screen() -> Screen | None:
    if not key():
        return None
    with db.glancing(as_=SYSTEM) as session:
        return screens.screen(session, key())
