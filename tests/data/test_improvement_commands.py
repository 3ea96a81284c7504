"""Each write on an improvement action: who may, in which state, once only, and its event."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from data import events, improvements
from data.commands import COMMANDS, Conflict, Forbidden, NotFound, Refused, linking
from data.commands import improvements as commands
from data.improvements import checking, recurring
from data.models import Event, Improvement, ImprovementCheck, ImprovementComplaint
from data.person import RIGHTS, Right, Role
from tests.factories import account, at, category_id, complaint, delivered, employee, store

NOW = at("2026-03-10T14:00")
LATER = NOW + timedelta(hours=2)
SOON = date(2026, 3, 20)
MOVES = {
    "start": {},
    "finish": {},
    "assign": {"owner_id": "other"},
    "put_off": {"due_on": date(2026, 4, 1), "reason": "Parts are late"},
    "cancel": {"reason": "The maker does it"},
    "note": {"words": "Seen at the gate"},
}


class House:
    """A store with a manager, quality staff and two people who do things."""

    def __init__(self, session):
        self.session, self.store = session, store(session)
        self.boss = account(session, Role.MANAGER, self.store)
        self.quality = account(session, Role.QUALITY, self.store)
        self.owner = employee(session, self.store, "Wang", role="manager")
        self.other = employee(session, self.store, "Zhao", role="adviser")
        self.sits(self.boss)

    def sits(self, person, key=None):
        self.session.info.update(person=person, key=key, spent=set())

    def open(self, **more):
        plain = {"title": "Board at the gate", "owner_id": self.owner.id, "due_on": SOON}
        plain |= {"store_id": self.store.id, "now": NOW, "category": "late_delivery"}
        number = commands.open_improvement(self.session, **plain | more)
        return self.session.scalars(select(Improvement).where(Improvement.number == number)).one()

    def do(self, name, action, when=LATER, **values):
        values = {key: self.other.id if said == "other" else said for key, said in values.items()}
        version = values.pop("version", action.version)
        with self.session.begin_nested():
            command = getattr(commands, name, None) or getattr(linking, name)
            return command(self.session, action_id=action.id, version=version, now=when, **values)

    def complaint(self, opened, **more):
        return complaint(self.session, self.store, opened, category="late_delivery", **more)

    def kinds(self, action):
        return [entry.kind for entry in events.history(self.session, action)]

    def before_and_after(self, before, after):
        """So many complaints in 1,000 orders before March, and in 1,000 since."""
        delivered(self.session, self.store, d20260201=1000, d20260302=1000)
        for number in range(before):
            self.complaint(f"2026-02-{number % 27 + 1:02}T10:00")
        for number in range(after):
            self.complaint(f"2026-03-{number % 7 + 2:02}T10:00")

    def done(self, **more):
        """An action done on the first of March."""
        action = self.open(**{"now": at("2026-02-20T09:00")} | more)
        self.do("finish", action, when=NOW - timedelta(days=1), done_on=date(2026, 3, 1))
        return action


@pytest.fixture
def house(session):
    return House(session)


def test_it_is_opened_with_an_owner_and_a_date(house):
    case = house.complaint("2026-03-01T10:00")
    action = house.open(complaints=[case.id], cause="Nobody asks for the parts")
    assert (action.number, action.state, action.kind) == ("A2603-01", "open", "corrective")
    assert (action.owner_id, action.due_on, action.original_due_on) == (house.owner.id, SOON, SOON)
    assert action.category_id == category_id(house.session, "late_delivery")
    assert (action.created_by, action.created_at) == (house.boss.login, NOW)
    link = house.session.scalars(select(ImprovementComplaint)).one()
    assert (link.complaint_id, link.informed_at) == (case.id, None)
    opened = events.history(house.session, action)[0]
    assert (opened.kind, opened.data["due_on"]) == ("opened", "2026-03-20")
    assert house.open().number == "A2603-02"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"owner_id": None}, "who does it"),
        ({"due_on": None}, "until when"),
        ({"due_on": date(2026, 3, 9)}, "until when"),
        ({"title": " "}, "what is to be done"),
        ({"title": "x" * 201}, "too long"),
        ({"kind": "wish"}, "Choose one of"),
        ({"category": "rain"}, "no category"),
        ({"dimension": "tact"}, "Aim at one thing"),
        ({"category": None, "dimension": "rain"}, "no dimension"),
        ({"category": None, "adviser_id": "other"}, "needs the category"),
        ({"complaints": [999]}, "no such complaint"),
    ],
)
def test_half_of_it_is_refused(house, wrong, words):
    wrong = {key: house.other.id if said == "other" else said for key, said in wrong.items()}
    with pytest.raises(Refused, match=words):
        house.open(**wrong)


def test_only_a_training_has_its_six_questions(house):
    said = {"who": "Advisers", "where": "Room 2", "rain": "x", "how": " "}
    assert house.open(kind="training", training=said).training == {
        "who": "Advisers",
        "where": "Room 2",
    }
    assert house.open(kind="corrective", training=said).training is None


def test_a_twice_sent_form_opens_one(house):
    house.sits(house.boss, key="once")
    first = house.open()
    house.sits(house.boss, key="once")
    assert house.open().number == first.number
    assert house.session.scalar(select(func.count(Improvement.id))) == 1


def test_it_goes_from_open_to_done(house):
    action = house.open()
    house.do("start", action)
    assert (action.state, action.started_at) == ("in_progress", LATER)
    house.do("finish", action)
    assert (action.state, action.done_at) == ("done", LATER)
    assert house.kinds(action) == ["opened", "started", "done"]


def test_it_may_have_been_done_on_an_earlier_day(house):
    action = house.open(now=at("2026-03-05T10:00"))
    house.do("finish", action, done_on=date(2026, 3, 8))
    assert action.done_at.date() == date(2026, 3, 8)
    for day in (date(2026, 3, 11), date(2026, 3, 4)):
        with pytest.raises(Refused, match="between the day it was opened and today"):
            house.do("finish", house.open(now=at("2026-03-05T10:00")), done_on=day)


def test_a_deadline_moves_with_a_reason_and_the_first_one_stays(house):
    action = house.open()
    with pytest.raises(Refused, match="why the deadline moves"):
        house.do("put_off", action, due_on=date(2026, 4, 1), reason=" ")
    house.do("put_off", action, due_on=date(2026, 4, 1), reason="Parts are late")
    assert (action.due_on, action.original_due_on) == (date(2026, 4, 1), SOON)
    house.do("assign", action, owner_id="other", due_on=date(2026, 4, 9), reason="He is away")
    assert (action.owner_id, action.due_on) == (house.other.id, date(2026, 4, 9))
    found = improvements.by_id(house.session, action.id, as_of=LATER)
    assert [(each.before, each.after, each.reason) for each in found.moved] == [
        (SOON, date(2026, 4, 1), "Parts are late"),
        (date(2026, 4, 1), date(2026, 4, 9), "He is away"),
    ]


def test_what_the_state_does_not_allow_is_refused_and_says_what_is(house):
    action = house.open()
    with pytest.raises(Refused, match=r"open; this is possible only when it is done"):
        house.do("verify", action)
    house.do("cancel", action, reason="The maker does it")
    with pytest.raises(Refused, match="cancelled; this is possible only"):
        house.do("finish", action)
    house.do("reopen", action, reason="The maker does not")
    assert (action.state, action.cancelled_at, action.reopened) == ("in_progress", None, 1)


@pytest.mark.parametrize("move", MOVES)
def test_a_twice_sent_form_is_written_once(house, move):
    action = house.open()
    version = action.version
    for _ in range(2):
        house.sits(house.boss, key="once")
        house.do(move, action, version=version, **MOVES[move])
    assert len(house.kinds(action)) == 2


@pytest.mark.parametrize("move", [move for move in MOVES if move != "note"])
def test_whoever_saves_second_is_told_who_was_first(house, move):
    action = house.open()
    version = action.version
    house.do("put_off", action, due_on=date(2026, 5, 1), reason="First")
    with pytest.raises(Conflict) as clash:
        house.do(move, action, version=version, **MOVES[move])
    assert [entry.kind for entry in clash.value.since] == ["put_off"]


def test_what_belongs_to_another_store_is_not_there(house):
    elsewhere = store(house.session, "S2")
    action = house.open()
    house.sits(account(house.session, Role.MANAGER, elsewhere))
    with pytest.raises(NotFound):
        house.do("start", action)
    with pytest.raises(NotFound):
        house.open()


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_the_table_says(house, role):
    action = house.open()
    house.sits(account(house.session, role, house.store))
    if Right.RUN_IMPROVEMENTS in RIGHTS[role]:
        house.do("start", action)
    else:
        with pytest.raises(Forbidden):
            house.do("start", action)


def test_every_command_names_its_right():
    mine = {
        name: one.right
        for name, one in COMMANDS.items()
        if name.startswith(("improvements.", "linking."))
    }
    assert mine.pop("improvements.verify") is Right.VERIFY_IMPROVEMENTS
    assert set(mine.values()) == {Right.RUN_IMPROVEMENTS}


# --- the effect ------------------------------------------------------------------------------


def test_the_figures_decide_that_it_helped(house):
    house.before_and_after(10, 2)
    action = house.done()
    house.do("verify", action)
    assert (action.state, action.verdict, action.verified_at) == ("effective", "effective", LATER)
    verified = events.history(house.session, action)[-1]
    numbers = {key: verified.data["numbers"][key] for key in ("before", "orders_before", "after")}
    assert numbers == {"before": 10, "orders_before": 1000, "after": 2}


def test_the_figures_decide_that_it_did_not_help_and_it_is_worked_on_again(house):
    house.before_and_after(5, 5)
    action = house.done()
    house.do("verify", action)
    assert (action.state, action.verdict) == ("not_effective", "not_effective")
    house.do("start", action)
    assert action.state == "in_progress"


def test_what_is_not_proven_cannot_be_verified_and_says_how_much_is_missing(house):
    house.before_and_after(20, 12)
    action = house.done()
    with pytest.raises(Refused, match=r"Not yet proven: about \d+ more orders are needed"):
        house.do("verify", action)
    assert (action.state, action.verdict) == ("done", None)


def test_an_action_aimed_at_nothing_has_no_effect_to_verify(house):
    with pytest.raises(Refused, match="aimed at nothing that is counted"):
        house.do("verify", house.done(category=None))


def test_complaints_of_the_categories_below_and_of_the_adviser_alone_are_counted(house):
    house.before_and_after(6, 1)
    whole = house.done(category="waiting")
    found = improvements.by_id(house.session, whole.id, as_of=LATER).measured
    assert (found.effect.before, found.effect.after, found.unit) == (6, 1, "orders")
    his = house.done(adviser_id=house.other.id)
    found = improvements.by_id(house.session, his.id, as_of=LATER).measured
    assert (found.effect.before, found.effect.orders_before) == (0, 0)


def test_quality_staff_do_not_verify_what_is_their_own(house):
    house.before_and_after(10, 2)
    theirs = house.done()
    house.sits(house.quality)
    mine = house.done()
    with pytest.raises(Forbidden, match="Somebody else must verify"):
        house.do("verify", mine)
    house.do("verify", theirs)
    house.sits(house.boss)
    house.do("verify", mine)
    house.owner.user_id = house.quality.id
    given = house.done()
    house.sits(house.quality)
    with pytest.raises(Forbidden):
        house.do("verify", given)


# --- those who complained --------------------------------------------------------------------


def test_customers_are_told_once_it_is_done(house):
    case = house.complaint("2026-02-11T10:00")
    action = house.open(complaints=[case.id])
    with pytest.raises(Refused, match="only when it is done"):
        house.do("inform", action, complaint_id=case.id)
    house.do("finish", action)
    house.do("inform", action, complaint_id=case.id)
    linked = improvements.by_id(house.session, action.id, as_of=LATER).linked
    assert [(each.complaint.id, each.informed_at) for each in linked] == [(case.id, LATER)]
    with pytest.raises(Refused, match="told already"):
        house.do("inform", action, complaint_id=case.id)
    with pytest.raises(Refused, match="the link stays"):
        house.do("unlink", action, complaint_id=case.id)


def test_a_complaint_is_linked_once_and_may_be_taken_off(house):
    case, action = house.complaint("2026-02-11T10:00"), house.open()
    house.do("link", action, complaint_id=case.id)
    with pytest.raises(Refused, match="linked already"):
        house.do("link", action, complaint_id=case.id)
    house.do("unlink", action, complaint_id=case.id)
    assert house.session.scalar(select(func.count(ImprovementComplaint.id))) == 0


# --- looking again ---------------------------------------------------------------------------


def looks(house, action):
    query = select(ImprovementCheck).where(ImprovementCheck.action_id == action.id)
    found = house.session.scalars(query.order_by(ImprovementCheck.days)).all()
    return [(each.days, each.verdict) for each in found]


def checked(house, when):
    """What the worker does then, in this transaction."""
    return checking.look(house.session, at(when)), recurring.settle(house.session, now=at(when))


def test_the_worker_looks_after_thirty_sixty_and_ninety_days_and_each_time_once(house):
    house.before_and_after(10, 2)
    action = house.done()
    assert checked(house, "2026-03-31T23:00") == (0, 0)
    assert checked(house, "2026-04-01T01:00") == (1, 0)
    assert checked(house, "2026-04-01T02:00") == (0, 0)
    assert (action.state, action.verdict) == ("done", "effective")
    assert checked(house, "2026-06-20T01:00") == (2, 0)
    assert looks(house, action) == [(30, "effective"), (60, "effective"), (90, "effective")]
    assert house.kinds(action)[-2:] == ["checked", "checked"]


def test_done_anew_it_is_looked_at_anew(house):
    house.before_and_after(10, 2)
    action = house.done()
    checked(house, "2026-04-02T01:00")
    house.do("reopen", action, reason="It came again")
    house.do("finish", action, when=at("2026-04-10T10:00"))
    assert checked(house, "2026-05-12T01:00") == (1, 0)
    assert [days for days, _ in looks(house, action)] == [30, 30]


def test_a_linked_complaint_soon_after_takes_it_up_again(house):
    house.before_and_after(10, 2)
    action = house.done()
    house.do("verify", action)
    again = house.complaint("2026-03-20T10:00")
    found = improvements.by_id(house.session, action.id, as_of=at("2026-03-21T10:00"))
    assert [each.id for each in found.again] == [again.id]
    house.do("link", action, when=at("2026-03-21T10:00"), complaint_id=again.id)
    assert (action.state, action.reopened, action.verdict) == ("in_progress", 1, None)


def test_the_same_root_cause_takes_it_up_again_by_itself(house):
    house.before_and_after(10, 2)
    action = house.done(cause="Nobody asks  for the parts")
    house.do("verify", action)
    house.complaint("2026-03-20T10:00", root_cause="Something else")
    assert checked(house, "2026-03-21T10:00") == (0, 0)
    house.complaint("2026-03-22T10:00", root_cause="nobody asks for the parts ")
    assert checked(house, "2026-03-23T10:00") == (0, 1)
    last = house.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert (last.kind, last.data["recurred"]) == ("reopened", True)
    assert checked(house, "2026-03-24T10:00") == (0, 0)


@pytest.mark.parametrize(
    ("opened", "category"), [("2026-06-09T10:00", "late_delivery"), ("2026-03-20T10:00", "brakes")]
)
def test_later_or_of_something_else_it_is_no_recurrence(house, opened, category):
    house.before_and_after(10, 2)
    action = house.done()
    house.do("verify", action)
    other = complaint(house.session, house.store, opened, category=category)
    house.do("link", action, when=at("2026-06-10T10:00"), complaint_id=other.id)
    assert action.state == "effective"
