"""Numbers, days and durations as people write them, in the reader's language."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from math import isnan
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from dashboard.i18n import _, language

NOTHING = "–"
MOST = 5_000  # of each kind of words that a process remembers: charts repeat them
WHOLE = ("complaints", "orders", "customers", "vehicles", "callbacks", "actions")
PATTERNS = {
    "en": {
        "day": "d MMM y",
        "short": "d MMM",
        "month": "MMM y",
        "short-month": "MMM",
        "axis-month": "MMM y",
        "moment": "d MMM y, HH:mm",
        "short-moment": "d MMM, HH:mm",
    },
    "zh": {
        "day": "y年M月d日",
        "short": "M月d日",
        "month": "y年M月",
        "short-month": "M月",
        "axis-month": "y/M",
        "moment": "y年M月d日 HH:mm",
        "short-moment": "M月d日 HH:mm",
    },
}


def missing(value: Any) -> bool:
    """Whether there is no value: None, NaN or NaT."""
    return value is None or value != value or (isinstance(value, float) and isnan(value))


def number(value: float | None, digits: int = 0) -> str:
    """1,234 or, with digits=1, 1,234.5."""
    if missing(value) or value is None:
        return NOTHING
    return _number(value, digits, language())


def percent(value: float | None, digits: int = 1) -> str:
    """A share of 0 to 1 as 91.2%."""
    if missing(value) or value is None:
        return NOTHING
    return _percent(value, digits, language())


@lru_cache(MOST)
def _number(value: float, digits: int, code: str) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, pattern, locale=code)


@lru_cache(MOST)
def _percent(value: float, digits: int, code: str) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    return format_percent(value, pattern, locale=code)


@lru_cache(MOST)
def _day(value: date, style: str, code: str) -> str:
    return format_date(value, PATTERNS[code][style], locale=code)


def points(value: float | None) -> str:
    """A difference of shares as +12.3 points."""
    return NOTHING if missing(value) else _("{n} points", n=in_points(value))


def in_points(value: float | None) -> str:
    """The same as a number alone: +12.3."""
    if missing(value) or value is None:
        return NOTHING
    return ("−" if value < 0 else "+") + number(abs(value) * 100, 1)


def day(value: date | None, style: str = "day") -> str:
    """22 Nov 2026; styles: "short", "month" and "short-month" leave parts out."""
    if missing(value) or value is None:
        return NOTHING
    return _day(value, style, language())


def period(first: date, grain: str) -> str:
    """The month or quarter that begins on `first`: Jan 2026, or Q1 2026."""
    if grain == "quarter":
        return _("Q{quarter} {year}", quarter=(first.month + 2) // 3, year=first.year)
    return day(first, "month")


def moment(value: datetime | None, zone: str, style: str = "moment") -> str:
    """22 Nov 2026, 10:05 by the clocks of `zone`; style "short-moment" leaves the year out."""
    if missing(value) or value is None:
        return NOTHING
    local = value.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0, tzinfo=None)
    return _moment(local, style, language())


@lru_cache(MOST)
def _moment(local: datetime, style: str, code: str) -> str:
    return format_datetime(local, PATTERNS[code][style], locale=code)


def duration(value: timedelta | None) -> str:
    """3 d 4 h, 5 h 20 min or 12 min; a minus in front when it is over."""
    if missing(value) or value is None:
        return NOTHING
    minutes = int(abs(value).total_seconds() // 60)
    sign = "−" if value < timedelta(0) and minutes else ""
    return sign + _parts(*divmod(minutes, 60))


def days(value: float | None) -> str:
    """A number of days as a duration."""
    return NOTHING if missing(value) or value is None else duration(timedelta(days=value))


def hours(value: float | None) -> str:
    """A number of hours as a duration."""
    return NOTHING if missing(value) or value is None else duration(timedelta(hours=value))


def money(fen: int | None) -> str:
    """Whole fen as ¥1,234.50."""
    return NOTHING if missing(fen) or fen is None else f"¥{number(fen / 100, 2)}"


def yuan(value: float | None) -> str:
    """Yuan as ¥12,345; from a million on (in Chinese from 10,000) shortened: ¥1.2m, 12.3万元."""
    if missing(value) or value is None:
        return NOTHING
    if language() == "zh":
        return f"{number(value / 10_000, 1)}万元" if abs(value) >= 10_000 else f"{number(value)}元"
    return f"¥{number(value / 1e6, 1)}m" if abs(value) >= 1e6 else f"¥{number(value)}"


def masked_phone(number: str) -> str:
    """A phone number with its middle hidden: 199****0050."""
    return f"{number[:3]}****{number[-4:]}" if len(number) > 7 else "****"


def masked_name(name: str) -> str:
    """A name of which only the first sign is shown."""
    return f"{name[:1]}**"


def masked_plate(plate: str) -> str:
    """A plate of which only the place is shown: 云Z***."""
    return f"{plate[:2]}***"


def _parts(hours: int, minutes: int) -> str:
    if hours >= 24 and hours % 24 == 0:
        return _("{days} d", days=hours // 24)
    if hours >= 24:
        return _("{days} d {hours} h", days=hours // 24, hours=hours % 24)
    if hours:
        return _("{hours} h {minutes} min", hours=hours, minutes=minutes)
    return _("{minutes} min", minutes=minutes)


def measure(value: float | None, unit: str) -> str:
    """A metric's value in its unit: "share", "days", "hours", "yuan" or a plain count."""
    if unit == "share":
        return percent(value)
    if unit == "yuan":
        return yuan(value)
    if unit == "days":
        return days(value)
    if unit == "hours":
        return hours(value)
    return number(value, 0 if unit in WHOLE else 1)


def aim(value: float, unit: str) -> str:
    """A target in its unit, without decimals that nobody set."""
    if unit == "share":
        return percent(value, 0 if round(value * 100, 6).is_integer() else 1)
    return number(value, 0 if float(value).is_integer() else 1)
