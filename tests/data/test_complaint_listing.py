"""The list behind a number holds exactly what the number counts."""

import random
from datetime import date, timedelta

import pytest

from data.commands import complaints as commands
from data.metrics import complaints
from data.metrics.complaints import case as cases
from data.metrics.complaints.listing import REASONS, listing, pressing
from data.models import Complaint, Promise, Store
from data.person import Person, Role
from data.scope import Scope
from tests.factories import at, complaint, employee, store

NOW = at("2026-03-16T10:00")


def scope(*drill, **more):
    return Scope(as_of=NOW, drill=drill, **more)


@pytest.fixture
def many(session):
    """Some hundred cases of every kind, the same each time."""
    dice, dealer, other = random.Random(7), store(session), store(session, "S2")
    owners = [None, employee(session, dealer, "Li").id, employee(session, dealer, "Wang").id]
    for _ in range(150):
        opened = NOW - timedelta(days=dice.choice((0, 1, 3, 7, 14, 30, dice.uniform(0, 60))))
        solved = opened + timedelta(days=dice.uniform(0, 20)) if dice.random() < 0.5 else None
        closed = solved + timedelta(days=3) if solved and dice.random() < 0.6 else None
        complaint(
            session,
            dice.choice((dealer, other)),
            opened.astimezone().isoformat(),
            severity=dice.choice(("question", "general", "escalated", "critical", None)),
            category=dice.choice(("brakes", "engine", "above_quote", "price", None)),
            origin=dice.choice(("product", "people", None)),
            resolved_at=solved,
            closed_at=closed,
            hand_offs=dice.randrange(5),
            opened_at=opened,
            opened_on=(opened + timedelta(hours=8)).date(),
            since=opened,
            clock_from=opened,
        )
    for row, _ in zip(listing(session, scope(), count=60)[0], range(20), strict=False):
        if row["store"] == "S1":
            found = session.get(commands.Complaint, row["id"])
            found.owner_id, found.assigned_due_on = dice.choice(owners), date(2026, 3, 15)
    session.flush()
    both = frozenset({dealer.id, other.id})
    session.info["person"] = Person(login="m", name="M", role=Role.MANAGER, stores=both)
    return session


def total(session, *drill, **more):
    return listing(session, scope(*drill, **more))[1]


@pytest.mark.parametrize("by", ["age", "target"])
def test_the_ageing_chart_and_the_list_behind_each_bar(many, by):
    key = "bucket" if by == "age" else "target"
    rows = complaints.complaint_ageing(many, scope(), by=by).frame.to_dict("records")
    assert len(rows) >= 10
    for row in rows:
        drill = ((key, row["bucket"]), ("severity", row["severity"]))
        assert row["count"] == total(many, *drill), row


def test_the_tiles_and_the_lists_behind_them(many):
    summary = complaints.complaint_ageing(many, scope()).summary
    assert summary["open"] == total(many)
    assert summary["breached"] == total(many, ("target", "breached"))
    assert summary["at_risk"] == total(many, ("target", "75-100"))
    assert summary["awaiting_recontact"] == total(many, ("state", "awaiting"))
    assert complaints.complaints_at_risk(many, scope()).summary["count"] == summary["at_risk"]


def test_the_other_charts_and_the_lists_behind_their_bars(many):
    everything = ("state", "all")
    for row in complaints.category_pareto(many, scope()).frame.to_dict("records"):
        if row["category"]:
            assert row["count"] == total(many, everything, ("category", row["category"]))
    for row in complaints.complaint_origins(many, scope()).frame.to_dict("records"):
        assert row["count"] == total(many, everything, ("origin", row["origin"]))
    hands = complaints.hand_offs(many, scope())
    for row in hands.frame.to_dict("records"):
        assert row["count"] == total(many, everything, ("hand_offs", str(row["changes"])))
    assert hands.summary["numerator"] == total(many, everything, ("hand_offs", "many"))
    late = complaints.closure_compliance(many, scope()).summary
    missed = late["denominator"] - late["numerator"]
    assert missed == total(many, everything, ("target", "breached"))


def test_what_is_open_and_what_awaits_a_call_may_be_asked_for_together(many):
    either = total(many, ("state", "open"), ("state", "awaiting"))
    assert either == total(many, ("state", "open")) + total(many, ("state", "awaiting"))
    assert total(many, ("state", "awaiting")) > 5


def test_the_period_narrows_all_but_what_is_open(many):
    days = {"start": date(2026, 3, 10), "end": date(2026, 3, 16)}
    assert total(many, **days) == total(many)
    assert 0 < total(many, ("state", "all"), **days) < total(many, ("state", "all"))


def test_the_list_comes_in_pages_that_do_not_overlap(many):
    whole = listing(many, scope(), count=1000)[0]
    pages = [listing(many, scope(), start=at_, count=7)[0] for at_ in range(0, len(whole), 7)]
    assert [row["id"] for page in pages for row in page] == [row["id"] for row in whole]


@pytest.mark.parametrize("field", ["number", "severity", "opened_at", "close_due_at", "owner"])
def test_the_list_is_sorted_by_the_database_with_what_is_missing_last(many, field):
    for down in (False, True):
        rows = listing(many, scope(), count=1000, sort=[(field, down)])[0]
        values = [row[field] for row in rows]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=down)
        assert values == known + [None] * (len(values) - len(known))


DRILLS = (("owner", "none"), ("target", "breached"), ("target", "75-100"))


@pytest.fixture
def owned(many):
    """The same cases, of which somebody owns all that are near their deadline, and every other."""
    near = {row["id"] for row in listing(many, scope(("target", "75-100")))[0]}
    owner = {each.id: employee(many, each, "Sun").id for each in many.query(Store)}
    for row in many.query(Complaint):
        row.owner_id = owner[row.store_id] if row.id % 2 or row.id in near else None
    many.flush()
    return many


def waiting(session):
    """What waits for a decision, each case once, put together of the three lists it is made of."""
    found = {}
    for why, drill in zip(REASONS, DRILLS, strict=True):
        by_deadline = listing(session, scope(drill), count=1000, sort=[("close_due_at", False)])[0]
        for row in by_deadline:
            found.setdefault(row["id"], why)
    return list(found.items())


def test_what_waits_for_a_decision_has_each_case_once_with_its_first_reason(owned):
    rows, of = pressing(owned, scope(), start=0, count=1000)
    wanted = waiting(owned)
    assert {why for _, why in wanted} == {*REASONS}
    assert [(row["id"], row["why"]) for row in rows] == wanted
    assert of == len(wanted)


def test_what_waits_for_a_decision_comes_in_pages_and_is_counted_in_full(owned):
    wanted = waiting(owned)
    for start in range(0, len(wanted) + 7, 7):
        rows, of = pressing(owned, scope(), start=start, count=7)
        assert ([(row["id"], row["why"]) for row in rows], of) == (wanted[start:][:7], len(wanted))


def test_what_waits_for_a_decision_is_narrowed_by_what_the_page_is(owned):
    rows, of = pressing(owned, scope(("severity", "critical"), stores=("S2",)), start=0, count=1000)
    assert {(row["severity"], row["store"]) for row in rows} == {("critical", "S2")}
    assert 0 < of == len(rows) < len(waiting(owned))


@pytest.mark.parametrize("text", ["%", "_", "'; DROP TABLE complaint; --", "C"])
def test_a_search_is_taken_literally(many, text):
    rows = listing(many, scope(), count=1000, find=[("number", text)])[0]
    assert all(text in row["number"] for row in rows)
    assert bool(rows) is (text == "C")


def test_rubbish_in_a_drill_finds_nothing_and_breaks_nothing(many):
    for key in ("bucket", "target", "due", "kind", "hand_offs", "state", "origin", "cause"):
        assert total(many, (key, "rubbish")) == 0
    assert total(many, ("owner", "rubbish")) == 0
    assert total(many, ("owner", "9" * 80)) == 0


def test_days_that_were_set(session):
    dealer = store(session)
    for day in (date(2026, 3, 15), date(2026, 3, 16), date(2026, 3, 20), date(2026, 3, 23), None):
        complaint(session, dealer, "2026-03-10T08:00", assigned_due_on=day)
    due = {name: total(session, ("due", name)) for name in ("overdue", "today", "week", "none")}
    assert due == {"overdue": 1, "today": 1, "week": 2, "none": 1}


def test_the_two_red_lists(session):
    session.info["person"] = Person(login="m", name="M", role=Role.MANAGER, stores=None)
    dealer = store(session)
    li = employee(session, dealer)
    broken, kept, postponed, answered = (
        complaint(session, dealer, "2026-03-10T08:00", number=name)
        for name in ("broken", "kept", "postponed", "answered")
    )
    for case, more in ((broken, {}), (kept, {"kept_at": at("2026-03-12T08:00")})):
        session.add(
            Promise(
                store_id=dealer.id, complaint_id=case.id, words="We call", **more,
                made_at=at("2026-03-10T09:00"), due_at=at("2026-03-12T09:00"),
            )
        )  # fmt: skip
    for case in (postponed, answered):
        for day, reason in ((date(2026, 3, 12), ""), (date(2026, 3, 14), "no time")):
            commands.assign(
                session, complaint_id=case.id, version=case.version, now=at("2026-03-11T08:00"),
                today=date(2026, 3, 11), owner_id=li.id, due_on=day, reason=reason,
            )  # fmt: skip
    commands.reply(
        session, complaint_id=answered.id, version=answered.version,
        now=at("2026-03-11T09:00"), said="Hello",
    )  # fmt: skip
    mine = frozenset({dealer.id})
    session.info["person"] = Person(login="m", name="M", role=Role.MANAGER, stores=mine)
    lists = {
        kind: [row["number"] for row in listing(session, scope(("kind", kind)))[0]]
        for kind in ("promised", "postponed")
    }
    assert lists == {"promised": ["broken"], "postponed": ["postponed"]}


def test_a_case_explains_its_clock_piece_by_piece(session):
    session.info["person"] = Person(login="m", name="M", role=Role.MANAGER, stores=None)
    dealer = store(session)
    row = complaint(session, dealer, "2026-03-12T17:00", severity="question", number="Q1")
    found = cases.find(session, "Q1", (), as_of=at("2026-03-13T09:30"))
    assert [(piece.counted, str(piece.reason)) for piece in found.reply.pieces] == [
        (True, "working"),
        (False, "outside_hours"),
        (True, "working"),
    ]
    assert found.reply.used == timedelta(hours=2)
    assert found.reply.share == pytest.approx(0.5)
    assert not found.reply.missed
    assert found.reply.due_at == at("2026-03-13T11:30")
    assert cases.find(session, "Q1", ("S2",), as_of=NOW) is None
    assert cases.find(session, "Q2", (), as_of=NOW) is None
    assert found.row.id == row.id


def test_a_clock_that_runs_past_the_loaded_calendar_says_so(session):
    dealer = store(session)
    complaint(session, dealer, "2026-12-20T10:00", number="late")
    found = cases.find(session, "late", (), as_of=at("2026-12-21T10:00"))
    assert found.closing.unsure
    assert not found.reply.unsure
