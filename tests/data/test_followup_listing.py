"""The list behind the callback figures shows exactly the calls that were counted."""

from datetime import date

import pytest

from data.metrics import followups
from data.metrics.followups.listing import listing
from data.metrics.followups.narrowing import KINDS
from data.scope import Scope
from tests.factories import (
    at,
    attempt,
    employee,
    followup,
    order,
    promise,
    response,
    store,
    vehicle,
)

NOW = "2026-03-16T10:00"  # a Monday
DUE = "2026-03-12T10:00"


def scope(now=NOW, **more):
    return Scope(as_of=at(now), **more)


@pytest.fixture
def dealer(session):
    return store(session)


@pytest.fixture
def calls(session, dealer):
    """One call of each sort, by name."""
    adviser, agent = employee(session, dealer, "Li"), employee(session, dealer, "Wang")
    theirs = order(session, dealer, vehicle(session, dealer), DUE, adviser_id=adviser.id)
    own = {"order_id": theirs.id, "agent_id": adviser.id, "talk_s": 400}
    made = {
        "early": followup(session, dealer, DUE, completed_at="2026-03-12T09:00", talk_s=30),
        "own": followup(session, dealer, DUE, completed_at="2026-03-13T09:00", **own),
        "given_up": followup(
            session, dealer, DUE, state="unreachable", ended_at="2026-03-14T09:00", rule="sale"
        ),
        "tried": followup(session, dealer, DUE, first_attempt_at="2026-03-12T08:00", attempts=1),
        "waiting": followup(session, dealer, DUE, agent_id=agent.id, state="planned"),
        "ahead": followup(session, dealer, "2026-03-16T20:00", state="planned"),
    }
    attempt(session, made["tried"], "2026-03-12T08:00", "busy")  # a Thursday
    promise(session, dealer, "2026-03-14T10:00", followup_id=made["own"].id)
    kept = {"followup_id": made["early"].id, "kept_at": "2026-03-14T10:00"}
    promise(session, dealer, "2026-03-14T10:00", **kept)
    early = {"callback_id": made["early"].id, "asked": 7, "blank": 1}
    response(session, dealer, "2026-03-12T09:00", 5, **early)
    return made


def listed(session, asked, calls, **more):
    rows, total = listing(session, asked, **more)
    assert total == len(rows)
    names = {call.id: name for name, call in calls.items()}
    return {names[row["id"]] for row in rows}


def test_all_calls_due_in_the_period(session, calls):
    assert listed(session, scope(), calls) == set(calls)
    asked = scope(start=date(2026, 3, 16))
    assert listed(session, asked, calls) == {"ahead"}


@pytest.mark.parametrize(
    ("drill", "found"),
    [
        ({"kind": "matured"}, {"early", "own", "given_up", "tried", "waiting"}),
        ({"kind": "attempted"}, {"early", "own", "tried"}),
        ({"kind": "connected"}, {"early", "own"}),
        ({"kind": "completed"}, {"early", "own"}),
        ({"kind": "on_time"}, {"early"}),
        ({"kind": "late"}, {"own", "given_up", "tried", "waiting"}),
        ({"kind": "overdue"}, {"tried", "waiting"}),
        ({"kind": "own_adviser"}, {"own"}),
        ({"kind": "short_full_marks"}, {"early"}),
        ({"kind": "other_length"}, {"early"}),
        ({"kind": "blank"}, {"early"}),
        ({"kind": "missed"}, {"given_up", "tried", "waiting"}),
        ({"kind": "unreached"}, {"given_up", "tried", "waiting"}),
        ({"kind": "promise_broken"}, {"own"}),
        ({"kind": "nonsense"}, set()),
        ({"state": "unreachable"}, {"given_up"}),
        ({"state": "due"}, {"tried"}),
        ({"state": "planned"}, {"waiting", "ahead"}),
        ({"rule": "sale"}, {"given_up"}),
        ({"result": "busy"}, {"tried"}),
        ({"weekday": "3", "hour": "8"}, {"tried"}),
        ({"weekday": "3", "hour": "9"}, set()),
        ({"hour": "8", "result": "busy"}, {"tried"}),
        ({"hour": "8", "result": "no_answer"}, set()),
        ({"weekday": "9"}, set()),
    ],
)
def test_a_drill_lists_what_was_counted(session, calls, drill, found):
    assert listed(session, scope(drill=tuple(drill.items())), calls) == found


def test_the_steps_of_the_funnel_list_as_many_as_they_count(session, calls):
    steps = followups.callback_funnel(session, scope()).frame.to_dict("records")
    for step in steps:
        kind = {"due": "matured"}.get(step["step"], step["step"])
        assert listing(session, scope(drill=(("kind", kind),)))[1] == step["count"]


def test_every_kind_answers_for_nothing(session, dealer):
    for kind in KINDS:
        assert listing(session, scope(drill=(("kind", kind),))) == ([], 0)


def test_states_stand_as_they_stood(session, calls):
    before = scope("2026-03-12T07:59", drill=(("state", "planned"),))
    assert listed(session, before, calls) == set(calls) - {"ahead"}


def test_rows_are_sorted_searched_and_cut(session, calls):
    rows, total = listing(session, scope(), count=2, sort=(("completed_at", True),))
    assert [row["id"] for row in rows] == [calls["own"].id, calls["early"].id]
    assert total == 6
    assert listed(session, scope(), calls, find=(("agent", "wan"),)) == {"waiting"}
    own = next(row for row in rows if row["id"] == calls["own"].id)
    assert (own["agent"], own["rule"], own["talk"].seconds) == ("Li", "service", 400)
