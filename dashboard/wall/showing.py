"""The pages of the wall as pieces of HTML, in every language, and a word for what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask import render_template

from dashboard.i18n import LANGUAGES, _, speaking
from dashboard.wall.asking import Asked
from dashboard.wall.pages import PAGES
from dashboard.wall.parts import Panel

Piece = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What screens are told: `tag` is another word whenever any of the pieces differs."""

    at: datetime
    written: datetime | None
    pieces: Mapping[str, Sequence[Piece]]
    tag: str


def show(asked: Asked) -> Shown:
    """The pages of `asked` in each language."""
    pieces = {code: _said(asked, code) for code in LANGUAGES}
    tag = sha256(repr(pieces).encode()).hexdigest()[:16]
    return Shown(at=asked.scope.as_of, written=asked.written, pieces=pieces, tag=tag)


def _said(asked: Asked, code: str) -> list[Piece]:
    with speaking(code):
        return [_piece(page(asked)) for page in PAGES]


def _piece(panel: Panel) -> Piece:
    words = {"bad": _("Act now"), "warn": _("Watch"), "good": _("In order"), "quiet": ""}
    html = render_template("wall/panel.html", panel=panel, period=_("Last 13 weeks"), words=words)
    return {"code": panel.code, "title": panel.title, "tone": panel.tone, "html": html}
