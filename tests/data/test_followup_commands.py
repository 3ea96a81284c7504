"""Each write on a callback: whose it is, what may be said, once only, and its event."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data import events
from data.commands import COMMANDS, Conflict, Forbidden, NotFound, Refused, desk, followups
from data.models import (
    CallAttempt,
    Complaint,
    Event,
    FollowupRule,
    KnownIssue,
    LowReason,
    Promise,
    Question,
    SurveyAnswer,
    SurveyResponse,
)
from data.person import Role
from tests.factories import (
    account,
    at,
    customer,
    employee,
    followup,
    order,
    response,
    store,
    vehicle,
)

DUE = "2026-03-11T10:00"
NOW = at("2026-03-10T14:00")
OWED = "planned or due"
FINE = {"respondent": "owner"}


class Desk:
    """A store with two agents, a manager, and a call that nobody has taken."""

    def __init__(self, session):
        self.session, self.store = session, store(session)
        self.anna, self.bo = (account(session, Role.AGENT, self.store) for _ in range(2))
        self.boss = account(session, Role.MANAGER, self.store)
        self.customer = customer(session, self.store, phone="13800000000")
        self.car = vehicle(session, self.store, customer_id=self.customer.id)
        self.order = order(session, self.store, self.car, "2026-03-10T10:00")
        self.task = self.owed()
        self.sits(self.anna)

    def owed(self, due=DUE, **more):
        plain = {
            "customer_id": self.customer.id,
            "vehicle_id": self.car.id,
            "order_id": self.order.id,
            "state": "planned",
        }
        return followup(self.session, self.store, due, **plain | more)

    def sits(self, person):
        self.session.info["person"] = person

    def me(self):
        return desk.employee_of(self.session, self.store.id, NOW)

    def do(self, name, task=None, when=NOW, **values):
        task = task or self.task
        version = values.pop("version", task.version)
        with self.session.begin_nested():  # a refused write is rolled back, as in life
            command = getattr(followups, name)
            return command(self.session, followup_id=task.id, version=version, now=when, **values)

    def history(self, task=None):
        return events.history(self.session, task or self.task)

    def kinds(self, task=None):
        return [entry.kind for entry in self.history(task)]

    def rule(self, **values):
        rule = self.session.get_one(FollowupRule, self.task.rule_id)
        for name, value in values.items():
            setattr(rule, name, value)
        self.session.flush()
        return rule


@pytest.fixture
def here(session):
    return Desk(session)


def refused(here, words, name="record", **values):
    """The write is refused with these words, and leaves nothing behind."""
    before = here.session.scalar(select(func.count(Event.id)))
    values = (FINE if name == "record" else {}) | values
    with pytest.raises(Refused, match=words):
        here.do(name, **values)
    assert here.session.scalar(select(func.count(Event.id))) == before
    assert (here.task.ended_at, here.task.attempts) == (None, 0)
    assert here.session.scalars(select(SurveyResponse)).all() == []
    return True


# --- whose it is ---------------------------------------------------------------------------------


def test_a_free_callback_is_taken_and_given_back(here):
    here.do("take")
    me = here.me()
    assert here.task.agent_id == me.id
    assert (me.name, me.role, me.user_id) == (here.anna.name, "agent", here.anna.id)
    assert here.history()[-1].data == {
        "version": 1, "agent_id": me.id, "agent": me.name, "from_agent_id": None,
    }  # fmt: skip
    here.do("release")
    assert here.task.agent_id is None
    assert here.kinds() == ["taken", "released"]


def test_what_somebody_has_is_not_taken_again(here):
    here.do("take")
    with pytest.raises(Refused, match="has this callback already"):
        here.do("take")
    here.sits(here.boss)
    with pytest.raises(Refused, match="has this callback already"):
        here.do("take")


def test_what_nobody_has_cannot_be_given_back(here):
    assert refused(here, "free already", "release")


@pytest.mark.parametrize("name", ["take", "release", "attempt", "record"])
def test_a_callback_of_another_agent_does_not_exist(here, name):
    here.do("take")
    here.sits(here.bo)
    values = {"attempt": {"result": "busy"}, "record": FINE}.get(name, {})
    with pytest.raises(NotFound, match="no such callback"):
        here.do(name, **values)
    with pytest.raises(NotFound):
        followups.reveal_phone(here.session, followup_id=here.task.id, now=NOW)


def test_who_saw_it_free_is_told_who_took_it(here):
    opened_with = here.task.version
    here.do("take")
    here.do("attempt", result="busy")
    here.sits(here.bo)
    with pytest.raises(Conflict) as conflict:
        here.do("record", version=opened_with, **FINE)
    (theirs,) = conflict.value.since
    assert (theirs.kind, theirs.actor) == ("taken", here.anna.login)


def test_who_had_it_is_told_that_it_was_handed_over(here):
    here.do("take")
    opened_with, bo = here.task.version, employee(here.session, here.store, "Bo")
    here.sits(here.boss)
    here.do("hand_over", agent_id=bo.id)
    here.sits(here.anna)
    with pytest.raises(Conflict) as conflict:
        here.do("record", version=opened_with, **FINE)
    (theirs,) = conflict.value.since
    assert theirs.data["from_agent"] == here.anna.name
    assert theirs.data["agent"] == "Bo"
    with pytest.raises(NotFound):
        here.do("record", **FINE)


def test_who_had_it_before_sees_no_more_of_it(here):
    here.do("take")
    here.do("release")
    seen_by_bo = here.task.version
    here.sits(here.bo)
    here.do("take")
    here.do("attempt", result="busy", note="Secret")
    here.sits(here.anna)
    with pytest.raises(NotFound):
        here.do("record", version=here.task.version - 1, **FINE)
    with pytest.raises(Conflict) as conflict:
        here.do("record", version=seen_by_bo, **FINE)
    assert [entry.kind for entry in conflict.value.since] == ["taken"]


def test_a_free_callback_that_was_called_off_is_said_to_be_so(here):
    opened_with = here.task.version
    here.sits(here.boss)
    here.do("cancel", reason="Called already")
    here.sits(here.anna)
    with pytest.raises(Conflict) as conflict:
        here.do("record", version=opened_with, **FINE)
    assert conflict.value.since[0].data["reason"] == "Called already"
    with pytest.raises(NotFound):
        here.do("record", **FINE)


def test_a_callback_of_another_store_does_not_exist(here):
    here.sits(account(here.session, Role.MANAGER, store(here.session, "S2")))
    here.session.expunge_all()
    with pytest.raises(NotFound):
        here.do("record", **FINE)


def test_managers_hand_over_to_somebody_of_the_store(here):
    here.sits(here.boss)
    li = employee(here.session, here.store, "Li")
    here.do("hand_over", agent_id=li.id)
    assert here.task.agent_id == li.id
    with pytest.raises(Refused, match="Li has this callback already"):
        here.do("hand_over", agent_id=li.id)
    li.active = False
    for nobody in (None, 999_999, li.id):
        with pytest.raises(NotFound, match="no such active employee"):
            here.do("hand_over", agent_id=nobody)


def test_an_employee_of_another_store_cannot_have_it(here):
    here.sits(account(here.session, Role.MANAGER, here.store, other := store(here.session, "S2")))
    with pytest.raises(NotFound):
        here.do("hand_over", agent_id=employee(here.session, other, "Far").id)


def test_calling_off_needs_a_reason(here):
    here.sits(here.boss)
    with pytest.raises(Refused, match="why the callback is not made"):
        here.do("cancel", reason="  ")
    here.do("cancel", reason="The car was scrapped")
    assert (here.task.state, here.task.ended_at) == ("cancelled", NOW)
    assert here.history()[-1].data["reason"] == "The car was scrapped"


def test_the_person_is_entered_once_as_an_employee_of_each_store(here):
    first, second = here.me(), here.me()
    assert first.id == second.id
    assert [entry.kind for entry in events.history(here.session, first)] == ["entered"]


def test_an_employee_the_store_knows_already_is_the_one(here):
    known = employee(here.session, here.store, "Anna Li", user_id=here.anna.id)
    here.do("take")
    assert here.task.agent_id == known.id


# --- tries ---------------------------------------------------------------------------------------


def test_a_try_is_noted_and_tried_again_after_the_hours_of_the_rule(here):
    said = here.do("attempt", result="no_answer", note="Rang long")
    assert (here.task.state, here.task.attempts) == ("due", 1)
    assert here.task.first_attempt_at == NOW
    assert here.task.next_try_at == at("2026-03-10T17:00")
    (call,) = here.session.scalars(select(CallAttempt))
    assert (call.at, call.result, call.channel, call.note) == (
        NOW, "no_answer", "phone", "Rang long",
    )  # fmt: skip
    assert call.agent_id == here.me().id
    assert said["next_try_at"] == here.task.next_try_at.isoformat()
    assert (said["state"], here.kinds()) == ("due", ["tried"])


def test_a_try_from_the_pool_leaves_the_callback_there(here):
    here.do("attempt", result="busy", channel="wechat")
    assert here.task.agent_id is None
    assert here.session.scalars(select(CallAttempt.channel)).all() == ["wechat"]


@pytest.mark.parametrize(
    ("when", "own", "again"),
    [
        ("2026-03-10T18:00", None, "2026-03-11T09:00"),  # 21:00 is past the rule's window
        ("2026-03-10T17:00", None, "2026-03-11T09:00"),  # the window is shut at its very end
        ("2026-03-10T05:00", None, "2026-03-10T09:00"),
        ("2026-03-10T10:00", "17:00-20:00", "2026-03-10T17:00"),
        ("2026-03-10T14:00", "09:00-12:00", "2026-03-11T09:00"),
        ("2026-03-10T14:00", "after lunch", "2026-03-10T17:00"),  # no window: the rule's
        ("2026-03-10T14:00", "20:00-09:00", "2026-03-10T17:00"),
    ],
)
def test_the_next_try_falls_into_the_window_of_the_customer_or_the_rule(here, when, own, again):
    here.customer.call_window = own
    here.do("attempt", when=at(when), result="no_answer")
    assert here.task.next_try_at == at(again)


def test_a_window_is_that_of_the_clock_of_the_store(session):
    far = store(session, "S9", zone="Asia/Urumqi")
    session.info["person"] = account(session, Role.AGENT, far)
    task = followup(session, far, "2026-03-11T10:00")
    late = at("2026-03-10T18:00", "Asia/Urumqi")
    followups.attempt(session, followup_id=task.id, version=1, now=late, result="busy")
    assert task.next_try_at == at("2026-03-11T09:00", "Asia/Urumqi")


def test_a_time_the_customer_asked_for_goes_before_any_window(here):
    here.do("attempt", result="busy", next_try_at=at("2026-03-10T21:30"))
    assert here.task.next_try_at == at("2026-03-10T21:30")


@pytest.mark.parametrize(
    ("wished", "words"),
    [
        ("2026-03-10T14:00", "a time to come"),
        ("2026-03-25T10:00", r"given up at 2026-03-25 10:00\. Choose an earlier time"),
    ],
)
def test_the_next_try_lies_ahead_and_before_the_callback_is_given_up(here, wished, words):
    assert refused(here, words, "attempt", result="busy", next_try_at=at(wished))


@pytest.mark.parametrize(
    ("result", "state"),
    [
        ("suspended", "invalid_number"),
        ("empty_number", "invalid_number"),
        ("refused", "refused"),
        ("car_sold", "cancelled"),
    ],
)
def test_some_results_end_a_callback(here, result, state):
    here.do("attempt", result=result)
    assert (here.task.state, here.task.ended_at, here.task.next_try_at) == (state, NOW, None)
    with pytest.raises(Refused, match=f"is {state}; this is possible only when it is planned"):
        here.sits(here.boss) or here.do("attempt", result="busy")


@pytest.mark.parametrize(
    "result",
    ["no_answer", "busy", "switched_off", "unreachable", "away", "other"],
)
def test_the_last_try_ends_it_as_not_reached(here, result):
    here.rule(attempts=2)
    here.do("attempt", result=result)
    assert here.task.ended_at is None
    later = NOW + timedelta(days=1)
    here.do("attempt", when=later, result=result)
    assert (here.task.state, here.task.ended_at) == ("unreachable", later)
    assert here.kinds() == ["tried", "tried"]


def test_when_to_try_again_is_not_asked_of_a_call_that_is_over(here):
    here.do("attempt", result="refused", next_try_at=at("2026-03-25T10:00"))
    assert (here.task.state, here.task.next_try_at) == ("refused", None)
    last, task = here.rule(attempts=1), here.owed()
    here.do("attempt", task, result="busy", next_try_at=NOW + timedelta(hours=3))
    assert (last.attempts, task.state, task.next_try_at) == (1, "unreachable", None)


def test_with_no_time_left_it_ends_as_not_reached(here):
    last_evening = at("2026-03-24T18:00")  # given up on the 25th at ten
    here.rule(window="11:00-20:00")
    said = here.do("attempt", when=last_evening, result="no_answer")
    assert (here.task.state, said["state"]) == ("unreachable", "unreachable")


def test_a_call_that_was_had_is_no_mere_try(here):
    assert refused(here, "is recorded", "attempt", result="connected")


@pytest.mark.parametrize("values", [{"result": "asleep"}, {"result": "busy", "channel": "pigeon"}])
def test_a_try_is_of_a_known_kind(here, values):
    assert refused(here, "Choose one of", "attempt", **values)


def test_a_callback_without_a_rule_is_tried_five_times(here):
    task = here.owed(rule=None)
    for day in range(5):
        assert task.ended_at is None
        here.do("attempt", task, when=NOW + timedelta(days=day), result="busy")
    assert task.state == "unreachable"


# --- the call that was had -----------------------------------------------------------------------


def full(**more):
    """Every question answered with 5, unless said otherwise."""
    return {"timeliness": {"score": 5}, **more}


def answers_of(session):
    rows = session.execute(
        select(Question.code, SurveyAnswer.score, SurveyAnswer.reason, SurveyAnswer.remark).join(
            Question, Question.id == SurveyAnswer.question_id
        )
    )
    return {code: (score, reason, remark) for code, score, reason, remark in rows}


def test_a_call_is_recorded_with_all_that_was_said(here):
    began = at("2026-03-10T13:50")
    said = here.do(
        "record",
        respondent="person_served",
        started_at=began,
        talk_s=330,
        overall=4,
        nps=9,
        answers={
            "timeliness": {"score": 2, "reason": "too_slow"},
            "flow": {"score": 1, "remark": "Waited twice"},
            "guidance": {"score": 5, "reason": None, "remark": None},
            "adaptability": {"remark": "Did not notice"},
        },
        comment=" All in all well ",
    )
    task, ended = here.task, at("2026-03-10T13:55:30")
    assert (task.state, task.respondent, task.talk_s) == ("completed", "person_served", 330)
    assert (task.connected_at, task.completed_at, task.ended_at) == (began, ended, ended)
    assert (task.attempts, task.first_attempt_at, task.agent_id) == (1, began, here.me().id)
    answered = here.session.scalars(select(SurveyResponse)).one()
    assert (answered.overall, answered.nps, answered.comment) == (4, 9, "All in all well")
    assert (answered.lowest, answered.asked, answered.blank) == (1, 7, 4)
    assert (answered.answered_at, answered.answered_on.isoformat()) == (ended, "2026-03-10")
    assert (answered.callback_id, answered.order_id, answered.vehicle_id) == (
        task.id, here.order.id, here.car.id,
    )  # fmt: skip
    lines = answers_of(here.session)
    assert lines["timeliness"] == (2, "too_slow", None)
    assert lines["flow"] == (1, None, "Waited twice")
    assert lines["adaptability"] == (None, None, "Did not notice")
    assert lines["anticipation"] == (None, None, None), "required, and left open"
    assert "tact" not in lines, "not required, and left open"
    (call,) = here.session.scalars(select(CallAttempt))
    assert (call.at, call.result, call.duration_s) == (began, "connected", 330)
    (entry,) = here.history()
    assert entry.kind == "recorded"
    assert said.items() <= entry.data.items()
    facts = ("respondent", "overall", "nps", "lowest", "asked", "blank", "complaint")
    assert [said[key] for key in facts] == ["person_served", 4, 9, 1, 7, 4, None]


def test_a_call_that_is_recorded_has_one_version_more(here):
    version = here.task.version
    here.do("record", respondent="person_served", overall=5, nps=10)
    assert here.task.version == version + 1


@pytest.mark.parametrize("respondent", ["person_served", "owner", "other"])
def test_whoever_answers_the_call_is_over(here, respondent):
    here.do("record", respondent=respondent, overall=5)
    assert (here.task.state, here.task.respondent) == ("completed", respondent)
    assert here.session.scalars(select(SurveyResponse.overall)).all() == [5]


def test_after_tries_the_first_of_them_stays_the_first(here):
    here.do("attempt", result="busy")
    here.do("record", when=NOW + timedelta(hours=4), **FINE)
    task = here.task
    assert (task.attempts, task.first_attempt_at, task.next_try_at) == (2, NOW, None)
    assert task.connected_at == task.completed_at == NOW + timedelta(hours=4)


def test_blank_is_not_zero(here):
    here.do("record", **FINE)
    answered = here.session.scalars(select(SurveyResponse)).one()
    assert (answered.overall, answered.nps, answered.lowest) == (None, None, None)
    assert (answered.asked, answered.blank) == (7, 7)
    assert set(answers_of(here.session).values()) == {(None, None, None)}


def test_nought_is_an_answer_where_the_scale_has_it(here):
    here.do("record", **FINE, nps=0)
    assert here.session.scalars(select(SurveyResponse.nps)).all() == [0]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"overall": 0}, "overall answer is a whole number from 1 to 5"),
        ({"overall": 6}, "from 1 to 5"),
        ({"overall": 4.5}, "from 1 to 5"),
        ({"overall": True}, "from 1 to 5"),
        ({"overall": "5"}, "from 1 to 5"),
        ({"overall": 10**30}, "too large"),
        ({"nps": 11}, "from 0 to 10"),
        ({"nps": -1}, "from 0 to 10"),
        ({"answers": {"flow": {"score": 0}}}, "An answer to flow is a whole number from 1 to 5"),
        ({"answers": {"flow": {"score": 6}}}, "from 1 to 5"),
        ({"answers": {"flow": {"score": False}}}, "from 1 to 5"),
        ({"answers": {"smell": {"score": 5}}}, "no question smell"),
        ({"answers": {"flow": {"stars": 5}}}, "but no stars"),
        ({"answers": {"flow": {"score": 2}}}, "needs a reason or a remark: flow"),
        ({"answers": {"flow": {"score": 1, "remark": "  "}}}, "needs a reason or a remark"),
        ({"answers": {"flow": {"score": 2, "reason": "rain"}}}, "Choose one of: too_slow"),
        ({"answers": {"flow": {"remark": "x" * 4001}}}, "too long"),
        ({"overall": 2}, "low overall answer needs a reason"),
        ({"overall": 1, "comment": " "}, "low overall answer needs a reason"),
        ({"overall": 1, "reason": "rain"}, "Choose one of: too_slow"),
        ({"comment": "x" * 4001}, "too long"),
        ({"comment": "a\0b"}, "cannot be stored"),
        ({"respondent": "the dog"}, "Choose one of: person_served"),
        ({"talk_s": -1}, "from 0 seconds to 4 hours"),
        ({"talk_s": 4 * 3600 + 1}, "from 0 seconds to 4 hours"),
        ({"talk_s": 1.5}, "from 0 seconds to 4 hours"),
        ({"started_at": NOW + timedelta(seconds=1)}, "later than now"),
        ({"started_at": NOW - timedelta(days=7, seconds=1)}, "within 7 days"),
        ({"started_at": NOW - timedelta(minutes=5), "talk_s": 361}, "until later than now"),
        ({"issues": [999_999]}, "no such known issue"),
    ],
)
def test_what_cannot_be_is_refused(here, values, words):
    assert refused(here, words, **values)


@pytest.mark.parametrize("why", [{"reason": "not_solved"}, {"comment": "It still squeals"}])
def test_a_low_overall_answer_says_why(here, why):
    here.do("record", **FINE, overall=1, **why)
    answered = here.session.scalars(select(SurveyResponse)).one()
    assert (answered.lowest, answered.reason) == (1, why.get("reason"))


@pytest.mark.parametrize("reason", LowReason)
def test_every_reason_is_one(here, reason):
    here.do("record", **FINE, answers={"tact": {"score": 2, "reason": reason}})
    assert answers_of(here.session)["tact"] == (2, reason, None)


def test_a_question_with_its_own_scale_is_held_to_it(here):
    own = Question(
        questionnaire_id=here.rule().questionnaire_id,
        code="wait", position=99, scale="0-10", required=False, wording="?", wording_zh="?",
    )  # fmt: skip
    here.session.add(own)
    here.session.flush()
    assert refused(here, "from 0 to 10", answers={"wait": {"score": 11}})
    here.do("record", **FINE, overall=5, answers={"wait": {"score": 0}})
    assert here.session.scalars(select(SurveyResponse.lowest)).all() == [5], "another scale"


def test_a_question_in_words_takes_no_score(here):
    own = Question(
        questionnaire_id=here.rule().questionnaire_id,
        code="wish", position=98, scale="text", required=True, wording="?", wording_zh="?",
    )  # fmt: skip
    here.session.add(own)
    here.session.flush()
    assert refused(here, "wish is answered in words alone", answers={"wish": {"score": 5}})
    here.do("record", **FINE, answers={"wish": {"remark": "A coffee"}})
    assert here.session.execute(select(SurveyResponse.asked, SurveyResponse.blank)).one() == (8, 7)


def test_a_rule_without_questions_leaves_no_empty_answer(here):
    here.rule(questionnaire_id=None)
    here.do("record", **FINE)
    assert here.session.scalars(select(SurveyResponse)).all() == []
    said = here.owed()
    here.do("record", said, **FINE, overall=5)
    assert here.session.execute(select(SurveyResponse.overall, SurveyResponse.asked)).one() == (
        5,
        0,
    )


def test_answers_that_came_by_another_way_are_not_doubled(here):
    response(here.session, here.store, "2026-03-10T12:00", callback_id=here.task.id)
    with pytest.raises(Refused, match="are here already"):
        here.do("record", **FINE)
    assert here.task.attempts == 0


def test_a_manager_who_records_made_the_call(here):
    here.do("take")
    anna = here.task.agent_id
    here.sits(here.boss)
    here.do("record", **FINE)
    assert here.task.agent_id == here.me().id
    assert here.history()[-1].data["from_agent_id"] == anna


def test_a_call_after_the_days_are_up_still_counts_as_made(here):
    late = here.task.expires_at + timedelta(days=1)
    here.do("record", when=late, **FINE)
    assert (here.task.state, here.task.completed_at) == ("completed", late)


def test_a_call_without_a_known_length_ends_when_it_is_saved(here):
    here.do("record", **FINE, started_at=NOW - timedelta(minutes=8))
    assert here.task.connected_at == NOW - timedelta(minutes=8)
    assert (here.task.completed_at, here.task.talk_s) == (NOW, None)


# --- in the same step ----------------------------------------------------------------------------

PROMISE = {"words": "We call on Friday", "due_at": at("2026-03-13T17:00")}
COMPLAINT = {"category": "brakes", "severity": "general", "content": "They squeal"}


def test_a_promise_and_a_complaint_are_part_of_the_call(here):
    said = here.do("record", **FINE, promise=PROMISE, complaint=COMPLAINT)
    made = here.session.scalars(select(Promise)).one()
    assert (made.followup_id, made.made_by_id, made.words) == (
        here.task.id, here.me().id, "We call on Friday",
    )  # fmt: skip
    case = here.session.scalars(select(Complaint)).one()
    assert (case.number, case.channel, case.state) == (said["complaint"], "callback", "new")
    assert case.first_contact_id == here.me().id
    assert (case.vehicle_id, case.customer_id, case.order_id) == (
        here.car.id, here.customer.id, here.order.id,
    )  # fmt: skip
    assert (case.opened_at, case.owner_id) == (NOW, None)
    assert [entry.kind for entry in events.history(here.session, case)] == ["opened"]
    assert (said["promise_id"], said["complaint_id"]) == (made.id, case.id)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"promise": {}}, "needs a time"),
        ({"promise": {"words": "Soon", "due_at": NOW}}, "a time to come"),
        ({"promise": {"words": "One day", "due_at": at("2031-12-31T23:59")}}, "within a year"),
        ({"promise": {"words": " ", "due_at": PROMISE["due_at"]}}, "what was promised"),
        ({"complaint": {}}, "choose what the complaint is about"),
        ({"complaint": COMPLAINT | {"category": "weather"}}, "no store or category"),
        ({"complaint": COMPLAINT | {"severity": "dire"}}, "Choose one of: question"),
        ({"complaint": COMPLAINT | {"content": ""}}, "what the customer complains of"),
    ],
)
def test_everything_is_written_or_nothing(here, values, words):
    assert refused(here, words, overall=5, **values)
    assert here.session.scalars(select(CallAttempt)).all() == []
    assert here.session.scalars(select(Promise)).all() == []
    assert here.session.scalars(select(Complaint)).all() == []


def test_known_issues_that_helped_are_counted(here):
    known = [
        KnownIssue(code=code, problem="p", problem_zh="p", answer="a", answer_zh="a", uses=uses)
        for code, uses in (("k1", 3), ("k2", 0))
    ]
    here.session.add_all(known)
    here.session.flush()
    said = here.do("record", **FINE, issues=[known[1].id, known[0].id, known[1].id])
    for one in known:
        here.session.refresh(one)
    assert [one.uses for one in known] == [4, 1]
    assert sorted(said["issues"]) == ["k1", "k2"]


# --- phones --------------------------------------------------------------------------------------


def test_a_phone_is_shown_to_who_rings_and_that_is_logged(here):
    shown = followups.reveal_phone(here.session, followup_id=here.task.id, now=NOW)
    assert shown == "13800000000"
    (entry,) = events.history(here.session, here.customer)
    assert (entry.kind, entry.actor) == ("phone_revealed", here.anna.login)
    assert entry.data == {"which": "customer", "callback": here.task.number}


def test_the_phone_of_who_brought_the_car_is_another(here):
    def show(which):
        return followups.reveal_phone(here.session, followup_id=here.task.id, now=NOW, which=which)

    with pytest.raises(Refused, match="no phone number"):
        show("brought_by")
    here.order.brought_by_phone, here.customer.second_phone = "139", "137"
    assert (show("brought_by"), show("second")) == ("139", "137")
    assert [entry.data["which"] for entry in events.history(here.session, here.order)] == [
        "brought_by"
    ]
    with pytest.raises(Refused, match="Choose one of"):
        show("version")


# --- for every write -----------------------------------------------------------------------------

WRITES = {
    "followups.take": {},
    "followups.release": {},
    "followups.attempt": {"result": "busy"},
    "followups.record": FINE,
    "followups.hand_over": {"agent_id": 1},
    "followups.cancel": {"reason": "Because"},
}


def test_the_list_of_writes_is_complete():
    known = {name for name in COMMANDS if name.startswith("followups.")}
    assert known == {*WRITES, "followups.reveal_phone"}


@pytest.mark.parametrize("name", WRITES)
def test_every_write_is_refused_without_its_right(here, name):
    here.sits(account(here.session, Role.ADMIN, here.store))
    with pytest.raises(Forbidden):
        here.do(name.split(".")[1], **WRITES[name])


@pytest.mark.parametrize("name", ["hand_over", "cancel"])
def test_agents_and_quality_staff_do_not_assign(here, name):
    for who in (here.anna, account(here.session, Role.QUALITY, here.store)):
        here.sits(who)
        with pytest.raises(Forbidden):
            here.do(name, **WRITES[f"followups.{name}"])


def test_the_principal_hands_over_and_does_not_record(here):
    li = employee(here.session, here.store, "Li")
    here.sits(account(here.session, Role.PRINCIPAL, here.store))
    here.do("hand_over", agent_id=li.id)
    with pytest.raises(Forbidden):
        here.do("record", **FINE)


def test_quality_staff_record(here):
    here.sits(account(here.session, Role.QUALITY, here.store))
    here.do("record", **FINE)
    assert here.me().role == "other"


@pytest.mark.parametrize("name", WRITES)
def test_every_write_checks_the_version(here, name):
    here.sits(here.boss)
    with pytest.raises(Conflict):
        here.do(name.split(".")[1], version=here.task.version - 1, **WRITES[name])


ENDS = ("completed", "unreachable", "refused", "invalid_number", "cancelled")
OVER = [(name, state) for name in WRITES for state in ENDS]
OVER.remove(("followups.record", "unreachable"))  # the next test


@pytest.mark.parametrize(("name", "state"), OVER)
def test_what_is_over_stays_as_it_is(here, name, state):
    here.task.state, here.task.ended_at = state, NOW
    here.session.flush()
    here.sits(here.boss)
    words = f"The callback is {state}; this is possible only when it is planned, due"
    with pytest.raises(Refused, match=words):
        here.do(name.split(".")[1], **WRITES[name])


def test_who_was_given_up_and_is_reached_after_all_is_recorded(here):
    here.do("take")
    here.task.state, here.task.ended_at = "unreachable", NOW - timedelta(minutes=3)
    here.session.flush()
    here.do("record", **FINE)
    assert (here.task.state, here.task.ended_at) == ("completed", here.task.completed_at)


def test_the_same_click_writes_once_and_is_answered_the_same(here):
    here.session.info["key"] = "click-1"
    opened_with, answers = here.task.version, []
    for _ in range(3):
        here.session.info["spent"] = set()
        answers.append(here.do("record", version=opened_with, **FINE, complaint=COMPLAINT))
    numbers = {answer["complaint"] for answer in answers}
    assert numbers == {here.session.scalars(select(Complaint)).one().number}
    assert (here.kinds(), here.task.attempts) == (["recorded"], 1)
    assert len(here.session.scalars(select(SurveyResponse)).all()) == 1


def test_a_try_sent_twice_is_one_try(here):
    here.session.info["key"] = "click-2"
    opened_with = here.task.version
    for _ in range(2):
        here.session.info["spent"] = set()
        here.do("attempt", version=opened_with, result="busy")
    assert (here.task.attempts, here.kinds()) == (1, ["tried"])


def test_somebody_without_an_account_makes_no_calls(here):
    from data.person import Person

    nobody = Person(login="x", name="x", role=Role.AGENT, stores=frozenset({here.store.id}))
    here.sits(nobody)
    with pytest.raises(Refused, match="people with an account"):
        here.do("take")
