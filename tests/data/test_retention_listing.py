"""The vehicles behind a figure of retention are exactly those that were counted."""

from datetime import date, datetime, timedelta
from random import Random

import pytest

from data.metrics import retention
from data.metrics.retention.listing import listing, of_ids, vehicles
from data.models import ChurnCase
from data.scope import Scope
from tests.factories import at, came, customer, store, vehicle

NOW = "2026-06-17T10:00"
TODAY = date(2026, 6, 17)
CARS = 60


def scope(*drill, now=NOW, **more):
    return Scope(as_of=at(now), drill=drill, **more)


@pytest.fixture
def dealer(session):
    return store(session)


@pytest.fixture
def cars(session, dealer):
    """Sixty cars with up to eight visits in three years; some came after the data time too."""
    chance = Random(7)
    return [_car(session, dealer, chance) for _ in range(CARS)]


def _car(session, dealer, chance):
    bought = date(2023, 1, 1) + timedelta(days=chance.randrange(1250))
    days = {date(2023, 7, 1) + timedelta(days=chance.randrange(1100))}
    for _ in range(chance.randrange(8)):
        days.add(min(days) + timedelta(days=chance.randrange(900)))
    until = bought + timedelta(days=chance.randrange(1500))
    known = {"sold_on": bought, "warranty_until": until} if chance.random() < 0.8 else {}
    texts = sorted(day.isoformat() for day in days)
    return came(session, dealer, *texts, fen=chance.randrange(1, 90) * 1000, **known)


def total(session, *drill):
    rows, count = listing(session, scope(*drill), count=1000)
    found = vehicles(session, scope(*drill))
    assert sorted(row["id"] for row in rows) == sorted(
        car for some in found.values() for car in some
    )
    assert count == len(rows)
    return count


def test_without_narrowing_all_that_were_ever_seen(session, cars):
    known = retention.active_base(session, scope()).summary
    assert total(session) == known["known"] > 40
    assert total(session, ("came", "yes")) == known["value"] > 10
    assert total(session, ("came", "no")) == known["known"] - known["value"] > 0


@pytest.mark.parametrize("grain", ["month", "quarter"])
@pytest.mark.parametrize("mode", ["exact", "rolling"])
@pytest.mark.parametrize("began", ["visit", "sale"])
def test_every_cell_of_the_cohorts(session, cars, grain, mode, began):
    asked = {"grain": grain, "mode": mode, "start": began}
    frame = retention.cohort_retention(session, scope(), **asked).frame
    assert len(frame) > 20
    for row in frame.iloc[:: 7 if grain == "month" else 3].itertuples():
        drill = (("cohort", _code(row.cohort, grain)), ("mode", mode), ("began", began))
        assert total(session, *drill) == row[2]  # its size
        cell = (*drill, ("cell", str(row.period)))
        if row.active is not None:
            assert total(session, *cell) == row.active
            assert total(session, *cell, ("came", "no")) == row[2] - row.active


def test_the_size_of_a_cohort(session, cars):
    frame = retention.cohort_retention(session, scope(), start="sale").frame
    sizes = dict(zip(frame["cohort"], frame["size"], strict=True))
    assert len(sizes) > 10
    for cohort, size in list(sizes.items())[::4]:
        drill = (("cohort", _code(cohort, "month")), ("began", "sale"))
        assert total(session, *drill) == size


def _code(cohort, grain):
    if grain == "month":
        return f"{cohort:%Y-%m}"
    return f"{cohort.year}-Q{(cohort.month + 2) // 3}"


def test_every_class(session, cars):
    frame = retention.visit_gap_classes(session, scope()).frame
    found = {code: total(session, ("class", code)) for code in frame["class"]}
    assert found == dict(zip(frame["class"], frame["count"], strict=True))
    assert all(found.values())


def test_every_number_of_visits(session, cars):
    frame = retention.visit_classes(session, scope()).frame
    found = {code: total(session, ("visits", code)) for code in frame["class"]}
    assert found == dict(zip(frame["class"], frame["count"], strict=True))
    assert all(found[code] for code in "BCD")


def test_every_rule(session, cars):
    frame = retention.churn_rule_lab(session, scope()).frame
    found = {rule: total(session, ("away", rule)) for rule in frame["rule"]}
    assert found == dict(zip(frame["rule"], frame["flagged"], strict=True))
    assert all(found.values())


@pytest.mark.parametrize("by", ["age", "warranty"])
def test_every_group_of_those_who_came_the_year_before(session, cars, by):
    frame = retention.recapture_rate(session, scope(), by=by).frame
    assert len(frame) > 2
    for row in frame.itertuples():
        assert total(session, (by, row.key)) == row.denominator
        assert total(session, (by, row.key), ("came", "yes")) == row.numerator
        missing = row.denominator - row.numerator
        assert total(session, (by, row.key), ("came", "no")) == missing


def test_those_last_seen_in_a_month(session, cars):
    end = datetime(2026, 6, 1) - timedelta(hours=1)
    frame = retention.monthly_churn(session, scope(now=end.isoformat()), months="6").frame
    missed = {row.period: row.numerator for row in frame.itertuples()}[date(2026, 5, 1)]
    rows, count = listing(session, scope(("month", "2025-11"), now=end.isoformat()))
    assert count == missed == len(rows) > 0


@pytest.mark.parametrize(
    "drill",
    [
        ("cohort", "2025-13"),
        ("cohort", "0000-01"),
        ("cohort", "nonsense"),
        ("class", "new"),
        ("visits", "E"),
        ("month", "2025-Q1"),
        ("away", "4"),
        ("age", "many"),
        ("age", "-1"),
        ("warranty", "unknown"),
        ("came", "perhaps"),
    ],
)
def test_what_nobody_knows_finds_nothing(session, cars, drill):
    assert total(session, drill) == 0


@pytest.mark.parametrize("cell", ["x", "99999999999", "-1"])
def test_a_cell_nobody_knows_finds_nothing(session, cars, cell):
    first = retention.cohort_retention(session, scope()).frame["cohort"].iloc[0]
    assert total(session, ("cohort", _code(first, "month")), ("cell", cell)) == 0


def test_a_row_tells_the_vehicle(session, dealer):
    owner = customer(session, dealer, "Chen Li")
    texts = {"plate": "沪A12345", "model": "Q5", "customer_id": owner.id}
    car = came(session, dealer, "2025-10-01", "2025-12-24", "2026-07-01", fen=120_050, **texts)
    selected = {"state": "asked", "selected_at": at("2026-06-01T10:00")}
    session.add(ChurnCase(store_id=dealer.id, vehicle_id=car.id, **selected))
    session.flush()
    (row,), _total = listing(session, scope())
    assert row == {
        "id": car.id,
        "store": "S1",
        "plate": "沪A12345",
        "model": "Q5",
        "customer": "Chen Li",
        "customer_id": owner.id,
        "last_visit": date(2025, 12, 24),
        "visits": 2,
        "year": 2401.0,
        "class": "at_risk",
        "case": "asked",
    }


def test_a_case_that_is_over_is_not_shown(session, dealer):
    car = came(session, dealer, "2025-10-01")
    over = {"selected_at": at("2026-05-01T10:00"), "ended_at": at("2026-06-01T10:00")}
    session.add(ChurnCase(store_id=dealer.id, vehicle_id=car.id, state="lost", **over))
    session.flush()
    assert [row["case"] for row in listing(session, scope())[0]] == [None]
    before = scope(now="2026-05-20T10:00")
    assert [row["case"] for row in listing(session, before)[0]] == ["lost"]


def test_plates_are_found_by_their_beginning_and_sorted(session, dealer):
    for plate, day in (("沪A11", "2026-01-01"), ("沪A12", "2026-02-01"), ("浙B99", "2026-03-01")):
        came(session, dealer, day, plate=plate)
    vehicle(session, dealer, plate="沪A13")  # never came
    rows, count = listing(
        session, scope(), find=[("plate", "沪a1")], sort=[("last_visit", True)], count=1
    )
    assert count == 2
    assert [row["plate"] for row in rows] == ["沪A12"]
    assert listing(session, scope(), find=[("plate", "99")])[1] == 0


def test_only_the_stores_asked_for(session, dealer):
    other = store(session, "S2")
    here, there = came(session, dealer, "2026-01-01"), came(session, other, "2026-01-02")
    assert vehicles(session, scope()) == {dealer.id: [here.id], other.id: [there.id]}
    assert vehicles(session, scope(stores=("S2",))) == {other.id: [there.id]}
    assert of_ids(session, [here.id, there.id, 0]) == {dealer.id: [here.id], other.id: [there.id]}
