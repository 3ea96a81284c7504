"""What one transaction writes several times is noted once, and again where a row moves."""

from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import delete, event, select

from data import sums
from data.models import FollowupRule, StaleDay
from tests.factories import at, attempt, followup, order, response, store, vehicle

NOW = at("2026-03-16T10:00")
DUE, SAID = date(2026, 3, 3), date(2026, 3, 4)


@pytest.fixture
def dealer(session):
    return store(session)


@pytest.fixture
def call(session, dealer):
    """A call whose days nobody has noted in this transaction."""
    made = followup(session, dealer, "2026-03-03T15:00")
    refresh(session)
    return made


def refresh(session):
    session.flush()
    sums.refresh(now=NOW, within=session.connection())


def write(session, row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()


def noted(session, ledger="due"):
    query = select(StaleDay.day).where(StaleDay.ledger == ledger).order_by(StaleDay.day)
    return session.scalars(query).all()


@contextmanager
def notes_taken(session):
    """The statements by which days are noted meanwhile."""
    connection, taken = session.connection(), []

    def listen(_connection, _cursor, statement, *_):
        taken.extend([statement] if "INTO stale_day" in statement else [])

    event.listen(connection, "before_cursor_execute", listen)
    yield taken
    event.remove(connection, "before_cursor_execute", listen)


def test_a_row_that_is_written_again_and_again_is_noted_once(session, call):
    for tries in (1, 2, 3):
        write(session, call, attempts=tries)
    assert noted(session) == [DUE]


def test_a_new_row_is_noted_once_and_its_tries_with_it(session, dealer):
    call = followup(session, dealer, "2026-03-03T15:00")
    attempt(session, call, "2026-03-04T15:00", "no_answer")
    write(session, call, attempts=1)
    assert noted(session) == [DUE]
    assert noted(session, "tried") == [SAID]


def test_a_call_that_moves_is_noted_again_and_so_are_its_tries(session, call):
    write(session, call, attempts=1)
    attempt(session, call, "2026-03-04T15:00", "no_answer")
    write(session, call, due_on=date(2026, 3, 5))
    attempt(session, call, "2026-03-04T16:00", "no_answer")
    assert noted(session) == [DUE, date(2026, 3, 5)]


def test_a_call_is_noted_where_what_changed_of_it_counts(session, dealer, call):
    response(session, dealer, "2026-03-04T15:00", callback_id=call.id)
    attempt(session, call, "2026-03-04T15:00", "connected")
    refresh(session)
    write(session, call, next_try_at=NOW)
    assert (noted(session), noted(session, "answered")) == ([], [])
    write(session, call, attempts=1)
    assert (noted(session), noted(session, "answered")) == ([DUE], [])
    write(session, call, respondent="other")
    assert (noted(session), noted(session, "answered")) == ([DUE], [SAID])
    assert noted(session, "tried") == []


def test_what_a_write_changes_is_noted_in_one_statement(session, dealer, call):
    made = attempt(session, call, "2026-03-04T15:00", "connected")
    said = response(session, dealer, "2026-03-04T15:00", callback_id=call.id)
    refresh(session)
    with notes_taken(session) as taken:
        made.result, said.overall, call.respondent = "no_answer", 3, "other"
        session.flush()
    assert len(taken) == 1
    assert (noted(session), noted(session, "tried")) == ([DUE], [SAID])


def test_a_row_that_was_noted_and_moves_is_noted_where_it_comes_to(session, call):
    write(session, call, attempts=1)
    for day in (5, 7):
        write(session, call, due_on=date(2026, 3, day))
    assert noted(session) == [date(2026, 3, day) for day in (3, 5, 7)]


def test_a_row_that_moves_and_comes_back_is_noted_at_both_places(session, call):
    for day in (5, 3):
        write(session, call, due_on=date(2026, 3, day))
    assert set(noted(session)) == {date(2026, 3, day) for day in (3, 5)}


def test_a_call_that_comes_to_another_rule_is_noted_where_that_counts(session, call):
    rule = select(FollowupRule.id).where(FollowupRule.code == "next_service")
    write(session, call, attempts=1)
    assert noted(session, "invited") == []
    write(session, call, rule_id=session.scalar(rule))
    assert noted(session, "invited") == [DUE]


def test_an_answer_that_was_noted_is_noted_where_its_new_call_is_due(session, dealer, call):
    other = followup(session, dealer, "2026-03-07T15:00")
    said = response(session, dealer, "2026-03-04T15:00", callback_id=call.id)
    refresh(session)
    write(session, said, overall=3)
    assert (noted(session), noted(session, "answered")) == ([DUE], [SAID])
    write(session, said, callback_id=other.id, answered_on=date(2026, 3, 8))
    assert set(noted(session)) == {DUE, date(2026, 3, 7)}
    assert set(noted(session, "answered")) == {SAID, date(2026, 3, 8)}


def test_an_order_that_was_noted_is_noted_on_another_day_of_delivery(session, dealer):
    stay = order(session, dealer, vehicle(session, dealer), "2026-03-02T16:00")
    write(session, stay, delivered_on=date(2026, 3, 5))
    assert set(noted(session, "delivered")) == {date(2026, 3, 2), date(2026, 3, 5)}


def test_what_was_undone_is_noted_when_it_is_written_again(session, call):
    with session.begin_nested() as undone:
        write(session, call, attempts=1)
        undone.rollback()
    assert noted(session) == []
    write(session, call, attempts=1)
    assert noted(session) == [DUE]


def test_what_was_worked_out_meanwhile_is_noted_again(session, call):
    for tries in (1, 2):
        write(session, call, attempts=tries)
        assert noted(session) == [DUE]
        refresh(session)
        assert noted(session) == []


def test_a_part_of_a_row_that_nobody_writes_is_noted_each_time(session, call):
    """Somebody else may move that row meanwhile: this transaction does not hold it."""
    for _ in range(2):
        attempt(session, call, "2026-03-03T15:00", "no_answer")
        assert noted(session) == [DUE]
        session.execute(delete(StaleDay))


def test_a_row_that_is_taken_out_is_noted_where_it_was(session, call):
    session.delete(call)
    session.flush()
    assert noted(session) == [DUE]
