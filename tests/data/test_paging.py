"""Pages of what is latest look at the days that hold them, and at no day too few."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from data.metrics.followups import listing as calls
from data.metrics.satisfaction import listing as answers
from data.paging import Days
from data.scope import Scope
from tests.factories import at, followup, response, store

FIRST, SECOND, THIRD = (date(2026, 3, day) for day in (10, 11, 12))
SCOPE = Scope(as_of=at("2026-03-16T10:00"), live=True)
FAR_EAST, FAR_WEST = ("E", "Pacific/Kiritimati"), ("W", "Etc/GMT+12")  # 26 hours apart


def test_days_are_counted_from_the_latest_on():
    days = Days.of([(FIRST, 2), (THIRD, 1), (SECOND, 3)])
    assert days.total == 6
    assert days.counts[0] == (THIRD, 1)


def first_day(days: Days, latest: int) -> date | None:
    """The first day that is looked at for so many rows; None for all."""
    found: list[date] = []

    class Day:
        def __ge__(self, one: date) -> bool:
            found.append(one)
            return True

    days.holding(Day(), latest)
    return found[0] if found else None


def test_so_many_days_are_looked_at_as_hold_the_page_and_three_more():
    days = Days.of([(FIRST, 2), (SECOND, 3), (THIRD, 1)])
    assert first_day(days, 1) == date(2026, 3, 9)
    assert first_day(days, 2) == first_day(days, 4) == date(2026, 3, 8)
    assert first_day(days, 5) == first_day(days, 6) == date(2026, 3, 7)
    assert first_day(days, 7) is None


def test_nothing_has_no_days():
    assert Days.of([]).total == 0
    assert first_day(Days.of([]), 100) is None


def test_the_latest_come_first_whatever_day_their_own_clocks_show(session):
    """At one moment it is the 12th on an island and the 10th on another."""
    for dealer in [store(session, *far) for far in (FAR_EAST, FAR_WEST)]:
        for hour in range(8):
            then = at("2026-03-11T18:00") + timedelta(hours=hour)
            there = then.astimezone(ZoneInfo(dealer.zone))
            moment = f"{there:%Y-%m-%dT%H:%M}"
            call = followup(session, dealer, moment, completed_at=moment)
            response(session, dealer, moment, 5, callback_id=call.id)
    for listing, moment in ((calls.listing, "due_at"), (answers.listing, "answered_at")):
        for start in range(17):
            page, total = listing(session, SCOPE, start=start, count=2)
            every, known = listing(session, SCOPE, start=start, count=2, sort=[(moment, True)])
            assert ([row["id"] for row in page], total) == ([row["id"] for row in every], known)
        assert total == 16
