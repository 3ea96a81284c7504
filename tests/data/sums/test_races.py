"""Several at once, one that is broken off, and one that writes meanwhile: nothing is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from data import db, sums
from data.migrations import upgrade
from data.models import Followup, FollowupDay, StaleDay
from data.person import SYSTEM
from data.sums import refreshing
from tests.conftest import fresh
from tests.data.sums.asking import unequal
from tests.factories import at, followup, store

NOW = at("2026-03-16T10:00")
DAYS = ("2025-11-03", "2025-12-04", "2026-01-05", "2026-02-06", "2026-03-07")


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    """A database with a few calls."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'sums.db'}"
    else:
        url = fresh(request.getfixturevalue("postgres_url"), "aftercare_sums")
    engine = db.connect(url)
    upgrade(engine)
    with db.writing(by=SYSTEM) as session:
        dealer = store(session)
        for day in DAYS:
            followup(session, dealer, f"{day}T10:00", completed_at=f"{day}T09:00")
    yield
    engine.dispose()


def unlike_rows():
    with db.reading(as_=SYSTEM) as session:
        return unequal(session, NOW)


def kept():
    with db.reading(as_=SYSTEM) as session:
        return sorted(session.execute(select(FollowupDay.due_on, FollowupDay.done)).all())


def change(session):
    call = session.scalars(select(Followup).order_by(Followup.due_on)).first()
    call.completed_at = call.respondent = None
    session.flush()


def change_and_fail():
    with db.writing(by=SYSTEM) as session:
        change(session)
        raise ZeroDivisionError


def test_several_at_once_keep_each_day_once(house):
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: sums.refresh(now=NOW), range(4)))
    assert [done for _, done in kept()] == [1] * len(DAYS)
    assert unlike_rows() == []


def test_one_that_is_broken_off_is_gone_on_with(house, monkeypatch):
    steps, work_out = iter("abc"), refreshing._work_out

    def breaks(*given):
        work_out(*given)
        if next(steps) == "c":
            raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(refreshing, "_work_out", breaks)
        broken.setattr(refreshing, "AT_ONCE", 1)
        with pytest.raises(KeyboardInterrupt):
            sums.refresh(now=NOW)
    assert len(kept()) == 2
    assert unlike_rows() == []
    sums.refresh(now=NOW)
    assert len(kept()) == len(DAYS)
    assert unlike_rows() == []


# SQLite has one writer at a time: nobody can be at it meanwhile
@pytest.mark.parametrize("house", ["postgresql"], indirect=True)
def test_who_has_not_committed_meanwhile_is_not_lost(house):
    sums.refresh(now=NOW)
    with db.writing(by=SYSTEM) as session:
        change(session)
        sums.refresh(now=NOW)
    assert kept()[0][1] == 1
    assert unlike_rows() == []
    sums.refresh(now=NOW)
    assert kept()[0][1] == 0
    with db.reading(as_=SYSTEM) as session:
        assert session.scalars(select(StaleDay)).all() == []


def test_a_write_that_is_taken_back_leaves_nothing_stale(house):
    sums.refresh(now=NOW)
    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    with db.reading(as_=SYSTEM) as session:
        assert session.scalars(select(StaleDay)).all() == []
    assert unlike_rows() == []
