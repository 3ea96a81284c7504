"""Words: English in the code, Chinese in locale/zh, chosen anew for each request.

A sentence is whole, with {gaps} that are filled after it was translated.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, has_app_context, has_request_context, request
from flask.ctx import AppContext

LANGUAGES = {"en": "English", "zh": "简体中文"}
HTML_NAMES = {"en": "en", "zh": "zh-CN"}
COOKIE = "lang"
SPOKEN = "spoken"  # where a request keeps what it speaks
_BIDDEN: ContextVar[str | None] = ContextVar("bidden", default=None)  # whoever asks
LOCALE = Path(__file__).parent / "locale"


def init(server: Flask, default: str | None) -> None:
    """Let every request speak its reader's language: cookie, then `default`, then browser."""
    flask_babel.Babel(server, locale_selector=lambda: _wanted(default))


def language() -> str:
    """The code of the language spoken now; English outside a request."""
    return _BIDDEN.get() or (g.get(SPOKEN) or _look_up() if has_app_context() else "en")


def _look_up() -> str:
    """What Babel says, kept with the request: it is asked for at every word."""
    spoken = flask_babel.get_locale()
    code = spoken.language if spoken and spoken.language in LANGUAGES else "en"
    setattr(g, SPOKEN, code)
    return code


def _(sentence: str, **gaps: object) -> str:
    """`sentence` in the reader's language, its {gaps} filled."""
    said = catalog(language()).gettext(sentence) if sentence else ""
    return said.format(**gaps) if gaps else said


def later(sentence: str) -> str:
    """A sentence that is written down here and said, in the reader's language, elsewhere."""
    return sentence


def several(one: str, many: str, *, n: int, **gaps: object) -> str:
    """`one` or `many`, by `n`, which is itself a gap; Chinese has one form and uses `many`'s."""
    return _(one if n == 1 and language() == "en" else many, n=f"{n:,}", **gaps)


@cache
def catalog(code: str) -> NullTranslations:
    """The translations into the language `code`, compiled from its .po file."""
    file = LOCALE / code / "LC_MESSAGES" / "messages.po"
    if not file.exists():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak this language for a while, also where nobody asked from a browser."""
    before = _BIDDEN.set(code)
    try:
        with flask_babel.force_locale(code) if has_app_context() else _bare(code):
            yield
    finally:
        _BIDDEN.reset(before)


def _bare(code: str) -> AppContext:
    """A place in which Babel finds the language."""
    bare = Flask(__name__)
    flask_babel.Babel(bare, default_locale=code)
    return bare.app_context()


def _wanted(default: str | None) -> str:
    if not has_request_context():
        return default or "en"
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return default or request.accept_languages.best_match(list(LANGUAGES)) or "en"
