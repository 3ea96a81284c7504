"""What the review says of a frozen number, and which numbers it calls changed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from dashboard import i18n
from data import db, reviews
from data.demo import load
from data.installing import open_database
from data.metrics import complaints, followups
from data.person import SYSTEM
from data.reviews.freezing import Compared, Part
from data.reviews.numbers import Number
from data.spc import Signal
from pages.review import changed

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
RATE = Number(followups.completion_rate)
OPEN = Number(complaints.complaint_ageing, "open", lasting=True)


@pytest.fixture(autouse=True)
def english():
    """Somebody who reads English."""
    server = Flask("words")
    i18n.init(server, "en")
    with server.test_request_context():
        yield


def rate(numerator, denominator):
    return Part(numerator / denominator if denominator else None, numerator, denominator)


def count(n):
    return Part(n, None, None)


def said(number, *parts):
    return changed.since(Compared(number, *parts))


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            (rate(431, 500), rate(427, 500), rate(849, 1000)),
            "frozen 86.2% (431 of 500) → now 84.9% (849 of 1,000): "
            "−0.8 points from late entries, −0.5 points from new ones",
        ),
        (
            (rate(1, 4), rate(2, 4), rate(2, 4)),
            "frozen 25.0% (1 of 4) → now 50.0% (2 of 4): "
            "+25.0 points from late entries, 0.0 points from new ones",
        ),
        ((rate(1, 4),) * 3, "25.0% (1 of 4), unchanged"),
        ((rate(0, 0), rate(0, 0), rate(1, 2)), "frozen – → now 50.0% (1 of 2)"),
        ((rate(0, 0),) * 3, "–"),
    ],
)
def test_a_rate_tells_what_late_entries_and_new_ones_made_of_it(parts, words):
    assert said(RATE, *parts) == words


def test_a_count_tells_the_same_in_whole_ones():
    words = said(OPEN, count(7), count(8), count(6))
    assert words == "frozen 7 → now 6: +1 from late entries, −2 from new ones"


@pytest.fixture(scope="module")
def numbers(tmp_path_factory):
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('review') / 'demo.db'}")
    load(engine, stores=1, years=1, as_of=NOW)
    with db.reading(as_=SYSTEM) as session:
        yield reviews.minutes(session, "S1", "2026-W11", as_of=NOW).numbers
    engine.dispose()


def test_what_has_a_trend_is_called_changed_by_a_signal_alone(numbers):
    (one,) = [one for one in numbers if one.number.code == RATE.code]
    frame = one.trend.frame.copy()
    quiet = replace(one, trend=replace(one.trend, frame=frame.assign(signal=None)))
    assert changed.change(quiet) not in changed.REAL
    last = frame.index[frame["settled"].astype(bool) & frame["finished"].astype(bool)][-1]
    loud = frame.assign(signal=None)
    loud.loc[last, "signal"] = Signal.BEYOND
    loud.loc[last, "value"] = 0.0
    found = replace(one, trend=replace(one.trend, frame=loud))
    assert changed.change(found) == "worse"


def test_what_has_no_trend_stands_as_it_is(numbers):
    lasting = [one for one in numbers if one.number.lasting]
    assert {changed.change(one) for one in lasting} == {"lasting"}
    assert OPEN.code in {one.number.code for one in lasting}
