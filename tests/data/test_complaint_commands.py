"""Each write on a case: the right, the state, the version, once only, and its event."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from data import commands, db, events
from data.commands import COMMANDS, Conflict, Forbidden, NotFound, Refused, complaints, opening
from data.models import Complaint, ComplaintPast, Event, Promise
from data.person import Person, Role
from tests.factories import at, complaint, employee, store, vehicle

MONDAY = "2026-03-09T09:00"
TUESDAY = at("2026-03-10T10:00")


def person(role=Role.MANAGER, stores=None):
    return Person(login=f"the-{role}", name=role, role=role, stores=stores)


@pytest.fixture
def case(session):
    dealer = store(session)
    session.info["person"] = person(stores=frozenset({dealer.id}))
    session.li = employee(session, dealer, "Li")
    session.wang = employee(session, dealer, "Wang")
    return complaint(
        session, dealer, MONDAY, owner_id=session.li.id, first_contact_id=session.li.id
    )


def do(session, case, name, when=TUESDAY, **values):
    version = values.pop("version", case.version)
    command = getattr(complaints, name)
    with session.begin_nested():  # a refused write is rolled back, as in life
        return command(session, complaint_id=case.id, version=version, now=when, **values)


def assign(session, case, owner, due=date(2026, 3, 20), **more):
    more = {"today": date(2026, 3, 10)} | more
    return do(session, case, "assign", owner_id=owner.id, due_on=due, **more)


def test_assigning_names_both_owners_in_the_history_and_keeps_the_first_contact(session, case):
    assign(session, case, session.wang)
    (entry,) = events.history(session, case)
    assert (entry.kind, entry.actor) == ("assigned", "the-manager")
    assert (entry.data["from_owner"], entry.data["owner"]) == ("Li", "Wang")
    assert entry.data["due_on"] == "2026-03-20"
    assert (case.first_contact_id, case.hand_offs) == (session.li.id, 1)


def test_assigning_a_case_whose_reply_is_late_is_one_version_more(session, case):
    version = case.version
    assign(session, case, session.wang, when=at("2026-03-12T09:00"))
    assert case.reply_breached_at
    assert case.version == version + 1


def test_assigning_again_to_the_same_person_is_no_hand_off(session, case):
    assign(session, case, session.li)
    assert case.hand_offs == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"owner_id": None, "due_on": date(2026, 3, 20)}, "needs an owner"),
        ({"owner_id": 999_999, "due_on": date(2026, 3, 20)}, "no such active employee"),
        ({"due_on": None}, "needs a deadline"),
        ({"due_on": date(2026, 3, 9)}, "already passed"),
    ],
)
def test_a_case_is_not_assigned_halfway(session, case, values, words):
    values = {"owner_id": session.wang.id, "today": date(2026, 3, 10)} | values
    with pytest.raises(Refused, match=words):
        do(session, case, "assign", **values)
    assert case.owner_id == session.li.id


def test_moving_a_deadline_needs_a_reason(session, case):
    assign(session, case, session.wang)
    with pytest.raises(Refused, match="only with a reason"):
        assign(session, case, session.wang, due=date(2026, 3, 25))
    assign(session, case, session.wang, due=date(2026, 3, 25), reason="The part comes on the 24th")
    assert case.assigned_due_on == date(2026, 3, 25)


def test_an_employee_of_another_store_cannot_own_the_case(session, case):
    session.info["person"] = person()
    stranger = employee(session, store(session, "S2"), "Stranger")
    with pytest.raises(NotFound):
        assign(session, case, stranger)


def test_the_whole_way_from_new_to_closed(session, case):
    for name, values, state in (
        ("reply", {"said": "We look into it today."}, "in_progress"),
        ("interim", {"solution": "A courtesy car"}, "in_progress"),
        ("pause", {"reason": "on holiday", "until": at("2026-03-12T10:00")}, "waiting_customer"),
        ("resume", {}, "in_progress"),
        ("resolve", {"solution": "New brake pads"}, "resolved"),
        ("recontact", {"satisfied": True}, "recontacted"),
        ("close", {"satisfied": True}, "closed"),
    ):
        do(session, case, name, **values)
        assert case.state == state
    kinds = [entry.kind for entry in events.history(session, case)]
    assert kinds == ["replied", "interim", "paused", "resumed", "resolved", "recontacted", "closed"]


@pytest.mark.parametrize("name", ["resolve", "recontact", "close", "reopen", "pause", "resume"])
def test_a_move_the_state_does_not_allow_names_the_state_and_what_is_allowed(session, case, name):
    with pytest.raises(Refused, match=r"The case is new; this is possible only when it is \w+"):
        do(session, case, name)


def test_a_case_cannot_close_as_satisfied_without_the_recontact(session, case):
    do(session, case, "reply", said="Yes")
    do(session, case, "resolve", solution="Done")
    with pytest.raises(Refused, match="re-contact before"):
        do(session, case, "close", satisfied=True)
    do(session, case, "close", satisfied=False)
    assert case.state == "closed"


def test_a_late_case_is_closed_only_with_a_cause_of_a_known_kind(session, case):
    do(session, case, "reply", said="Yes")
    do(session, case, "resolve", when=at("2026-04-10T10:00"), solution="Done")
    with pytest.raises(Refused, match="choose the cause"):
        do(session, case, "close", when=at("2026-04-10T11:00"), satisfied=False)
    with pytest.raises(Refused, match="Choose one of: parts"):
        do(session, case, "close", satisfied=False, breach_cause="<script>")
    do(session, case, "close", satisfied=False, breach_cause="parts")
    assert case.breach_cause == "parts"


def test_waiting_for_the_customer_moves_the_closing_deadline_and_not_the_reply(session, case):
    do(session, case, "reply", said="Yes")
    reply_due = case.reply_due_at
    assert case.close_due_at == at("2026-04-09T09:00")
    do(session, case, "pause", reason="holiday", until=at("2026-03-13T10:00"))
    assert case.close_due_at == at("2026-04-12T09:00"), "the planned pause of three days counts"
    do(session, case, "resume", when=at("2026-03-11T10:00"))
    assert case.close_due_at == at("2026-04-10T09:00"), "it was one day only"
    assert case.reply_due_at == reply_due


@pytest.mark.parametrize(
    ("until", "words"),
    [("2026-03-10T09:00", "before it begins"), ("2026-03-24T10:01", "at most 14 days")],
)
def test_a_pause_has_an_end_in_reach(session, case, until, words):
    do(session, case, "reply", said="Yes")
    with pytest.raises(Refused, match=words):
        do(session, case, "pause", reason="holiday", until=at(until))


def test_the_first_breach_survives_solution_and_reopening(session, case):
    due = case.close_due_at
    do(session, case, "reply", said="Yes")
    do(session, case, "resolve", when=at("2026-04-10T10:00"), solution="Done")
    do(session, case, "reopen", when=at("2026-04-11T10:00"), reason="It is back")
    assert case.close_breached_at == due
    assert case.reopened == 1
    assert case.resolved_at is None


def test_the_time_between_solution_and_reopening_does_not_count(session, case):
    do(session, case, "reply", said="Yes")
    do(session, case, "resolve", when=at("2026-03-20T09:00"), solution="Done")
    do(session, case, "reopen", when=at("2026-03-30T09:00"), reason="It is back")
    assert case.close_due_at == at("2026-04-19T09:00")
    assert case.close_breached_at is None


def test_a_late_reply_is_marked_at_the_moment_it_was_due(session, case):
    do(session, case, "reply", when=at("2026-03-10T09:00:01"), said="Sorry")
    assert case.reply_breached_at == at("2026-03-10T09:00")


def test_a_reply_exactly_at_the_deadline_is_in_time(session, case):
    do(session, case, "reply", when=at("2026-03-10T09:00"), said="Here we are")
    assert case.reply_breached_at is None


def test_a_graver_case_counts_from_now_and_a_milder_one_from_the_opening(session, case):
    do(session, case, "change_severity", severity="escalated", reason="The customer is at the door")
    assert case.close_due_at == at("2026-03-17T10:00")
    do(session, case, "change_severity", severity="general", reason="Calmed down")
    assert case.close_due_at == at("2026-04-09T09:00")


def test_a_graver_case_never_gets_more_time(session, case):
    late = at("2026-04-08T10:00")
    do(session, case, "change_severity", when=late, severity="escalated", reason="Angry")
    assert case.close_due_at == at("2026-04-09T09:00")
    do(session, case, "reply", when=late, said="Yes")
    do(session, case, "pause", when=late, reason="holiday", until=late + timedelta(days=2))
    assert case.close_due_at == at("2026-04-11T09:00"), "and a pause still moves that deadline"


def test_a_breach_survives_a_milder_severity(session, case):
    do(session, case, "change_severity", severity="critical", reason="Brakes failed")
    due = case.close_due_at
    when = due + timedelta(hours=1)
    do(session, case, "change_severity", when=when, severity="general", reason="False alarm")
    assert case.close_breached_at == due


@pytest.mark.parametrize("name", [n for n in COMMANDS if n.startswith("complaints.")])
def test_every_write_is_refused_without_its_right(session, case, name):
    session.info["person"] = person(Role.ADMIN, frozenset({case.store_id}))
    with pytest.raises(Forbidden):
        do(session, case, name.split(".")[1])


def test_quality_staff_classify_and_do_not_assign(session, case):
    session.info["person"] = person(Role.QUALITY, frozenset({case.store_id}))
    do(session, case, "classify", category="brakes", origin="product")
    assert events.history(session, case)[-1].data["category"] == "brakes"
    with pytest.raises(Forbidden):
        assign(session, case, session.wang)


def test_a_case_of_another_store_does_not_exist(session, case):
    elsewhere = store_of_another(session)
    session.info["person"] = person(stores=frozenset({elsewhere}))
    session.expunge_all()
    with pytest.raises(NotFound):
        do(session, case, "note", said="x")


def store_of_another(session):
    mine, session.info["person"] = session.info["person"], person()
    made = store(session, "S2").id
    session.info["person"] = mine
    return made


def test_the_second_person_is_told_what_the_first_one_did(session, case):
    opened_with = case.version
    assign(session, case, session.wang)
    with pytest.raises(Conflict) as conflict:
        assign(session, case, session.li, version=opened_with)
    (theirs,) = conflict.value.since
    assert theirs.data["owner"] == "Wang"
    assert case.owner_id == session.wang.id


@pytest.mark.parametrize("name", [n for n in COMMANDS if n.startswith("complaints.")])
def test_every_write_checks_the_version(session, case, name):
    with pytest.raises(Conflict):
        do(session, case, name.split(".")[1], version=case.version - 1)


def test_a_repeated_attempt_writes_once(session, case):
    session.info["key"] = "click-1"
    opened_with = case.version
    for _ in range(3):
        do(session, case, "note", version=opened_with, said="Called, nobody there")
        do(session, case, "note", version=opened_with, said="Called, nobody there")
        session.info["spent"] = set()
    assert [entry.kind for entry in events.history(session, case)] == ["note"]


def test_what_a_case_was_before_is_kept(session, case):
    assign(session, case, session.wang)
    past = session.scalars(select(ComplaintPast)).one()
    assert (past.owner_id, past.since, past.until) == (
        session.li.id,
        case.opened_at,
        at("2026-03-10T10:00"),
    )
    assert case.since == past.until


def test_nothing_is_written_when_a_command_is_refused(session, case):
    with pytest.raises(Refused):
        do(session, case, "reply", said="   ")
    assert session.scalars(select(Event)).all() == []
    assert session.scalars(select(ComplaintPast)).all() == []


@pytest.mark.parametrize("said", ["x" * 4001, "a\0b", "half a \ud800 sign"])
def test_text_that_cannot_be_stored_is_refused_with_words(session, case, said):
    with pytest.raises(Refused, match=r"too long|cannot be stored"):
        do(session, case, "note", said=said)


def test_promises_are_kept_or_explained_in_time(session, case):
    do(session, case, "promise", said="We call on Friday", due_at=at("2026-03-13T17:00"))
    made = session.scalars(select(Promise)).one()
    do(session, case, "explain_promise", promise_id=made.id, said="The part is late")
    with pytest.raises(Refused, match="due already"):
        do(
            session, case, "explain_promise", when=at("2026-03-13T17:01"),
            promise_id=made.id, said="Too late",
        )  # fmt: skip
    do(session, case, "keep_promise", when=at("2026-03-13T18:00"), promise_id=made.id)
    assert made.kept_at == at("2026-03-13T18:00")
    with pytest.raises(NotFound):
        do(session, case, "keep_promise", promise_id=made.id)


def open_one(session, dealer, car, opened, category="brakes", severity="general"):
    return opening.open_case(
        session,
        store_id=dealer.id,
        vehicle_id=car.id,
        category=category,
        severity=severity,
        channel="phone",
        content="It squeals",
        now=at(opened),
    )


def test_a_repeat_is_escalated_and_the_third_is_critical(session):
    session.info["person"] = person()
    dealer = store(session)
    car = vehicle(session, dealer)
    first = open_one(session, dealer, car, "2026-01-05T09:00")
    second = open_one(session, dealer, car, "2026-02-05T09:00", category="engine")
    third = open_one(session, dealer, car, "2026-03-05T09:00")
    other = open_one(session, dealer, car, "2026-03-05T09:30", category="above_quote")
    late = open_one(session, dealer, car, "2026-07-05T09:00")
    severities = [case.severity for case in (first, second, third, other, late)]
    assert severities == ["general", "escalated", "critical", "general", "general"]
    assert [third.number, other.number] == ["C260305-01", "C260305-02"]
    assert second.close_due_at == at("2026-02-12T09:00")
    assert [entry.kind for entry in events.history(session, second)] == ["opened"]


def test_two_people_at_once_never_overwrite_each_other(tmp_path, postgres_url):
    from data.migrations import upgrade
    from tests.conftest import fresh

    for url in (f"sqlite:///{tmp_path / 'two.db'}", fresh(postgres_url, "aftercare_two")):
        engine = db.connect(url)
        upgrade(engine)
        with db.writing(by=person(Role.PRINCIPAL)) as session:
            dealer = store(session)
            case_id = complaint(session, dealer, MONDAY).id
        outcomes = race(case_id, 8)
        assert sorted(outcomes) == ["conflict"] * 7 + ["saved"]
        with db.reading(as_=person(Role.PRINCIPAL)) as session:
            assert len(session.scalars(select(Event)).all()) == 1
            assert session.get_one(Complaint, case_id).state == "replied"
        engine.dispose()


def test_what_the_first_one_did_can_be_told_after_the_second_was_undone(tmp_path):
    from data.migrations import upgrade

    engine = db.connect(f"sqlite:///{tmp_path / 'told.db'}")
    upgrade(engine)
    with db.writing(by=person(Role.PRINCIPAL)) as session:
        case_id = complaint(session, store(session), MONDAY).id
    saying = {"complaint_id": case_id, "version": 1, "now": at(MONDAY), "said": "Hello"}
    with db.writing(by=person(Role.PRINCIPAL)) as session:
        complaints.reply(session, **saying)
    with pytest.raises(Conflict) as conflict, db.writing(by=person(Role.MANAGER)) as session:
        complaints.reply(session, **saying)
    assert [(entry.kind, entry.actor) for entry in conflict.value.since] == [
        ("replied", "the-principal")
    ]
    engine.dispose()


def race(case_id, people):
    from concurrent.futures import ThreadPoolExecutor

    def save(n):
        try:
            with db.writing(by=person(Role.PRINCIPAL), key=f"k{n}") as session:
                complaints.reply(
                    session, complaint_id=case_id, version=1, now=at(MONDAY), said=f"person {n}"
                )
        except (Conflict, commands.Refused) as refused:
            return type(refused).__name__.lower()
        return "saved"

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(save, range(people)))
