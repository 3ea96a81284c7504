"""The weekly review: who may what, what closing freezes, and what becomes of a frozen number."""

import json
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from data import events, reviews
from data.commands import COMMANDS, Conflict, Forbidden, NotFound, Refused
from data.commands import reviews as commands
from data.models import Event, Improvement, ImprovementComplaint, Review, ReviewItem
from data.person import RIGHTS, SYSTEM, Right, Role
from data.reviews import freezing, weeks
from data.reviews.numbers import NUMBERS, REASONS
from data.scope import Scope
from tests.factories import account, at, came, complaint, delivered, employee, followup, store

WEEK, NEXT = "2026-W11", "2026-W12"  # 9 to 15 March, held on the 16th
NOW = at("2026-03-16T10:00")
LATER = NOW + timedelta(hours=1)
SOON = date(2026, 3, 20)


class House:
    """A store with a principal, a manager and quality staff, and two who do things."""

    def __init__(self, session):
        self.session, self.store = session, store(session)
        self.head = account(session, Role.PRINCIPAL, self.store)
        self.boss = account(session, Role.MANAGER, self.store)
        self.quality = account(session, Role.QUALITY, self.store)
        self.owner = employee(session, self.store, "Wang", role="manager")
        self.sits(self.boss)

    def sits(self, person, key=None):
        self.session.info.update(person=person, key=key, spent=set())

    def run(self, name, when=NOW, **values):
        with self.session.begin_nested():
            return getattr(commands, name)(self.session, now=when, **values)

    def begin(self, week=WEEK, **more):
        number = self.run("begin", store_id=self.store.id, week=week, **more)
        return self.session.get_one(Review, number)

    def decide(self, review, words="Call every late customer", when=NOW, **more):
        given = {"owner_id": self.owner.id, "due_on": SOON} | more
        number = self.run("decide", when, review_id=review.id, words=words, **given)
        return self.session.get_one(ReviewItem, number)

    def do(self, name, item, when=NOW, **values):
        version = values.pop("version", item.version)
        return self.run(name, when, item_id=item.id, version=version, **values)

    def close(self, review, when=NOW, **more):
        version = more.pop("version", review.version)
        return self.run("close", when, review_id=review.id, version=version)

    def minutes(self, week=WEEK, as_of=LATER):
        return reviews.minutes(self.session, "S1", week, as_of=as_of)

    def number(self, code, week=WEEK, as_of=LATER):
        found = self.minutes(week, as_of).numbers
        return next(one for one in found if one.number.code == code)

    def kinds(self, row):
        return [entry.kind for entry in events.history(self.session, row)]


@pytest.fixture
def house(session):
    return House(session)


def test_a_review_is_begun_once_and_by_anybody_who_prepares(house):
    first = house.begin()
    house.sits(house.quality)
    assert house.begin().id == first.id
    assert house.kinds(first) == ["opened"]
    assert (first.state, first.week, first.frozen) == ("open", WEEK, None)


WRONG = ("2026-W54", "2026-11", "W11", "2026-W13", "", "2026-W１１", "0001-W01", "0001-W02")


@pytest.mark.parametrize("week", WRONG)
def test_weeks_that_are_none_or_have_not_begun_have_no_review(house, week):
    with pytest.raises(Refused):
        house.begin(week)
    assert house.minutes(week) is None


def test_who_may_only_prepare_writes_words_and_nobody_is_given_work(house):
    review = house.begin()
    house.sits(house.quality)
    item = house.decide(review, owner_id=None, due_on=None)
    assert (item.owner_id, item.due_on, item.position) == (None, None, 1)
    with pytest.raises(Forbidden):
        house.decide(review)
    with pytest.raises(Forbidden):
        house.do("give", item, owner_id=house.owner.id, due_on=SOON)
    with pytest.raises(Forbidden):
        house.close(review)


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": "  "},
        {"owner_id": None},
        {"due_on": None},
        {"due_on": date(2026, 3, 15)},
        {"owner_id": 10**9},
        {"complaint_id": 10**9},
        {"action_id": 10**9},
    ],
)
def test_a_decision_has_words_somebody_of_the_store_and_a_day_to_come(house, wrong):
    with pytest.raises(Refused):
        house.decide(house.begin(), **wrong)
    assert house.session.scalars(select(ReviewItem)).all() == []


def test_an_attempt_sent_twice_decides_once(house):
    review = house.begin()
    house.sits(house.boss, key="k1")
    first = house.decide(review)
    house.sits(house.boss, key="k1")
    assert house.decide(review).id == first.id


def test_a_decision_is_given_reworded_and_dropped_while_the_review_is_open(house):
    review = house.begin()
    item = house.decide(review, owner_id=None, due_on=None)
    house.do("give", item, owner_id=house.owner.id, due_on=SOON)
    house.do("reword", item, words="Ring them all")
    assert (item.owner_id, item.due_on, item.words) == (house.owner.id, SOON, "Ring them all")
    told = house.minutes()
    house.do("drop", item)
    assert house.minutes().decisions == []
    assert [one.row.words for one in told.decisions] == ["Ring them all"]
    kinds = [entry.kind for entry in house.minutes().history]
    assert kinds == ["opened", "decided", "given", "reworded", "dropped"]


def test_two_who_change_a_decision_at_once_are_told(house):
    item = house.decide(house.begin())
    seen = item.version
    house.do("reword", item, words="Ring them all")
    with pytest.raises(Conflict):
        house.do("reword", item, words="Write to them all", version=seen)


def test_closing_wants_every_decision_to_have_somebody_and_a_day(house):
    review = house.begin()
    house.decide(review, "Nobody's", owner_id=None, due_on=None)
    with pytest.raises(Refused, match="Nobody's"):
        house.close(review)
    assert review.state == "open"


def test_who_closes_has_seen_every_decision(house):
    review = house.begin()
    seen = review.version
    house.decide(review)
    with pytest.raises(Conflict):
        house.close(review, version=seen)
    house.close(review)
    assert (review.state, review.closed_at, review.closed_by) == ("closed", NOW, house.boss.login)


def test_closing_freezes_every_number_with_its_definition_and_slice(house):
    review = house.begin()
    house.close(review)
    assert set(review.frozen) == {number.code for number in NUMBERS}
    assert json.loads(json.dumps(review.frozen)) == review.frozen
    for number in NUMBERS:
        kept = review.frozen[number.code]
        assert kept["definition"] == number.metric.definition
        assert number.value in kept["summary"]
        assert kept["title"] == number.title
        assert kept["scope"]["store"] == "S1"
        assert (kept["scope"]["from"], kept["scope"]["to"]) == ("2026-03-09", "2026-03-15")
        assert kept["scope"]["as_of"] == NOW.isoformat()


def test_a_closed_review_takes_nothing_but_ticks_and_new_dates(house):
    review = house.begin()
    item, other = house.decide(review), house.decide(review, "Board at the gate")
    house.close(review)
    frozen = review.frozen
    for write in (
        lambda: house.decide(review),
        lambda: house.do("give", item, owner_id=house.owner.id, due_on=SOON),
        lambda: house.do("reword", item, words="Else"),
        lambda: house.do("drop", item),
        lambda: house.do("act", item),
        lambda: house.close(review),
    ):
        with pytest.raises(Refused, match="closed"):
            write()
    house.do("tick", item, LATER)
    house.do("move", other, LATER, due_on=date(2026, 3, 27), reason="The painter is ill")
    assert (item.done_at, other.due_on) == (LATER, date(2026, 3, 27))
    assert review.frozen == frozen
    for again in ({}, {"due_on": SOON, "reason": "x"}):
        with pytest.raises(Refused, match="done already"):
            house.do("move" if again else "tick", item, LATER, **again)


def test_only_the_principal_opens_again_and_the_log_keeps_what_was_frozen(house):
    review = house.begin()
    house.close(review)
    frozen = review.frozen
    with pytest.raises(Forbidden, match="principal"):
        house.run("reopen", review_id=review.id, version=review.version, reason="Wrong week")
    house.sits(house.head)
    with pytest.raises(Refused):
        house.run("reopen", review_id=review.id, version=review.version, reason=" ")
    house.run("reopen", LATER, review_id=review.id, version=review.version, reason="Wrong week")
    last = events.history(house.session, review)[-1]
    assert (review.state, review.closed_at, last.kind) == ("open", None, "reopened")
    assert (last.data["reason"], last.data["frozen"]) == ("Wrong week", frozen)
    house.decide(review)
    house.close(review, LATER)
    assert review.frozen[NUMBERS[0].code]["scope"]["as_of"] == LATER.isoformat()


def test_a_decision_becomes_an_action_aimed_at_what_its_complaint_is_about(house):
    case = complaint(house.session, house.store, "2026-03-10T09:00", category="late_delivery")
    item = house.decide(house.begin(), complaint_id=case.id)
    told = house.do("act", item)
    action = house.session.get_one(Improvement, item.action_id)
    assert told["action"] == action.number
    assert (action.title, action.owner_id, action.due_on) == (item.words, house.owner.id, SOON)
    assert action.category_id == case.category_id
    links = house.session.scalars(select(ImprovementComplaint.complaint_id)).all()
    assert links == [case.id]
    with pytest.raises(Refused, match="already"):
        house.do("act", item)


def test_without_somebody_no_action_comes_of_it(house):
    item = house.decide(house.begin(), owner_id=None, due_on=None)
    with pytest.raises(Refused, match="who does it"):
        house.do("act", item)


def calls(house, *done, due="2026-03-11T12:00"):
    """Callbacks of the week; each is done at a local moment, or not at all."""
    return [
        followup(house.session, house.store, due, **({"completed_at": when} if when else {}))
        for when in done
    ]


def done(row, when):
    """The call turns out to be done at this local moment."""
    moment = at(when)
    row.state, row.respondent, row.attempts = "completed", "person_served", 1
    row.completed_at = row.ended_at = row.first_attempt_at = row.connected_at = moment


def test_what_became_of_a_frozen_number_is_split_into_late_entries_and_new_ones(house):
    waiting = calls(house, "2026-03-11T10:00", "2026-03-12T10:00", None, None, None)[2:]
    house.close(house.begin())
    done(waiting[0], "2026-03-13T10:00")  # entered late: it speaks of before the closing
    done(waiting[1], "2026-03-17T10:00")  # new: done after the closing
    house.session.flush()
    since = house.number("completion_rate", NEXT, at("2026-03-23T10:00")).compared
    parts = [(part.numerator, part.denominator) for part in (since.then, since.late, since.now)]
    assert parts == [(2, 5), (3, 5), (4, 5)]
    assert (since.then.value, since.now.value) == (pytest.approx(0.4), pytest.approx(0.8))
    assert (since.by_late, since.by_new) == (pytest.approx(0.2), pytest.approx(0.2))
    assert since.moved


def test_an_order_entered_late_moves_the_denominator(house):
    delivered(house.session, house.store, d20260310=50)
    complaint(house.session, house.store, "2026-03-10T09:00")
    house.close(house.begin())
    delivered(house.session, house.store, d20260311=50)
    complaint(house.session, house.store, "2026-03-18T09:00")  # of the next week
    since = house.number("complaints_per_1000_orders", NEXT, at("2026-03-23T10:00")).compared
    assert (since.then.value, since.late.value, since.now.value) == (20, 10, 10)
    assert (since.by_late, since.by_new) == (-10, 0)


def test_a_number_that_speaks_of_a_moment_moves_by_what_came_since(house):
    complaint(house.session, house.store, "2026-03-10T09:00")
    house.close(house.begin())
    complaint(house.session, house.store, "2026-03-14T09:00")  # entered late
    complaint(house.session, house.store, "2026-03-18T09:00")
    since = house.number("complaint_ageing#open", NEXT, at("2026-03-23T10:00")).compared
    assert (since.then.value, since.late.value, since.now.value) == (1, 2, 3)


@pytest.mark.parametrize("seed", range(3))
def test_both_parts_are_the_whole_difference_whatever_is_entered_when(house, seed):
    dice, held = Random(seed), NOW
    rows = calls(house, *([None] * 40))
    early = dice.sample(rows, 15)
    for row in early[:8]:
        done(row, "2026-03-12T10:00")
    house.session.flush()
    house.close(house.begin())
    fresh = dice.sample([row for row in rows if row not in early], 9)
    for row in early[8:]:
        done(row, "2026-03-15T18:00")
    for row in fresh:
        done(row, "2026-03-19T10:00")
    house.session.flush()
    since = house.number("completion_rate", NEXT, held + timedelta(days=7)).compared
    assert [part.numerator for part in (since.then, since.late, since.now)] == [8, 15, 24]
    whole = since.now.value - since.then.value
    assert since.by_late + since.by_new == pytest.approx(whole)


def test_a_closed_review_shows_what_was_frozen_whatever_comes_later(house):
    (waiting,) = calls(house, None)
    house.close(house.begin())
    done(waiting, "2026-03-13T10:00")
    house.session.flush()
    told = house.number("completion_rate").summary
    assert (told["numerator"], told["denominator"]) == (0, 1)
    assert house.minutes().closed


def test_the_lists_of_a_closed_review_are_those_it_was_held_with(house):
    case = complaint(house.session, house.store, "2026-02-02T09:00", severity="general")
    house.close(house.begin())
    came(house.session, house.store, "2025-06-01", fen=40_000)
    case.state, case.resolved_at = "resolved", LATER
    complaint(house.session, house.store, "2026-02-03T09:00", severity="general")
    week_later = at("2026-03-23T10:00")
    told = house.minutes(as_of=week_later)
    assert (told.at_stake.summary["value"], told.asked_at) == (0, NOW)
    assert case.number in [row["number"] for row in told.late]
    assert house.number("value_at_risk", as_of=week_later).summary["value"] == 0
    since = house.number("value_at_risk", NEXT, week_later).compared
    assert (since.then.value, since.late.value, since.now.value) == (0, 400, 400)


def test_the_reasons_of_lost_customers_are_frozen_one_by_one(house):
    review = house.begin()
    asked = {"key": "price", "kind": "internal", "count": 2, "share": 1.0, "year_yuan": 800.0}
    house.close(review)
    code = REASONS.code
    kept = review.frozen[code] | {"summary": {"cases": 2}, "rows": [asked]}
    review.frozen = {**review.frozen, code: kept}
    house.session.flush()
    assert house.minutes().reasons.frame.to_dict("records") == [asked]


def test_an_open_review_shows_the_numbers_as_they_are(house):
    (waiting,) = calls(house, None)
    house.begin()
    done(waiting, "2026-03-13T10:00")
    house.session.flush()
    assert house.number("completion_rate").summary["numerator"] == 1


def test_reviews_of_earlier_versions_stay_readable(house):
    calls(house, "2026-03-11T10:00", None)
    scope = {"store": "S1", "from": "2026-03-09", "to": "2026-03-15", "as_of": NOW.isoformat()}
    frozen = {
        "completion_rate": {"summary": {"value": 0.25}, "definition": "…", "scope": scope},
        "forgotten_metric": {"summary": {"value": 1}, "definition": "…", "scope": scope},
        "on_time_rate": {"summary": {"value": 0.5}, "definition": "…", "scope": {"store": "S1"}},
    }
    (found,) = freezing.then_and_now(house.session, frozen, now=LATER)
    assert (found.then.value, found.late.value) == (0.25, 0.5)
    assert found.number.code == "completion_rate"


def test_the_minutes_hold_the_agenda(house):
    before = house.begin("2026-W10", when=at("2026-03-09T10:00"))
    item = house.decide(before, "Call them", at("2026-03-09T10:00"), due_on=date(2026, 3, 12))
    house.close(before, at("2026-03-09T11:00"))
    late = complaint(house.session, house.store, "2026-02-02T09:00", severity="general")
    complaint(house.session, house.store, "2026-03-16T09:00", severity="general")
    house.do("tick", item, NOW)
    told = house.minutes()
    assert [(one.row.words, one.owner.name) for one in told.decided_before] == [
        ("Call them", "Wang")
    ]
    assert told.decided_before[0].row.done_at == NOW
    assert [row["number"] for row in told.late] == [late.number]
    assert [one.name for one in told.people] == ["Wang"]
    assert (told.review, told.before.id, told.over) == (None, before.id, True)
    assert [one.compared is not None for one in told.numbers] == [True] * len(NUMBERS)


def test_a_review_of_nothing_says_nothing_and_breaks_nothing(house):
    told = house.minutes()
    assert (told.late, told.overdue, told.decisions, told.decided_before) == ([], [], [], [])
    assert all(one.summary.get("value") in (None, 0) for one in told.numbers)
    assert reviews.held(house.session, Scope(as_of=NOW)) == []


def test_nobody_sees_or_writes_the_review_of_another_store(house):
    review = house.begin()
    item = house.decide(review)
    house.close(review)
    other = store(house.session, "S2")
    house.sits(account(house.session, Role.MANAGER, other))
    assert house.minutes() is None
    assert reviews.held(house.session, Scope(as_of=NOW)) == []
    for write in (
        lambda: reviews.find(house.session, "S1", WEEK),
        lambda: house.begin(),
        lambda: house.decide(review),
        lambda: house.do("tick", item),
        lambda: house.close(review),
    ):
        with pytest.raises(NotFound):
            write()


def test_a_complaint_of_another_store_is_not_taken_into_a_decision(house):
    other = store(house.session, "S2")
    house.sits(account(house.session, Role.MANAGER, house.store, other))
    theirs = complaint(house.session, other, "2026-03-10T09:00")
    with pytest.raises(NotFound):
        house.decide(house.begin(), complaint_id=theirs.id)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", [name for name in COMMANDS if name.startswith("reviews.")])
def test_the_role_says_who_may(house, name, role):
    wanted = COMMANDS[name].right
    assert wanted in (Right.PREPARE_REVIEW, Right.DECIDE_REVIEW)
    house.sits(account(house.session, role, house.store))
    if wanted not in RIGHTS[role]:
        with pytest.raises(Forbidden):
            COMMANDS[name].run(house.session)


def test_every_write_is_logged_by_whom_and_when(house):
    item = house.decide(house.begin())
    house.do("tick", item, LATER)
    (entry,) = house.session.scalars(select(Event).where(Event.kind == "ticked"))
    assert (entry.actor, entry.at, entry.subject_id) == (house.boss.login, LATER, item.id)
    assert house.boss.login != SYSTEM.login


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 3, 15), "2026-W11"),
        (date(2026, 3, 16), "2026-W12"),
        (date(2025, 12, 29), "2026-W01"),
        (date(2027, 1, 3), "2026-W53"),
    ],
)
def test_weeks_are_iso_weeks(day, name):
    week = weeks.of(day)
    assert str(week) == name
    assert weeks.read(name) == week
    assert str(week.after.before) == name
    assert (week.over(week.sunday), week.over(week.after.monday)) == (False, True)
