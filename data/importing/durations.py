"""How long a call took, as dealers' systems and people write it."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from data.importing.reasons import BadValue, Doubtful
from data.importing.values import NOTHING, Manner, fold
from data.windows import LONGEST_S

WHOLE = re.compile(r"(\d{1,6})(?:\.0+)?\Z")
CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})\Z")
WORDS = re.compile(
    r"(?:(\d{1,2})(?:小时|时|h))?(?:(\d{1,4}(?:\.\d+)?)(?:分钟|分|min|m|'|′))?"
    r"(?:(\d{1,6})(?:秒钟|秒|sec|s|\"|″|''|′′))?\Z"
)


def seconds(raw: Any, manner: Manner) -> Any:
    """Whole seconds: 320, "320秒", "5分20秒", "05:20", "0:05:20", an Excel time."""
    if isinstance(raw, timedelta):
        return _checked(raw.total_seconds())
    if isinstance(raw, time) and not isinstance(raw, datetime):
        return _of_a_clock(raw)
    word = re.sub(r"\s", "", fold(raw).lower())
    if word in NOTHING:
        return None
    if found := WHOLE.match(word):
        return _checked(int(found[1]))
    if found := CLOCK.match(word):
        return _checked(_sum(found[1], found[2], found[3]))
    if (found := WORDS.match(word)) and any(found.groups()):
        return _checked(_sum(*found.groups()))
    raise BadValue("This is no length of a call. Write seconds, or 05:20 for minutes and seconds.")


def _of_a_clock(raw: time) -> Any:
    """Excel takes 05:20 for twenty past five; a call of five hours there is not."""
    if raw.hour and not raw.second:
        why = "Excel took the length for hours and minutes; it was read as minutes and seconds."
        return Doubtful(_checked(raw.hour * 60 + raw.minute), why)
    return _checked(raw.hour * 3600 + raw.minute * 60 + raw.second)


def _sum(hours: str | None, minutes: str | None, secs: str | None) -> float:
    return int(hours or 0) * 3600 + float(minutes or 0) * 60 + int(secs or 0)


def _checked(length: float) -> int:
    if not 0 <= length <= LONGEST_S:
        raise BadValue("A call lasts from 0 seconds to {hours} hours.", hours=LONGEST_S // 3600)
    return round(length)
