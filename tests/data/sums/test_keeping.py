"""What is kept, what is noted as stale, and what is worked out again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select, text, update

from data import sums
from data.metrics import followups
from data.models import (
    AnswerAdviserDay,
    AnswerDay,
    FollowupDay,
    HeardDay,
    Ledger,
    Norm,
    ScoreDay,
    StaleDay,
    UnreachedDay,
)
from data.person import SYSTEM, Role
from data.scope import Scope
from data.sums import checking, refreshing
from data.sums.due import DUE
from data.sums.ledgers import LEDGERS
from tests.data.sums.asking import unlike
from tests.factories import (
    account,
    at,
    attempt,
    employee,
    followup,
    marks,
    order,
    response,
    store,
    vehicle,
)

NOW = at("2026-03-16T10:00")
LIVE = Scope(as_of=NOW, live=True)


@pytest.fixture
def dealer(session):
    dealer = store(session)
    for day in (2, 3, 3):
        followup(session, dealer, f"2026-03-{day:02}T10:00", completed_at=f"2026-03-{day:02}T09:00")
    followup(session, dealer, "2026-03-16T09:00")
    marks(session, response(session, dealer, "2026-03-02T11:00", 4, nps=9), tact=5)
    return dealer


def refresh(session, now=NOW):
    session.flush()
    return sums.refresh(now=now, within=session.connection())


def kept(session):
    """(day, due, completed) of what is kept."""
    table = FollowupDay
    query = select(table.due_on, table.due, table.completed).order_by(table.due_on)
    return [tuple(row) for row in session.execute(query)]


def stale(session):
    return session.scalars(select(StaleDay.day).order_by(StaleDay.day)).all()


def due(session, scope=LIVE):
    return followups.followups_due(session, scope).summary["value"]


def spoil(session):
    """Let the sums be wrong, so that it shows who reads them."""
    session.execute(update(FollowupDay).values(due=FollowupDay.due + 100))


def test_days_that_are_over_on_every_clock_are_kept(session, dealer):
    refresh(session)
    assert kept(session) == [(date(2026, 3, 2), 1, 1), (date(2026, 3, 3), 2, 2)]
    assert set(session.scalars(select(Ledger.until))) == {date(2026, 3, 14)}
    assert stale(session) == []


def test_what_is_kept_is_what_is_read(session, dealer):
    refresh(session)
    spoil(session)
    assert due(session) == 204
    assert due(session, Scope(as_of=NOW)) == 4


@pytest.mark.parametrize("moment", [NOW - timedelta(seconds=1), NOW - timedelta(days=9)])
def test_a_moment_before_the_sums_were_worked_out_is_read_from_the_rows(session, dealer, moment):
    refresh(session)
    spoil(session)
    assert due(session, Scope(as_of=moment, live=True)) <= 4


def test_a_day_whose_rows_change_is_read_from_them_until_it_is_worked_out(session, dealer):
    refresh(session)
    spoil(session)
    followup(session, dealer, "2026-03-03T15:00")
    assert stale(session) == [date(2026, 3, 3)]
    assert due(session) == 101 + 3 + 1
    refresh(session)
    assert stale(session) == []
    assert due(session) == 101 + 3 + 1
    assert kept(session)[1] == (date(2026, 3, 3), 3, 2)


def test_a_call_that_moves_to_another_day_makes_both_stale(session, dealer):
    call = followup(session, dealer, "2026-03-03T15:00")
    refresh(session)
    call.due_at, call.due_on = at("2026-03-05T15:00"), date(2026, 3, 5)
    session.flush()
    assert set(stale(session)) == {date(2026, 3, 3), date(2026, 3, 5)}


def test_a_day_that_knows_of_the_future_is_not_done_with(session, dealer):
    followup(session, dealer, "2026-03-03T15:00", completed_at="2026-03-17T09:00")
    refresh(session)
    assert stale(session) == [date(2026, 3, 3)]
    later = NOW + timedelta(days=1)
    assert unlike(session, later) == []
    refresh(session, later)
    assert stale(session) == []
    assert kept(session)[1] == (date(2026, 3, 3), 3, 3)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_day_of_a_call_with_a_try_that_lies_ahead_is_not_done_with(session, zone):
    call = followup(session, store(session, "S2", zone=zone), "2026-03-03T15:00")
    attempt(session, call, "2026-03-16T10:00", "no_answer", at=NOW + timedelta(minutes=1))
    refresh(session)
    assert stale(session) == [call.due_on]


def test_for_few_days_no_table_is_read_through(session, dealer):
    refresh(session)
    followup(session, dealer, "2026-03-03T15:00")
    connection, asked = session.connection(), text("SELECT current_setting('enable_hashjoin')")
    seen = []

    def look(_connection, _cursor, statement, *_):
        if "INTO heard_day" in statement:
            seen.append(connection.scalar(asked))

    if connection.dialect.name == "postgresql":
        event.listen(connection, "before_cursor_execute", look)
        refresh(session)
        event.remove(connection, "before_cursor_execute", look)
        assert [*seen, connection.scalar(asked)] == ["off", "on"]


def test_working_out_again_changes_nothing(session, dealer):
    refresh(session)
    before = kept(session)
    assert refresh(session) == 0
    assert kept(session) == before
    sums.forget(session.connection())
    assert kept(session) == []
    assert due(session) == 4
    refresh(session)
    assert kept(session) == before


def test_an_empty_database_keeps_what_comes_later(session):
    refresh(session)
    dealer = store(session)
    followup(session, dealer, "2024-01-05T15:00", completed_at="2024-01-05T15:00")
    assert due(session) == 1
    refresh(session)
    assert kept(session) == [(date(2024, 1, 5), 1, 1)]


def test_the_days_go_on_as_time_does(session, dealer):
    refresh(session)
    assert refresh(session, NOW + timedelta(days=3)) == 3 * len(LEDGERS)
    assert kept(session)[-1] == (date(2026, 3, 16), 1, 0)
    assert session.scalar(select(func.count(Ledger.name))) == len(LEDGERS)


@pytest.mark.parametrize(("stores", "steps"), [(1, 1), (20, 3), (40, 5)])
def test_years_of_one_store_are_kept_at_once_and_those_of_many_by_the_month(
    session, dealer, monkeypatch, stores, steps
):
    for number in range(2, stores + 1):
        store(session, f"S{number}")
    followup(session, dealer, "2025-11-03T10:00")  # 131 days before those that are over
    worked_out, heard = refreshing._work_out, []

    def hear(connection, ledger, *more):
        heard.append(ledger)
        worked_out(connection, ledger, *more)

    monkeypatch.setattr(refreshing, "_work_out", hear)
    refresh(session)
    assert heard.count(DUE) == steps
    assert unlike(session, NOW) == []


def test_what_was_answered_is_kept_too(session, dealer):
    refresh(session)
    said = session.execute(select(AnswerDay.n, AnswerDay.content, AnswerDay.promoters)).one()
    score = session.execute(select(ScoreDay.n, ScoreDay.total, ScoreDay.xy)).one()
    assert (tuple(said), tuple(score)) == ((1, 1, 1), (1, 5, 20))
    assert unlike(session, NOW) == []


def test_who_answered_is_known_by_the_call(session, dealer):
    call = followup(session, dealer, "2026-03-03T15:00", completed_at="2026-03-03T15:00")
    response(session, dealer, "2026-03-04T15:00", 1, callback_id=call.id)
    refresh(session)
    call.respondent = "other"
    session.flush()
    assert set(stale(session)) == {date(2026, 3, 3), date(2026, 3, 4)}
    assert unlike(session, NOW) == []


def test_who_wrote_an_order_up_counts_where_it_was_called_about(session, dealer):
    adviser, other = employee(session, dealer), employee(session, dealer)
    due, said = "2026-03-03T15:00", "2026-03-04T15:00"
    stay = order(session, dealer, vehicle(session, dealer), "2026-03-01T10:00", adviser_id=other.id)
    done = {"completed_at": due, "agent_id": adviser.id, "order_id": stay.id}
    call = followup(session, dealer, due, **done)
    response(session, dealer, said, callback_id=call.id, order_id=stay.id)
    refresh(session)
    independent = followups.caller_independence(session, LIVE).summary
    assert (independent["numerator"], independent["denominator"]) == (1, 1)
    stay.adviser_id = adviser.id
    session.flush()
    assert set(stale(session)) == {date(2026, 3, day) for day in (1, 3, 4)}
    assert unlike(session, NOW) == []
    refresh(session)
    assert followups.caller_independence(session, LIVE).summary["numerator"] == 0
    assert (
        session.scalar(
            select(AnswerAdviserDay.adviser_id).where(AnswerAdviserDay.adviser_id.is_not(None))
        )
        == adviser.id
    )


def test_what_was_left_blank_counts_where_its_call_was_due(session, dealer):
    call = followup(session, dealer, "2026-03-03T15:00", completed_at="2026-03-03T15:00")
    said = response(session, dealer, "2026-03-04T15:00", callback_id=call.id, asked=5, blank=1)
    refresh(session)
    said.blank = 2
    session.flush()
    assert set(stale(session)) == {date(2026, 3, 3)}
    assert unlike(session, NOW) == []
    refresh(session)
    kept_of = select(HeardDay.asked, HeardDay.blank).where(HeardDay.asked > 0)
    assert session.execute(kept_of).one() == (5, 2)


def test_who_changes_the_proper_length_of_calls_has_all_sums_of_calls_worked_out_anew(
    session, dealer
):
    followup(session, dealer, "2026-03-03T15:00", completed_at="2026-03-03T15:00", talk_s=200)
    refresh(session)
    assert followups.call_length_compliance(session, LIVE).summary["numerator"] == 0
    norm = session.scalars(select(Norm).where(Norm.code == "call_length")).one()
    norm.value = {"least_s": 120, "most_s": 600, "short_s": 60}
    session.flush()
    assert "due" not in session.scalars(select(Ledger.name)).all()
    assert followups.call_length_compliance(session, LIVE).summary["numerator"] == 1
    refresh(session)
    assert session.scalar(select(func.sum(HeardDay.proper))) == 1
    assert unlike(session, NOW) == []


def test_a_try_or_an_answer_that_lies_ahead_leaves_its_day_open(session, dealer):
    call = followup(session, dealer, "2026-03-03T15:00", completed_at="2026-03-03T15:00")
    attempt(session, call, "2026-03-18T10:00", "no_answer")
    other = followup(session, dealer, "2026-03-04T15:00", completed_at="2026-03-04T15:00")
    response(session, dealer, "2026-03-18T10:00", callback_id=other.id, asked=5, blank=1)
    refresh(session)
    assert set(stale(session)) == {date(2026, 3, 3), date(2026, 3, 4)}
    later = NOW + timedelta(days=9)
    assert unlike(session, later) == []
    refresh(session, later)
    assert stale(session) == []
    assert session.scalar(select(func.sum(UnreachedDay.tries))) == 1


def test_a_look_finds_sums_that_are_not_those_of_the_rows(session, dealer):
    refresh(session)
    assert checking.look(session.connection(), now=NOW) == (39, 0)
    spoil(session)
    assert checking.look(session.connection(), now=NOW) == (39, 2)
    followup(session, dealer, "2026-03-03T15:00")  # known to be stale
    assert checking.look(session.connection(), now=NOW) == (39, 1)


def test_nobody_sees_sums_of_another_store(session, dealer):
    other = store(session, "S2")
    followup(session, other, "2026-03-03T15:00")
    refresh(session)
    session.info["person"] = account(session, Role.MANAGER, other)
    assert due(session) == 1
    assert session.scalars(select(FollowupDay.store_id)).all() == [other.id]
    session.info["person"] = SYSTEM
    assert due(session) == 5
