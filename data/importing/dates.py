"""Dates and times as dealers' systems and people write them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from data.importing.reasons import BadValue, Doubtful
from data.importing.values import EXCEL_ERRORS, NOTHING, Manner, Reader, fold

# "no date" as Excel and databases write it: serial 0 and its neighbours
NEVER = frozenset({"1900-01-00", "1900/1/0", "1900-1-0", "1899-12-30", "1899-12-31", "00:00:00"})
NEVER_TOO = frozenset({"0", "0.0", "0000-00-00", "0000-00-00 00:00:00", "1899-12-30 00:00:00"})
EMPTY = NOTHING | NEVER | NEVER_TOO
FIRST = date(1990, 1, 1)
SERIALS = re.compile(r"\d{1,6}(\.\d+)?\Z")
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}(:[0-9]{2})?)?\Z")
DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?\Z")
DAY = re.compile(r"(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})\s*[日号]?")
HALF = "上午|下午|中午|晚上|凌晨|早上|傍晚|am|pm|a\\.m\\.|p\\.m\\."
CLOCK = re.compile(
    rf"(?P<half>{HALF})?\s*(?P<hour>\d{{1,2}})\s*[:时点]\s*(?:(?P<minute>\d{{1,2}})\s*分?)?"
    rf"(?:\s*[:]?\s*(?P<second>\d{{1,2}})(?:\.\d+)?\s*秒?)?\s*(?P<half_after>{HALF})?"
    r"\s*(?P<zone>z|[+-]\d{2}:?\d{2})?\Z"
)
AFTERNOON = frozenset({"下午", "晚上", "傍晚", "pm", "p.m.", "中午"})
RELATIVE = re.compile("[昨今明前后]天|上周|本周|上月|本月|yesterday|today")
LUNAR = re.compile("[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]|初[一二三四五六七八九十]|农历")
LETTERS = re.compile(r"(?=.*\d)[\dOoIl\s:./-]*[OoIl][\dOoIl\s:./-]*\Z")
NO_YEAR = re.compile(r"\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?\Z")
ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}


@dataclass(frozen=True, slots=True)
class Span:
    """Which days can be true: nothing before `first`; `days_ahead` of today at most."""

    first: date = FIRST
    days_ahead: int = 1


HAPPENED = Span()
PLANNED = Span(days_ahead=40_000)
BIRTH = Span(first=date(1900, 1, 2), days_ahead=0)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a cell says, before a zone is put to it."""

    day: date
    clock: time | None = None
    zone: timezone | None = None


def day(span: Span) -> Reader:
    """A calendar day within `span`; a time beside it is left out."""

    def read(raw: Any, manner: Manner) -> Any:
        found, doubt = _find(raw, manner)
        if found is None:
            return None
        _check(found.day, span, manner)
        return Doubtful(found.day, doubt) if doubt else found.day

    return read


def moment(span: Span, *, ends_day: bool = False) -> Reader:
    """A moment within `span`, in UTC; without a zone it is the store's local time.

    A day without a time is its first second, or with `ends_day` its last: what is said to have
    ended on a day is never counted as late for an hour that nobody wrote down.
    """
    unsaid = time(23, 59, 59) if ends_day else time()

    def read(raw: Any, manner: Manner) -> Any:
        found, doubt = _find(raw, manner)
        if found is None:
            return None
        _check(found.day, span, manner)
        local = datetime.combine(found.day, found.clock or unsaid, found.zone or manner.zone)
        return Doubtful(local.astimezone(UTC), doubt) if doubt else local.astimezone(UTC)

    return read


def _check(found: date, span: Span, manner: Manner) -> None:
    if found < span.first:
        raise BadValue("{day} is too long ago to be true.", day=found.isoformat())
    if (found - manner.today).days > span.days_ahead:
        raise BadValue("{day} lies in the future.", day=found.isoformat())


def _find(raw: Any, manner: Manner) -> tuple[_Read | None, str | None]:
    if type(raw) is str and ISO.match(raw) and raw not in EMPTY and (found := _iso(raw)):
        return found, None
    if isinstance(raw, datetime):
        return _Read(raw.date(), raw.time()), None
    if isinstance(raw, date):
        return _Read(raw), None
    if isinstance(raw, (time, timedelta)):
        _refuse_time_without_day(raw)
        return None, None
    return _from_text(fold(raw).lower().lstrip("'"), manner)


def _iso(words: str) -> _Read | None:
    """The short way for what nearly all files hold; anything odd goes the long way."""
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        return None
    return _Read(found.date(), found.time() if len(words) > 10 else None)


def _refuse_time_without_day(raw: time | timedelta) -> None:
    if raw not in (time(), timedelta()):  # midnight is Excel's day 0 in a date format
        raise BadValue("There is a time but no day.")


def _from_text(words: str, manner: Manner) -> tuple[_Read | None, str | None]:
    if words in EMPTY:
        return None, None
    if digits := DIGITS.match(words):
        return _read(*digits.groups()), None
    if SERIALS.match(words):
        return _from_serial(float(words), manner), None
    found = DAY.match(words)
    if not found:
        raise _unreadable(words)
    parts, doubt = _in_order(found.groups(), "年" in words, manner.order)
    clock, zone = _clock(words[found.end() :])
    return _Read(_date(*parts), clock, zone), doubt


def _read(
    year: str, month: str, day_: str, hour: str | None, minute: str | None, second: str | None
) -> _Read:
    clock = _time(int(hour), int(minute or 0), int(second or 0)) if hour else None
    return _Read(_date(int(year), int(month), int(day_)), clock)


def _from_serial(serial: float, manner: Manner) -> _Read | None:
    if serial < 1:
        return None
    start = date(1904, 1, 1) if manner.epoch_1904 else date(1899, 12, 30)
    whole = datetime.combine(start, time()) + timedelta(seconds=round(serial * 86400))
    return _Read(whole.date(), whole.time() if serial % 1 else None)


def _in_order(
    groups: tuple[str | Any, ...], said_year: bool, order: str | None
) -> tuple[tuple[int, int, int], str | None]:
    """Year, month, day; and a doubt where a person should look."""
    first, second, third = (int(group) for group in groups)
    if len(groups[0]) == 4 or (said_year and len(groups[0]) == 2):
        return (_century(first), second, third), None
    if order and not (order == "ymd" and len(groups[2]) == 4):
        numbers = (first, second, third)
        year, month, day_ = (numbers[place] for place in ORDERS[order])
        return (_century(year), month, day_), None
    if len(groups[2]) == 4:
        return _year_last(first, second, third)
    return (_century(first), second, third), "The date was read as year/month/day."


def _year_last(first: int, second: int, year: int) -> tuple[tuple[int, int, int], str | None]:
    if first > 12 >= second:
        return (year, second, first), "The date was read as day/month/year."
    if second > 12 >= first:
        return (year, first, second), "The date was read as month/day/year."
    raise BadValue(
        "Nobody can tell the day from the month here. Write 2025-03-05, or say the order in the "
        'mapping: [dates] order = "dmy" or "mdy".'
    )


def _century(year: int) -> int:
    return year + 2000 if year < 100 else year


def _date(year: int, month: int, day_: int) -> date:
    try:
        return date(year, month, day_)
    except ValueError:
        raise BadValue("There is no such day in the calendar.") from None


def _clock(words: str) -> tuple[time | None, timezone | None]:
    words = re.sub(r"\A(星期[一二三四五六日天]|周[一二三四五六日])", "", words.lstrip(" t,，"))
    if not words.strip():
        return None, None
    found = CLOCK.match(words.strip())
    if not found:
        raise BadValue("The time of day cannot be read. Write 14:30.")
    hour = _hour(int(found["hour"]), found["half"] or found["half_after"])
    return _time(hour, int(found["minute"] or 0), int(found["second"] or 0)), _zone(found["zone"])


def _hour(hour: int, half: str | None) -> int:
    if half in AFTERNOON and hour < 12 and not (half == "中午" and hour > 3):
        return hour + 12
    return 0 if half in ("上午", "am", "a.m.", "凌晨") and hour == 12 else hour


def _time(hour: int, minute: int, second: int) -> time:
    try:
        return time(hour, minute, second)
    except ValueError:
        raise BadValue("There is no such time of day.") from None


def _zone(words: str | None) -> timezone | None:
    if words is None or words == "z":
        return UTC if words else None
    sign = -1 if words[0] == "-" else 1
    hours, minutes = int(words[1:3]), int(words[-2:])
    if hours > 14 or minutes > 59:
        raise BadValue("There is no such time zone.")
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def _unreadable(words: str) -> BadValue:
    for pattern, sentence in (
        (LETTERS, "There is a letter (O, I or l) in place of a digit."),
        (RELATIVE, "A word like 昨天 says no day. Write the date, for example 2025-03-05."),
        (LUNAR, "A date of the lunar calendar cannot be read. Write it as 2025-03-05."),
        (NO_YEAR, "The date has no year. Write it as 2025-03-05."),
    ):
        if pattern.search(words) if pattern is not NO_YEAR else pattern.match(words):
            return BadValue(sentence)
    if words.upper() in EXCEL_ERRORS:
        return BadValue("The cell shows an Excel error.")
    return BadValue("This is not a date. Write it as 2025-03-05.")
