"""The clock by hand: real dates, counted on paper."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from data.clock import (
    Calendar,
    DayKind,
    DayRule,
    Reason,
    Span,
    Term,
    Unit,
    chinese_exceptions,
    chinese_loaded_until,
    due,
    elapsed,
    moment_at,
    segments,
    share_used,
    warning,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY_HOURS = ((time(8, 30), time(12)), (time(13, 30), time(18)))  # 3.5 + 4.5 = 8 hours
WEEK = dict.fromkeys(range(5), DAY_HOURS)
CHINA = Calendar(
    week=WEEK, exceptions=chinese_exceptions([2025, 2026]), loaded_until=date(2026, 12, 31)
)
HOUR = Term(1, Unit.WORKING_HOURS)


def at(text, zone=SHANGHAI):
    """A moment on the wall clock of a store."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def worked(start, end, calendar=CHINA, pauses=()):
    return elapsed(calendar, at(start), at(end), unit=Unit.WORKING_HOURS, pauses=pauses)


def pause(start, end, label=""):
    return Span(at(start), at(end), label)


def days(*texts):
    """Days written as 2025-01-28 or, with both ends, as 2025-01-28/2025-02-04."""
    for text in texts:
        first, _, last = text.partition("/")
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last or first):
            yield day
            day += timedelta(days=1)


# Days off and days made up, as the State Council announced them for each year.

DAYS_OFF = {
    2025: [
        *("2025-01-01", "2025-01-28/2025-02-04", "2025-04-04/2025-04-06"),
        *("2025-05-01/2025-05-05", "2025-05-31/2025-06-02", "2025-10-01/2025-10-08"),
    ],
    2026: [
        *("2026-01-01/2026-01-03", "2026-02-15/2026-02-23", "2026-04-04/2026-04-06"),
        *("2026-05-01/2026-05-05", "2026-06-19/2026-06-21", "2026-09-25/2026-09-27"),
        "2026-10-01/2026-10-07",
    ],
}
MADE_UP = {
    2025: ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"],
    2026: [
        *("2026-01-04", "2026-02-14", "2026-02-28"),
        *("2026-05-09", "2026-09-20", "2026-10-10"),
    ],
}


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_chinese_calendar_is_the_published_one(year):
    rules = chinese_exceptions([year])
    for kind, listed in (DayKind.CLOSED, DAYS_OFF), (DayKind.WORKING, MADE_UP):
        assert [d for d, rule in rules.items() if rule.kind is kind] == [*days(*listed[year])]


def test_years_are_loaded_alike_alone_and_together():
    both = chinese_exceptions([2025]) | chinese_exceptions([2026])
    assert both == chinese_exceptions([2025, 2026])


def test_a_saturday_in_december_belongs_to_the_new_year_of_the_next_notice():
    assert chinese_exceptions([2022])[date(2022, 12, 31)].kind is DayKind.CLOSED


def test_a_weekend_within_a_holiday_bears_its_name():
    assert chinese_exceptions([2025])[date(2025, 10, 4)].reason == "国庆节"
    english = chinese_exceptions([2025], language="en_US")
    assert english[date(2025, 10, 4)].reason == "National Day"


def test_2027_is_not_loaded_and_warned_about():
    assert chinese_loaded_until() >= date(2026, 12, 31)
    assert not warning(CHINA, date(2026, 12, 31))
    assert warning(CHINA, date(2027, 1, 1))


def test_a_calendar_of_which_nobody_says_how_far_it_is_loaded_always_warns():
    assert warning(Calendar(week=WEEK), date(2025, 1, 2))


# Working hours


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2025-03-03 08:30", "2025-03-03 18:00", 8),  # a whole Monday
        ("2025-03-03 11:30", "2025-03-03 14:00", 1),  # over lunch
        ("2025-03-03 12:10", "2025-03-03 13:20", 0),  # at lunch
        ("2025-03-03 00:00", "2025-03-10 00:00", 40),  # a week
        ("2025-03-07 17:00", "2025-03-10 09:30", 2),  # over a weekend
        ("2025-03-03 17:00", "2025-03-03 17:00", 0),  # nothing
        ("2025-03-03 17:00", "2025-03-03 09:00", 0),  # answered before it was asked
        ("2025-02-08 00:00", "2025-02-09 00:00", 8),  # a Saturday that makes up
        ("2025-01-26 00:00", "2025-01-27 00:00", 8),  # a Sunday that makes up
        ("2025-09-29 00:00", "2025-10-13 00:00", 40),  # 29, 30 Sept; 9, 10, Sat 11 Oct
        ("2025-01-27 00:00", "2025-02-10 00:00", 40),  # 27 Jan; 5, 6, 7, Sat 8 Feb
        ("2025-12-31 08:30", "2026-01-05 08:30", 16),  # 31 Dec and Sunday 4 January
    ],
)
def test_working_hours_are_counted(start, end, hours):
    assert worked(start, end) == timedelta(hours=hours)


def test_a_year_has_248_working_days():
    # 365 days, less 104 of weekends, less 18 weekdays off, and 5 weekend days made up.
    assert worked("2025-01-01 00:00", "2026-01-01 00:00") == timedelta(hours=248 * 8)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2025-03-03 09:00", 2, "2025-03-03 11:00"),
        ("2025-03-03 11:00", 2, "2025-03-03 14:30"),  # lunch
        ("2025-03-03 11:00", 1, "2025-03-03 12:00"),  # the close, not the next opening
        ("2025-03-03 20:00", 1, "2025-03-04 09:30"),  # begins at the next opening
        ("2025-03-03 06:00", 8, "2025-03-03 18:00"),
        ("2025-03-07 16:00", 4, "2025-03-10 10:30"),  # weekend
        ("2025-02-07 16:00", 4, "2025-02-08 10:30"),  # a Saturday that makes up
        ("2025-09-30 17:00", 4, "2025-10-09 11:30"),  # National Day
        ("2025-12-31 17:00", 4, "2026-01-04 11:30"),  # New Year; Sunday the 4th makes up
    ],
)
def test_working_hours_end_where_they_should(start, hours, end):
    assert due(CHINA, at(start), Term(hours, Unit.WORKING_HOURS)) == at(end)


def test_a_due_time_is_in_utc():
    assert due(CHINA, at("2025-03-03 09:00"), HOUR).tzinfo is UTC


def test_a_store_open_on_saturdays_is_closed_on_the_saturday_of_national_day():
    seven_days = Calendar(
        week=dict.fromkeys(range(7), DAY_HOURS), exceptions=chinese_exceptions([2025])
    )
    assert worked("2025-10-04 00:00", "2025-10-06 00:00", seven_days) == timedelta(0)
    assert worked("2025-10-09 00:00", "2025-10-13 00:00", seven_days) == timedelta(hours=32)


def test_the_admin_overrides_the_public_calendar():
    own = {
        date(2025, 10, 8): DayRule(date(2025, 10, 8), DayKind.WORKING, "早开业"),
        date(2025, 10, 9): DayRule(
            date(2025, 10, 9), DayKind.WORKING, "盘点", ((time(8, 30), time(10)),)
        ),
        date(2025, 10, 10): DayRule(date(2025, 10, 10), DayKind.CLOSED, "停电"),
    }
    ours = Calendar(week=WEEK, exceptions=chinese_exceptions([2025]) | own)
    assert worked("2025-10-06 00:00", "2025-10-11 00:00", ours) == timedelta(hours=9.5)


def test_a_make_up_day_keeps_the_hours_of_its_weekday_if_it_has_any():
    saturday, sunday = (DayRule(date(2025, 2, day), DayKind.WORKING) for day in (8, 9))
    short = Calendar(
        week=WEEK | {5: ((time(9), time(12)),)},
        exceptions={saturday.day: saturday, sunday.day: sunday},
    )
    assert worked("2025-02-08 00:00", "2025-02-09 00:00", short) == timedelta(hours=3)
    assert worked("2025-02-09 00:00", "2025-02-10 00:00", short) == timedelta(hours=8)


def test_a_round_the_clock_calendar_counts_like_real_time():
    always = Calendar(week=dict.fromkeys(range(7), ((time(0), time(0)),)))
    assert worked("2025-03-01 07:11", "2025-03-09 03:05", always) == timedelta(days=8) - timedelta(
        hours=4, minutes=6
    )


def test_the_far_past_and_the_far_future_are_counted():
    plain = Calendar(week=WEEK, zone="Europe/Berlin")
    assert worked("1990-01-01 00:00", "1990-01-08 00:00", plain) == timedelta(hours=40)
    # 5,740 weeks from Monday 1 January 1990 to Monday 4 January 2100.
    assert worked("1990-01-01 00:00", "2100-01-04 00:00", plain) == timedelta(hours=5740 * 40)


# Real time


@pytest.mark.parametrize("unit", [Unit.HOURS, Unit.DAYS])
def test_real_time_runs_through_nights_and_holidays(unit):
    start, end = at("2025-10-01 09:00"), at("2025-10-02 09:00")
    assert elapsed(CHINA, start, end, unit=unit) == timedelta(days=1)
    assert due(CHINA, start, Term(24, Unit.HOURS)) == end
    assert due(CHINA, start, Term(1, Unit.DAYS)) == end


def test_a_day_is_24_hours_also_when_the_clocks_change():
    berlin = ZoneInfo("Europe/Berlin")
    calendar = Calendar(zone="Europe/Berlin", week=WEEK)
    end = due(calendar, at("2025-03-29 12:00", berlin), Term(1, Unit.DAYS))
    assert end == at("2025-03-30 13:00", berlin)


# Calendar months


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2025-01-31 16:20", 1, "2025-02-28 16:20"),
        ("2024-01-31 16:20", 1, "2024-02-29 16:20"),
        ("2025-01-30 00:00", 1, "2025-02-28 00:00"),
        ("2025-05-31 08:00", 1, "2025-06-30 08:00"),
        ("2025-11-30 08:00", 3, "2026-02-28 08:00"),
        ("2025-12-15 08:00", 1, "2026-01-15 08:00"),
        ("2025-01-15 08:00", 24, "2027-01-15 08:00"),
    ],
)
def test_months_end_on_the_same_day_or_the_last(start, months, end):
    assert due(CHINA, at(start), Term(months, Unit.MONTHS)) == at(end)


def test_at_the_end_of_a_month_the_time_of_day_decides_which_ends_first():
    month = Term(1, Unit.MONTHS)
    assert due(CHINA, at("2025-10-30 08:00"), month) == at("2025-11-30 08:00")
    assert due(CHINA, at("2025-10-31 07:00"), month) == at("2025-11-30 07:00")


def test_a_month_is_that_of_the_store_not_of_utc():
    start = at("2025-03-01 06:00")  # still February in UTC
    assert due(CHINA, start, Term(1, Unit.MONTHS)) == at("2025-04-01 06:00")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2025-02-28 12:00", "2025-03-28 12:00"),
        ("2025-03-15 12:00", "2025-04-15 12:00"),  # summer time in between
        ("2025-02-28 02:30", "2025-03-28 02:30"),
    ],
)
def test_a_month_keeps_the_time_of_day_when_the_clocks_change(start, end):
    berlin = ZoneInfo("Europe/Berlin")
    calendar = Calendar(zone="Europe/Berlin", week=WEEK)
    assert due(calendar, at(start, berlin), Term(1, Unit.MONTHS)) == at(end, berlin)


def test_a_month_that_ends_in_the_hour_the_clocks_skip_ends_as_they_skip_it():
    berlin = ZoneInfo("Europe/Berlin")
    calendar = Calendar(zone="Europe/Berlin", week=WEEK)
    end = due(calendar, at("2026-02-28 02:30", berlin), Term(1, Unit.MONTHS))
    assert end == at("2026-03-28 02:30", berlin)
    end = due(calendar, at("2026-01-29 02:30", berlin), Term(2, Unit.MONTHS))
    assert end == datetime(2026, 3, 29, 1, tzinfo=UTC)  # 02:00 becomes 03:00


def test_a_pause_moves_a_month_by_its_real_length():
    stood = [pause("2025-02-10 09:00", "2025-02-12 21:00")]
    end = due(CHINA, at("2025-01-31 16:20"), Term(1, Unit.MONTHS), stood)
    assert end == at("2025-03-03 04:20")


# Working days


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ("2025-03-03 09:00", 1, "2025-03-04 18:00"),  # the day it came in is not counted
        ("2025-03-03 23:59", 1, "2025-03-04 18:00"),
        ("2025-03-03 09:00", 3, "2025-03-06 18:00"),
        ("2025-03-07 09:00", 1, "2025-03-10 18:00"),  # Friday to Monday
        ("2025-03-08 09:00", 1, "2025-03-10 18:00"),  # Saturday to Monday
        ("2025-02-07 09:00", 1, "2025-02-08 18:00"),  # to a Saturday that makes up
        ("2025-09-30 09:00", 3, "2025-10-11 18:00"),  # 9, 10 and Saturday 11 October
        ("2025-12-31 09:00", 1, "2026-01-04 18:00"),  # Sunday makes up for New Year
    ],
)
def test_working_days_end_at_the_close_of_the_last_one(start, amount, end):
    assert due(CHINA, at(start), Term(amount, Unit.WORKING_DAYS)) == at(end)


def test_a_half_day_is_a_working_day_too():
    six_days = Calendar(week=WEEK | {5: ((time(9), time(12)),)})
    end = due(six_days, at("2025-03-07 10:00"), Term(1, Unit.WORKING_DAYS))
    assert end == at("2025-03-08 12:00")


def test_half_a_paused_day_moves_working_days_by_half_a_day():
    stood = [pause("2025-03-04 14:00", "2025-03-05 00:00")]  # the last 4 of 8 hours
    end = due(CHINA, at("2025-03-03 09:00"), Term(1, Unit.WORKING_DAYS), stood)
    assert end == at("2025-03-05 14:00")  # 3.5 hours of the morning and half an hour


def test_a_pause_on_the_day_it_came_in_moves_no_working_day():
    stood = [pause("2025-03-03 10:00", "2025-03-03 17:00")]
    end = due(CHINA, at("2025-03-03 09:00"), Term(1, Unit.WORKING_DAYS), stood)
    assert end == at("2025-03-04 18:00")


@pytest.mark.parametrize(
    ("end", "counted"),
    [
        ("2025-03-03 18:00", timedelta(0)),
        ("2025-03-04 14:00", timedelta(days=0.5)),
        ("2025-03-05 18:00", timedelta(days=2)),
        ("2025-03-09 12:00", timedelta(days=4)),
    ],
)
def test_working_days_elapsed_are_told_in_days(end, counted):
    start = at("2025-03-03 09:00")
    assert elapsed(CHINA, start, at(end), unit=Unit.WORKING_DAYS) == counted


# Pauses


def test_a_pause_moves_the_end_by_the_working_time_it_took():
    stood = [pause("2025-03-03 11:00", "2025-03-03 14:00")]  # 1.5 working hours
    end = due(CHINA, at("2025-03-03 10:00"), Term(4, Unit.WORKING_HOURS), stood)
    assert end == at("2025-03-03 17:00")
    assert worked("2025-03-03 10:00", "2025-03-03 17:00", pauses=stood) == timedelta(hours=4)


def test_overlapping_pauses_count_once_in_any_order():
    stood = [
        pause("2025-03-03 10:30", "2025-03-03 11:30"),
        pause("2025-03-03 10:00", "2025-03-03 11:00"),
        pause("2025-03-03 10:15", "2025-03-03 10:45"),
    ]
    assert worked("2025-03-03 09:00", "2025-03-03 12:00", pauses=stood) == timedelta(hours=1.5)


def test_a_pause_at_night_moves_no_working_hour():
    stood = [pause("2025-03-03 18:00", "2025-03-04 08:30")]
    assert due(CHINA, at("2025-03-03 17:30"), HOUR, stood) == at("2025-03-04 09:00")


@pytest.mark.parametrize("began", ["2025-03-03 10:00", "2025-03-03 10:30"])
def test_a_pause_after_the_end_changes_nothing(began):
    late = [pause(began, "2025-03-05 10:00")]
    assert due(CHINA, at("2025-03-03 09:00"), HOUR, late) == at("2025-03-03 10:00")


def test_a_pause_from_before_the_start_holds_the_start_back():
    stood = [pause("2025-03-01 00:00", "2025-03-03 10:00")]
    assert due(CHINA, at("2025-03-03 09:00"), Term(24, Unit.HOURS), stood) == at("2025-03-04 10:00")


# Shares


def test_half_and_three_quarters_of_a_term():
    start, day = at("2025-03-03 09:00"), Term(24, Unit.HOURS)
    assert moment_at(CHINA, start, day, 0) == start
    assert moment_at(CHINA, start, day, 0.5) == at("2025-03-03 21:00")
    assert moment_at(CHINA, start, day, 0.75) == at("2025-03-04 03:00")
    assert moment_at(CHINA, start, day, 1) == due(CHINA, start, day)


def test_a_share_is_never_used_a_moment_too_early():
    start = at("2025-03-03 09:00")
    assert moment_at(CHINA, start, Term(1, Unit.HOURS), 1 / 3) == at("2025-03-03 09:20")


def test_half_of_a_working_term_lies_in_working_time():
    four = Term(4, Unit.WORKING_HOURS)
    assert moment_at(CHINA, at("2025-03-03 11:00"), four, 0.5) == at("2025-03-03 14:30")


def test_the_share_used_grows_beyond_one_when_late():
    start, month = at("2025-02-01 00:00"), Term(1, Unit.MONTHS)  # 28 days
    assert share_used(CHINA, start, at("2025-02-15 00:00"), month) == 0.5
    assert share_used(CHINA, start, at("2025-03-29 00:00"), month) == 2.0


def test_a_pause_holds_the_share_used():
    stood = [pause("2025-02-08 00:00", "2025-02-15 00:00")]
    month = Term(1, Unit.MONTHS)
    assert share_used(CHINA, at("2025-02-01 00:00"), at("2025-02-15 00:00"), month, stood) == 0.25


# Clocks that change


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2025-03-30", 5),  # 00:00 to 06:00, an hour skipped
        ("Europe/Berlin", "2025-10-26", 7),  # an hour twice
        ("America/New_York", "2025-03-09", 5),
        ("America/New_York", "2025-11-02", 7),
        ("Asia/Shanghai", "2025-03-30", 6),
    ],
)
def test_a_night_shift_is_as_long_as_the_night(zone, day, hours):
    calendar = Calendar(zone=zone, week=dict.fromkeys(range(7), ((time(0), time(6)),)))
    start = at(day, ZoneInfo(zone))
    counted = elapsed(calendar, start, start + timedelta(days=1), unit=Unit.WORKING_HOURS)
    assert counted == timedelta(hours=hours)


def test_an_opening_in_the_hour_that_is_skipped_is_the_skip():
    hours = ((time(2, 15), time(2, 45)), (time(2, 50), time(3, 30)))
    calendar = Calendar(zone="Europe/Berlin", week=dict.fromkeys(range(7), hours))
    start = at("2025-03-30", ZoneInfo("Europe/Berlin"))
    told = segments(calendar, start, start + timedelta(hours=6), unit=Unit.WORKING_HOURS)
    (open_,) = [part for part in told if part.counted]
    assert open_.start == datetime(2025, 3, 30, 1, 0, tzinfo=UTC)  # 03:00 in summer time
    assert open_.end == datetime(2025, 3, 30, 1, 30, tzinfo=UTC)


# Why it stands here


def told(start, end, unit=Unit.WORKING_HOURS, pauses=(), calendar=CHINA):
    """Segments as (start, reason, label) on the wall clock, and the end of the last."""
    parts = segments(calendar, at(start), at(end), unit=unit, pauses=pauses)
    rows = [
        (f"{part.start.astimezone(SHANGHAI):%m-%d %H:%M}", part.reason, part.label)
        for part in parts
    ]
    return rows, f"{parts[-1].end.astimezone(SHANGHAI):%m-%d %H:%M}"


def test_a_weekend_a_holiday_and_a_make_up_day_are_told():
    rows, end = told("2025-09-26 16:00", "2025-10-09 09:00")
    day = [Reason.LUNCH_BREAK, Reason.WORKING, Reason.OUTSIDE_HOURS]
    assert [reason for _, reason, _ in rows] == [
        *[Reason.WORKING, Reason.OUTSIDE_HOURS],
        *[Reason.WEEKEND, Reason.OUTSIDE_HOURS],
        *[Reason.MAKE_UP_DAY, Reason.LUNCH_BREAK, Reason.MAKE_UP_DAY, Reason.OUTSIDE_HOURS],
        *[Reason.WORKING, *day],
        *[Reason.WORKING, *day],
        *[Reason.HOLIDAY] * 4,  # National Day, Mid-Autumn, two days made up for
        *[Reason.OUTSIDE_HOURS, Reason.WORKING],
    ]
    assert rows[2] == ("09-27 00:00", Reason.WEEKEND, "")
    assert rows[4] == ("09-28 08:30", Reason.MAKE_UP_DAY, "")
    assert ("10-01 00:00", Reason.HOLIDAY, "国庆节") in rows
    assert ("10-06 00:00", Reason.HOLIDAY, "中秋节") in rows
    assert end == "10-09 09:00"


def test_a_pause_is_told_with_its_label_over_nights_and_breaks():
    rows, _ = told(
        "2025-03-03 11:00",
        "2025-03-04 09:00",
        pauses=[
            pause("2025-03-03 14:00", "2025-03-03 16:00", "waiting for the customer"),
            pause("2025-03-03 15:00", "2025-03-04 08:45", "waiting for parts"),
        ],
    )
    assert rows == [
        ("03-03 11:00", Reason.WORKING, ""),
        ("03-03 12:00", Reason.LUNCH_BREAK, ""),
        ("03-03 13:30", Reason.WORKING, ""),
        ("03-03 14:00", Reason.PAUSE, "waiting for the customer"),
        ("03-03 16:00", Reason.PAUSE, "waiting for parts"),
        ("03-04 08:45", Reason.WORKING, ""),
    ]


def test_real_time_is_told_as_running_but_for_its_pauses():
    stood = [pause("2025-10-02 00:00", "2025-10-03 00:00", "away")]
    rows, end = told("2025-10-01 00:00", "2025-10-04 00:00", Unit.HOURS, stood)
    assert rows == [
        ("10-01 00:00", Reason.RUNNING, ""),
        ("10-02 00:00", Reason.PAUSE, "away"),
        ("10-03 00:00", Reason.RUNNING, ""),
    ]
    assert end == "10-04 00:00"


def test_working_days_tell_that_the_day_it_came_in_is_not_counted():
    rows, _ = told("2025-03-03 11:00", "2025-03-04 09:00", Unit.WORKING_DAYS)
    assert rows == [
        ("03-03 11:00", Reason.START_DAY, ""),
        ("03-04 00:00", Reason.OUTSIDE_HOURS, ""),
        ("03-04 08:30", Reason.WORKING, ""),
    ]


def test_other_hours_are_told_with_their_reason():
    short = DayRule(date(2025, 3, 4), DayKind.WORKING, "stock-taking", ((time(9), time(12)),))
    calendar = Calendar(week=WEEK, exceptions={short.day: short})
    rows, _ = told("2025-03-04 00:00", "2025-03-05 00:00", calendar=calendar)
    assert rows == [
        ("03-04 00:00", Reason.OUTSIDE_HOURS, ""),
        ("03-04 09:00", Reason.WORKING, "stock-taking"),
        ("03-04 12:00", Reason.OUTSIDE_HOURS, ""),
    ]


def test_no_time_has_no_segments():
    now = at("2025-03-03 09:00")
    assert segments(CHINA, now, now, unit=Unit.HOURS) == []


# What is refused, and in which words


def test_a_moment_without_a_time_zone_is_refused():
    naive = datetime(2025, 3, 3, 9)  # the naive moment is the case
    for question in (
        lambda: due(CHINA, naive, HOUR),
        lambda: elapsed(CHINA, at("2025-03-03 08:00"), naive, unit=Unit.HOURS),
        lambda: segments(CHINA, naive, at("2025-03-04 08:00"), unit=Unit.HOURS),
        lambda: Span(naive, at("2025-03-04 08:00")),
    ):
        with pytest.raises(ValueError, match="2025-03-03 09:00:00 has no time zone: give it one"):
            question()


@pytest.mark.parametrize("unit", [Unit.WORKING_HOURS, Unit.WORKING_DAYS])
def test_a_calendar_without_working_time_has_no_due_time(unit):
    closed = Calendar(week={0: ()})
    with pytest.raises(ValueError, match="The calendar has no working time: give its week opening"):
        due(closed, at("2025-03-03 09:00"), Term(1, unit))
    assert worked("2025-03-03 09:00", "2025-06-03 09:00", closed) == timedelta(0)


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("end", [datetime.max, datetime(2199, 12, 30)])
def test_a_term_that_never_ends_is_refused(unit, end):
    for_ever = [Span(at("2025-03-02 09:00"), end.replace(tzinfo=UTC))]
    with pytest.raises(ValueError, match="does not end by 2199: check its start, its amount"):
        due(CHINA, at("2025-03-03 09:00"), Term(50, unit), for_ever)


@pytest.mark.parametrize(("amount", "unit"), [(10_000, Unit.MONTHS), (200, Unit.WORKING_HOURS)])
def test_a_term_beyond_all_calendars_is_refused(amount, unit):
    rare = Calendar(week={0: ((time(9), time(9, 1)),)})  # a minute a week
    with pytest.raises(ValueError, match="does not end by 2199"):
        due(rare, at("2025-03-03 09:00"), Term(amount, unit))


@pytest.mark.parametrize("year", [1969, 2200])
def test_working_time_of_another_age_is_refused(year):
    start, end = sorted([at("2025-03-03 09:00"), at(f"{year}-06-01 09:00")])
    for question in (elapsed, segments):
        with pytest.raises(ValueError, match=f"from 1970 to 2199: check the date {year}-06-01"):
            question(CHINA, start, end, unit=Unit.WORKING_HOURS)


@pytest.mark.parametrize("amount", [0, -1, 10_001])
def test_a_senseless_term_is_refused(amount):
    with pytest.raises(ValueError, match=f"A term of {amount} working days makes no sense"):
        Term(amount, Unit.WORKING_DAYS)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_senseless_share_is_refused(share):
    with pytest.raises(ValueError, match=f"The share {share} of a term makes no sense: use 0 to 1"):
        moment_at(CHINA, at("2025-03-03 09:00"), HOUR, share)


def test_a_pause_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="before it starts at 2025-03-03 10:00"):
        pause("2025-03-03 10:00", "2025-03-03 09:00")


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ({4: ((time(20), time(2)),)}, r"20:00–02:00 on weekday 4 .* crosses midnight or is empty"),
        ({0: ((time(9), time(9)),)}, "09:00–09:00 on weekday 0 .* is empty: split it"),
        (
            {0: ((time(9), time(12)), (time(11), time(18)))},
            "09:00–12:00 and 11:00–18:00 .* overlap",
        ),
        ({0: ((time(22), time(0)), (time(23), time(23, 30)))}, "22:00–00:00 and 23:00–23:30"),
        ({7: DAY_HOURS}, "There is no weekday 7: use 0 for Monday to 6 for Sunday"),
    ],
)
def test_hours_that_make_no_sense_are_refused(week, words):
    with pytest.raises(ValueError, match=words):
        Calendar(week=week)


def test_hours_may_be_given_in_any_order():
    calendar = Calendar(week={0: DAY_HOURS[::-1]})
    assert worked("2025-03-03 11:00", "2025-03-03 14:00", calendar) == timedelta(hours=1.5)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc"])
def test_an_unknown_time_zone_is_refused(zone):
    with pytest.raises(ValueError, match="is not known: use a name like Asia/Shanghai"):
        Calendar(zone=zone, week=WEEK)


def test_exceptions_that_make_no_sense_are_refused():
    saturday = DayRule(date(2025, 2, 8), DayKind.WORKING)
    with pytest.raises(ValueError, match="2025-02-08 is a working day, but neither it nor any"):
        Calendar(week={}, exceptions={saturday.day: saturday})
    with pytest.raises(ValueError, match="listed under 2025-02-09 is about 2025-02-08"):
        Calendar(week=WEEK, exceptions={date(2025, 2, 9): saturday})
    with pytest.raises(ValueError, match="2025-02-08 is closed: take its hours away"):
        DayRule(date(2025, 2, 8), DayKind.CLOSED, hours=DAY_HOURS)
    with pytest.raises(ValueError, match="on 2025-02-08 crosses midnight"):
        DayRule(date(2025, 2, 8), DayKind.WORKING, hours=((time(20), time(2)),))


def test_a_calendar_does_not_follow_later_changes_of_what_it_was_made_of():
    week = dict(WEEK)
    calendar = Calendar(week=week)
    week.clear()
    assert worked("2025-03-03 00:00", "2025-03-04 00:00", calendar) == timedelta(hours=8)
