"""Addresses: what they ask for comes back the same, and rubbish asks for nothing."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import urls
from dashboard.urls import View

NOW = datetime(2026, 3, 18, 2, tzinfo=UTC)  # a Wednesday, ten in the morning in Shanghai
ZONE = "Asia/Shanghai"

words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=urls.LONGEST)
days = st.dates(urls.FIRST, date(2099, 12, 31))
moments = st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30)).map(datetime.isoformat)


@st.composite
def views(draw):
    own = draw(st.booleans())
    start, end = draw(st.none() | days), draw(st.none() | days)
    if start and end and start > end:
        start, end = end, start
    pairs = {(key, value) for key in urls.DRILL[:5] for value in draw(st.sets(words, max_size=2))}
    return View(
        stores=tuple(draw(st.lists(words, max_size=4, unique=True))),
        period=urls.USUAL if own and (start or end) else draw(st.sampled_from(urls.PERIODS)),
        start=start if own else None,
        end=end if own else None,
        compare=draw(st.none() | st.sampled_from(urls.COMPARISONS)),
        as_of=draw(st.none() | moments),
        drill=tuple(sorted(pairs, key=lambda pair: (urls.DRILL.index(pair[0]), pair[1]))),
    )


@given(views())
def test_an_address_asks_for_what_it_was_made_of(view):
    again = urls.read(urls.search_for(view))
    assert again == view


@given(st.text(max_size=200))
def test_no_text_is_an_error(text):
    urls.scope_of(text, now=NOW, zone=ZONE)


@pytest.mark.parametrize(
    "query",
    [
        "?from=2026-02-30&to=gestern",
        "?period=for-ever",
        "?compare=1",
        "?as_of=0001-01-01",
        "?as_of=9999-12-31T23:59",
        "?severity=" + "x" * 500,
        "?store=%00",
        "?unknown=1",
        "?from=9999-12-31",
    ],
)
def test_rubbish_is_as_if_not_asked(query):
    assert urls.read(query) == View()


@pytest.mark.parametrize(
    ("period", "start"),
    [
        ("last-4-weeks", date(2026, 2, 16)),
        ("last-13-weeks", date(2025, 12, 15)),
        ("last-12-months", date(2025, 3, 1)),
        ("this-month", date(2026, 3, 1)),
        ("this-year", date(2026, 1, 1)),
    ],
)
def test_a_period_is_so_many_finished_ones_and_the_running_one(period, start):
    scope = urls.scope_of(f"?period={period}", now=NOW, zone=ZONE)
    assert (scope.start, scope.end) == (start, date(2026, 3, 18))


def test_all_time_has_no_ends():
    scope = urls.scope_of("?period=all", now=NOW, zone=ZONE)
    assert (scope.start, scope.end) == (None, None)


def test_ones_own_days_go_before_a_period_and_are_put_in_order():
    scope = urls.scope_of("?period=all&from=2026-02-01&to=2026-01-01", now=NOW, zone=ZONE)
    assert (scope.start, scope.end) == (date(2026, 1, 1), date(2026, 2, 1))


def test_a_moment_without_a_zone_is_the_stores_and_none_lies_in_the_future():
    asked = urls.scope_of("?as_of=2026-01-01T08:00", now=NOW, zone=ZONE)
    assert asked.as_of == datetime(2026, 1, 1, tzinfo=UTC)
    assert urls.scope_of("?as_of=2030-01-01", now=NOW, zone=ZONE).as_of == NOW


def test_an_unencoded_plus_is_a_zone_all_the_same():
    asked = urls.scope_of("?as_of=2026-01-01T08:00+01:00", now=NOW, zone=ZONE)
    assert asked.as_of == datetime(2026, 1, 1, 7, tzinfo=UTC)


def test_the_period_before_is_as_long_and_seen_as_it_was():
    view = urls.read("?from=2026-03-11&to=2026-03-17&compare=previous")
    before = view.before(view.scope(now=NOW, zone=ZONE))
    assert (before.start, before.end) == (date(2026, 3, 4), date(2026, 3, 10))
    assert before.as_of == datetime(2026, 3, 11, 2, tzinfo=UTC)


def test_a_year_before_falls_on_the_same_weekdays():
    view = urls.read("?from=2026-03-16&to=2026-03-17&compare=year")
    before = view.before(view.scope(now=NOW, zone=ZONE))
    assert before.start == date(2025, 3, 17)
    assert before.start.weekday() == 0


def test_without_a_start_there_is_nothing_to_compare_with():
    view = urls.read("?period=all&compare=previous")
    assert view.before(view.scope(now=NOW, zone=ZONE)) is None


def test_a_page_takes_the_filters_along_and_the_narrowing_is_its_own():
    view = urls.read("?store=S2&period=this-month&severity=critical")
    href = urls.complaints(view, bucket="0-1")
    assert href == "/complaints?store=S2&period=this-month&bucket=0-1"


def test_a_point_of_a_trend_brings_its_own_days():
    href = urls.complaints(View(period="all"), start="2026-03-02", end="2026-03-08")
    assert href == "/complaints?from=2026-03-02&to=2026-03-08"


def test_keys_that_nobody_knows_do_not_travel():
    assert urls.complaints(View(), password="x") == "/complaints"


def test_the_number_of_a_case_cannot_leave_its_place():
    assert urls.complaint("a/../b?c", "S&1") == "/complaints/a%2F..%2Fb%3Fc?store=S%261"


def test_an_export_asks_for_the_same_as_its_page():
    href = urls.export("cases", "csv", "?store=S1&rubbish=1")
    assert href == "/export/cases.csv?store=S1"
