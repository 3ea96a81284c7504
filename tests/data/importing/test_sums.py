"""What is read in, planned or given up makes the daily sums of its days stale, past or present."""

from datetime import date, timedelta
from unittest.mock import Mock

import pytest
from sqlalchemy import select

from data import db, planning, sums
from data.importing import run
from data.models import AnswerDay, FollowupDay, StaleDay
from data.person import SYSTEM
from tests.data.importing.conftest import NOW
from tests.data.importing.test_followups import HEADER, ORDERS
from tests.data.importing.test_surveys import HEADER as SURVEYS
from tests.data.importing.test_surveys import ROW
from tests.data.sums.asking import unequal

LATER = NOW + timedelta(days=40)  # by then all days of the files are kept
CALL = "H1,2026-01-06 10:00,周杰,接通,320秒,5,9,满意,,很好,RO1,粤BE0001\n"
SAME_CALL = "H1,2026-01-06 10:00,周杰,接通,320秒,2,3,不满意,,很好,RO1,粤BE0001\n"
TRIED = "H3,2026-01-14 10:00,周杰,无人接听,,,,,,,RO3,粤BE0002\n"
REACHED = "H3,2026-01-14 15:00,周杰,接通,300秒,4,8,满意,,,RO3,粤BE0002\n"


@pytest.fixture
def kept(dealer, monkeypatch):
    """A dealer whose sums reach far beyond what comes in, which nobody works out meanwhile."""
    sums.refresh(now=LATER)
    monkeypatch.setattr(run, "sums", Mock())
    return dealer


def hold():
    """Whether the sums tell what the rows do, as they are kept and after that worked out anew."""
    with db.reading(as_=SYSTEM) as session:
        before = unequal(session, LATER)
        some_stale = session.scalar(select(StaleDay.id).limit(1)) is not None
    sums.refresh(now=LATER)
    with db.reading(as_=SYSTEM) as session:
        return some_stale and not before and not unequal(session, LATER)


def test_calls_read_in_and_read_again_otherwise(kept):
    kept.read("repair-orders", ORDERS)
    for rows in (CALL + TRIED, SAME_CALL, REACHED):
        kept.read("followups", HEADER + rows)
        assert hold()
    assert kept.rows(FollowupDay)
    assert [day.detractors for day in kept.rows(AnswerDay)] == [1, 0]


def test_answers_read_in_and_read_again_otherwise(kept):
    kept.read("repair-orders", ORDERS)
    for row in (ROW, ROW.replace("满意,10", "不满意,2"), ROW.replace("01-07", "01-09")):
        kept.read("surveys", SURVEYS + row)
        assert hold()
    assert [(day.answered_on, day.n) for day in kept.rows(AnswerDay)] == [(date(2026, 1, 9), 1)]


def test_calls_planned_and_given_up(kept):
    kept.read("repair-orders", ORDERS)
    planning.plan(now=NOW)
    assert hold()
    planning.expire(now=LATER)
    assert hold()
    assert {(day.due, day.attempted) for day in kept.rows(FollowupDay)} == {(1, 0)}


def test_an_import_leaves_nothing_stale(dealer):
    dealer.read("repair-orders", ORDERS)
    dealer.read("followups", HEADER + CALL)
    assert dealer.rows(StaleDay) == []
    assert [day.completed for day in dealer.rows(FollowupDay)] == [1]
