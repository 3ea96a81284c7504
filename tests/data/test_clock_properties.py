"""The clock against two others: one that steps minute by minute, and the package bizdurr."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bizdurr import BusinessDuration
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data.clock import (
    Calendar,
    DayKind,
    DayRule,
    Span,
    Term,
    Unit,
    chinese_exceptions,
    due,
    elapsed,
    moment_at,
    segments,
    share_used,
)

MINUTE = timedelta(minutes=1)
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
# Weeks in which the clocks of these zones change, and the National Day of China.
WEEKS = [date(2025, 3, 5), date(2025, 3, 27), date(2025, 4, 2), date(2025, 10, 1)]
WEEKS += [date(2025, 10, 23), date(2025, 10, 30), date(2026, 10, 1)]
CHEAP = settings(deadline=None, max_examples=60)
SLOW = settings(deadline=None, max_examples=30)


# What there is to draw from


def as_time(minute):
    return time(minute // 60 % 24, minute % 60)  # 24:00 is written 00:00


@st.composite
def day_hours(draw, least=0):
    """None, one or two openings of a day."""
    count = 2 * draw(st.integers(least, 2))
    edges = st.lists(st.integers(0, 24 * 60), min_size=count, max_size=count, unique=True)
    edges = sorted(draw(edges))
    return tuple((as_time(a), as_time(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))


@st.composite
def calendars(draw):
    """A week that is open on Wednesdays at least, with exceptions around one of the weeks."""
    first = draw(st.sampled_from(WEEKS))
    week = {day: draw(day_hours()) for day in range(7)} | {2: draw(day_hours(least=1))}
    rules = []
    for offset in draw(st.sets(st.integers(0, 9), max_size=4)):
        day, hours = first + timedelta(days=offset), draw(day_hours())
        kind = draw(st.sampled_from(DayKind))
        rules.append(DayRule(day, kind, "", hours if kind is DayKind.WORKING else ()))
    zone = draw(st.sampled_from(ZONES))
    calendar = Calendar(zone=zone, week=week, exceptions={rule.day: rule for rule in rules})
    return first, calendar


def moments_from(first, days=6):
    """Whole minutes within some days."""
    start = datetime.combine(first, time(), UTC)
    return st.integers(0, days * 24 * 60).map(lambda minutes: start + minutes * MINUTE)


@st.composite
def pauses_from(draw, first, most=3):
    pairs = draw(st.lists(st.tuples(moments_from(first), moments_from(first)), max_size=most))
    return [Span(*sorted(pair)) for pair in pairs]


@st.composite
def cases(draw):
    """A calendar, two moments in order, and pauses."""
    first, calendar = draw(calendars())
    start, end = sorted([draw(moments_from(first)), draw(moments_from(first))])
    return calendar, start, end, draw(pauses_from(first))


UNITS = st.sampled_from(Unit)
BY_THE_HOUR = st.sampled_from([Unit.HOURS, Unit.DAYS, Unit.WORKING_HOURS])


# The slow and obvious clock


def open_at(calendar, minute):
    """Whether the store is open in this minute, by what its wall clock shows."""
    wall = minute.astimezone(ZoneInfo(calendar.zone))
    if wall.fold:  # shown for the second time: all of this hour is over already
        wall = wall.replace(minute=59)
    rule = calendar.exceptions.get(wall.date())
    hours = calendar.week.get(wall.weekday(), ())
    if rule:
        lent = next((week for _, week in sorted(calendar.week.items()) if week), ())
        hours = () if rule.kind is DayKind.CLOSED else rule.hours or hours or lent
    return any(a <= wall.time() and (wall.time() < b or b == time(0)) for a, b in hours)


def paused_at(pauses, minute):
    return any(pause.start <= minute < pause.end for pause in pauses)


def minutes_worked(calendar, start, pauses):
    """Each minute from the start in which the clock counts, for ever."""
    while True:
        if open_at(calendar, start) and not paused_at(pauses, start):
            yield start
        start += MINUTE


@SLOW
@given(cases())
def test_elapsed_is_what_counting_minutes_gives(case):
    calendar, start, end, pauses = case
    steps = range((end - start) // MINUTE)
    counted = sum(
        open_at(calendar, start + i * MINUTE) and not paused_at(pauses, start + i * MINUTE)
        for i in steps
    )
    assert elapsed(calendar, start, end, unit=Unit.WORKING_HOURS, pauses=pauses) == counted * MINUTE


def open_on_wednesdays(calendar):
    minutes = ((b.hour - a.hour) * 60 + b.minute - a.minute for a, b in calendar.week[2])
    return sum(length % (24 * 60) for length in minutes) * MINUTE


@SLOW
@given(cases(), st.integers(1, 4))
def test_due_is_where_counting_minutes_ends(case, hours):
    calendar, start, _, pauses = case
    assume(open_on_wednesdays(calendar) * 3 >= timedelta(hours=hours))  # else it takes months
    worked = minutes_worked(calendar, start, pauses)
    *_, last = (next(worked) for _ in range(hours * 60))
    assert due(calendar, start, Term(hours, Unit.WORKING_HOURS), pauses) == last + MINUTE


@CHEAP
@given(cases(), st.integers(1, 5))
def test_working_days_end_at_the_close_of_the_nth_open_day_after_the_start(case, amount):
    calendar, start, _, _ = case
    day = start.astimezone(ZoneInfo(calendar.zone)).date()
    for _ in range(amount):
        day += timedelta(days=1)
        while not calendar.spans(day):
            day += timedelta(days=1)
    closing = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=calendar.spans(day)[-1][1])
    assert due(calendar, start, Term(amount, Unit.WORKING_DAYS)) == closing


# bizdurr: no pauses, no lunch breaks (two of its clocks make one of ours), no due times

CHINA_DAYS = chinese_exceptions([2025, 2026])
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def their_clock(zone, hours, days_open, exceptions):
    """The clock of bizdurr for one opening a day."""
    words = {"start": f"{hours[0]:%H:%M}", "end": f"{hours[1]:%H:%M}"}
    working = [day for day, rule in exceptions.items() if rule.kind is DayKind.WORKING]
    return BusinessDuration(
        business_hours={WEEKDAYS[day]: words for day in days_open},
        business_timezone=zone,
        holidays=[day for day in exceptions if day not in working],
        overrides={day.isoformat(): words for day in working},
    )


@CHEAP
@given(
    zone=st.sampled_from(ZONES),
    edges=st.lists(st.integers(5 * 60, 23 * 60), min_size=4, max_size=4, unique=True).map(sorted),
    days_open=st.sets(st.integers(0, 6), min_size=1),
    exceptions=st.sampled_from([CHINA_DAYS, {}]),
    bounds=st.lists(
        st.datetimes(datetime(2025, 1, 2), datetime(2026, 12, 30), timezones=st.just(UTC)),
        min_size=2,
        max_size=2,
    ).map(sorted),
)
def test_elapsed_is_what_bizdurr_gives(zone, edges, days_open, exceptions, bounds):
    morning, afternoon = zip(*[iter(map(as_time, edges))] * 2, strict=True)
    week = dict.fromkeys(days_open, (morning, afternoon))
    calendar = Calendar(zone=zone, week=week, exceptions=exceptions)
    theirs = sum(
        (
            their_clock(zone, hours, days_open, exceptions).calculate(*bounds)
            for hours in (morning, afternoon)
        ),
        timedelta(0),
    )
    assert elapsed(calendar, *bounds, unit=Unit.WORKING_HOURS) == theirs


# Promises between our own answers


@CHEAP
@given(cases(), BY_THE_HOUR, st.integers(1, 60))
def test_the_whole_term_has_elapsed_when_it_is_due_and_not_before(case, unit, amount):
    calendar, start, _, pauses = case
    length = amount * (timedelta(days=1) if unit is Unit.DAYS else timedelta(hours=1))
    end = due(calendar, start, Term(amount, unit), pauses)
    assert elapsed(calendar, start, end, unit=unit, pauses=pauses) == length
    tick = timedelta(microseconds=1)
    assert elapsed(calendar, start, end - tick, unit=unit, pauses=pauses) == length - tick


@CHEAP
@given(cases(), st.integers(1, 9))
def test_all_working_days_have_elapsed_when_they_are_due(case, amount):
    calendar, start, _, pauses = case
    end = due(calendar, start, Term(amount, Unit.WORKING_DAYS), pauses)
    over = elapsed(calendar, start, end, unit=Unit.WORKING_DAYS, pauses=pauses)
    # A minute of opening may stand for a whole day, so a tick for up to a day's worth of ticks.
    assert timedelta(days=amount) <= over <= timedelta(days=amount, milliseconds=2)


@CHEAP
@given(cases(), UNITS, st.integers(1, 40))
def test_due_is_never_earlier_for_a_longer_term(case, unit, amount):
    calendar, start, _, pauses = case
    sooner, later = (due(calendar, start, Term(n, unit), pauses) for n in (amount, amount + 1))
    assert start < sooner < later


@CHEAP
@given(cases(), UNITS, st.integers(1, 40), st.data())
def test_due_is_never_earlier_for_a_further_pause(case, unit, amount, data):
    calendar, start, end, pauses = case
    further = [*pauses, Span(start, end), *data.draw(pauses_from(start.date()))]
    term = Term(amount, unit)
    assert due(calendar, start, term, pauses) <= due(calendar, start, term, further)


@CHEAP
@given(cases(), UNITS.filter(lambda unit: unit is not Unit.MONTHS), st.integers(1, 40))
def test_due_is_never_earlier_for_a_later_start(case, unit, amount):
    calendar, start, later, pauses = case
    term = Term(amount, unit)
    assert due(calendar, start, term, pauses) <= due(calendar, later, term, pauses)


@CHEAP
@given(cases(), st.integers(1, 40))
def test_months_from_a_later_start_end_less_than_a_day_earlier(case, amount):
    calendar, start, later, pauses = case
    after = [pause for pause in pauses if pause.start >= later]
    first, second = (due(calendar, at, Term(amount, Unit.MONTHS), after) for at in (start, later))
    assert first - timedelta(days=1) < second


@CHEAP
@given(cases(), UNITS, st.integers(1, 40), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_a_pause_from_the_due_moment_on_changes_nothing(case, unit, amount, length):
    calendar, start, _, pauses = case
    end = due(calendar, start, Term(amount, unit), pauses)
    assert due(calendar, start, Term(amount, unit), [Span(end, end + length), *pauses]) == end


@CHEAP
@given(cases(), UNITS, st.randoms())
def test_the_order_and_repetition_of_pauses_do_not_matter(case, unit, random):
    calendar, start, end, pauses = case
    shuffled = pauses * 2
    random.shuffle(shuffled)
    once, again = (
        elapsed(calendar, start, end, unit=unit, pauses=some) for some in (pauses, shuffled)
    )
    assert once == again


@CHEAP
@given(cases(), UNITS, st.integers(1, 40), st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted))
def test_a_greater_share_is_used_later_and_found_again(case, unit, amount, shares):
    calendar, start, _, pauses = case
    term = Term(amount, unit)
    moments = [moment_at(calendar, start, term, share, pauses) for share in shares]
    assert moments[0] <= moments[1] <= due(calendar, start, term, pauses)
    used = share_used(calendar, start, moments[1], term, pauses)
    assert shares[1] - 1e-9 <= used <= shares[1] + 1e-6


@CHEAP
@given(cases(), UNITS)
def test_segments_tell_all_of_the_time_and_add_up_to_elapsed(case, unit):
    calendar, start, end, pauses = case
    parts = segments(calendar, start, end, unit=unit, pauses=pauses)
    assert [start, *(part.end for part in parts)] == [*(part.start for part in parts), end]
    assert all(part.start < part.end for part in parts)
    assert all((a.reason, a.label) != (b.reason, b.label) for a, b in pairwise(parts))
    counted = sum((part.end - part.start for part in parts if part.counted), timedelta(0))
    if unit is not Unit.WORKING_DAYS:
        assert counted == elapsed(calendar, start, end, unit=unit, pauses=pauses)
