"""The style sheet and the font of Bootstrap's icons, cut down to the icons that are shown."""

import re
from functools import cache
from hashlib import sha256
from importlib import resources
from io import BytesIO

from dashboard import packing
from dashboard.icons import NAMES

FONT = "fonts/bootstrap-icons.woff2"
FOLDER = "static/bootstrap5/css/font"
RULE = re.compile(r'\.bi-([\w-]+)::before\{content:"\\(\w+)"\}')
ADDRESS = re.compile(r"\.woff2?\?\w+")


def edition() -> str:
    """What the addresses of style and font carry: another one as soon as other icons are shown."""
    return sha256(" ".join(NAMES).encode()).hexdigest()[:12]


@cache
def style() -> bytes:
    """The style sheet, without the icons that nobody is shown."""
    whole = _whole("bootstrap-icons.min.css").decode()
    head, rules = RULE.split(whole, maxsplit=1)[0], RULE.finditer(whole)
    shown = [rule[0] for rule in rules if rule[1] in NAMES]
    return (ADDRESS.sub(rf"\g<0>-{edition()}", head) + "".join(shown)).encode()


@cache
def font() -> bytes | None:
    """The font, cut when Aftercare was set up; None if it was not."""
    return packing.kept(_source(), "woff2")


def keep_font() -> None:
    """Cut the font: that takes a second, so set-up does it."""
    packing.keep(_source(), "woff2", cut_font())


def cut_font() -> bytes:
    """The font with the icons of the style sheet alone."""
    from fontTools import subset  # a third of a second that only set-up needs

    options = subset.Options(flavor="woff2")
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[int(rule[2], 16) for rule in RULE.finditer(style().decode())])
    with subset.load_font(BytesIO(_whole(FONT)), options, dontLoadGlyphNames=True) as read:
        cutter.subset(read)
        subset.save_font(read, made := BytesIO(), options)
    return made.getvalue()


def _source() -> bytes:
    return _whole(FONT) + style()


def _whole(file: str) -> bytes:
    return (resources.files("flask_bootstrap") / FOLDER / file).read_bytes()
