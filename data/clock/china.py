"""The Chinese public calendar: holidays and make-up working days (调休).

Source: the package `holidays`, which follows the State Council's yearly notice.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from holidays import country_holidays

from data.clock.calendar import DayKind, DayRule

SATURDAY = 5


def chinese_exceptions(years: Iterable[int], *, language: str = "zh_CN") -> dict[date, DayRule]:
    """The public holidays and make-up working days of these years, by day.

    A weekend that adjoins a holiday belongs to it, as in the notice, so that a store that is open
    on Saturdays is closed on the Saturday of the National Day week. Reasons are the holidays' names
    in the language ("zh_CN" or "en_US"); a make-up day has none. Years beyond
    `chinese_loaded_until` are an estimate without make-up days.
    """
    wanted = set(years)
    published = country_holidays(
        "CN", years=wanted | {year + 1 for year in wanted}, language=language
    )
    make_up = published.weekend_workdays
    closed = _with_weekends({day: published[day] for day in published}, make_up)
    rules = {day: DayRule(day, DayKind.CLOSED, name) for day, name in closed.items()}
    rules |= {day: DayRule(day, DayKind.WORKING) for day in make_up}
    return {day: rules[day] for day in sorted(rules) if day.year in wanted}


def chinese_loaded_until() -> date:
    """The last day of the last year whose notice the installed package knows."""
    return date(max(country_holidays("CN").special_public_holidays), 12, 31)


def _with_weekends(closed: Mapping[date, str], make_up: set[date]) -> dict[date, str]:
    """Holidays together with the free weekends right after and right before them."""
    grown = dict(closed)
    for step in (timedelta(days=1), timedelta(days=-1)):
        for holiday, name in closed.items():
            day = holiday + step
            while day.weekday() >= SATURDAY and day not in make_up and day not in closed:
                grown.setdefault(day, name)
                day += step
    return grown
