"""The dates of care: insurance, inspection, next service, birthday; and which call each has."""

from calendar import isleap
from datetime import date

from data.models import CareDate

REMINDED = (CareDate.INSURANCE, CareDate.INSPECTION, CareDate.SERVICE, CareDate.BIRTHDAY)


def next_birthday(born: date, today: date) -> date:
    """The coming one, today's included; who was born on a leap day has the 28th otherwise."""
    day = _in_year(born, today.year)
    return day if day >= today else _in_year(born, today.year + 1)


def anchor(care: str, number: int, day: date) -> str:
    """What names the call for this date: "v12 2026-03-05", or "p7 2026" for a birthday.

    `number` is the car's id, for a birthday the customer's.
    """
    return f"p{number} {day.year}" if care == CareDate.BIRTHDAY else f"v{number} {day.isoformat()}"


def call_number(rule_id: int, anchor: str, day: date) -> str:
    """The number of that call: H260305-1V12."""
    return f"H{day:%y%m%d}-{rule_id}{anchor.split()[0].upper()}"


def _in_year(born: date, year: int) -> date:
    on_the_28th = (born.month, born.day) == (2, 29) and not isleap(year)
    return date(year, 2, 28) if on_the_28th else date(year, born.month, born.day)
