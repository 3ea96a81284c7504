"""Calendar months: back and forth without stepping over the end of a short one, and numbered."""

from calendar import monthrange
from datetime import date, timedelta

MONTHS = 12
QUARTER = 3  # months


def months_after(day: date, months: int) -> date:
    """So many calendar months later; where the month is too short, its last day."""
    year, month = divmod(month_number(day) + months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def latest_before(day: date, months: int) -> date:
    """The latest day that is `months` calendar months back: of it `months_after` is not later."""
    found = months_after(day, -months) + timedelta(days=3)
    while months_after(found, months) > day:
        found -= timedelta(days=1)
    return found


def month_number(day: date) -> int:
    """The month `day` lies in, counted through all years: year × 12 + month − 1."""
    return day.year * MONTHS + day.month - 1


def month_start(number: int) -> date:
    """The first day of the month with this number."""
    year, month = divmod(number, MONTHS)
    return date(year, month + 1, 1)
