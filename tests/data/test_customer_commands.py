"""The customer file's writes: who may, what is refused, what the log keeps."""

from datetime import date

import pytest
from sqlalchemy import select

from data import events
from data.commands import Conflict, Forbidden, NotFound, Refused, customers, norms, reminders
from data.models import AdminEvent, Customer, Followup, InsurancePolicy, Norm
from data.person import Role
from tests.factories import account, at, customer, employee, followup, store, vehicle

NOW = at("2026-03-10T10:00")
TODAY = date(2026, 3, 10)
PERSON = {"name": "陈先生", "phone": "138 1234-5678"}


@pytest.fixture
def dealer(session):
    return store(session)


@pytest.fixture
def chen(session, dealer):
    return customer(session, dealer, phone="13900000050", second_phone="02088880050")


@pytest.fixture
def car(session, dealer, chen):
    given = {"plate": "粤A12345", "insurance_until": date(2026, 4, 1)}
    return vehicle(session, dealer, customer_id=chen.id, **given)


def sign_in(session, role, dealer):
    session.info["person"] = account(session, role, dealer)
    return session.info["person"]


@pytest.fixture(autouse=True)
def manager(session, dealer, car):
    return sign_in(session, Role.MANAGER, dealer)


def do(session, command, chen, **values):
    version = values.pop("version", chen.version)
    with session.begin_nested():  # a refused write is rolled back, as in life
        return command(session, customer_id=chen.id, version=version, now=NOW, **values)


def edit(session, chen, **values):
    return do(session, customers.edit, chen, today=TODAY, **PERSON | values)


def test_a_person_is_changed_and_the_log_names_the_fields_and_no_value(session, chen):
    edit(
        session,
        chen,
        second_phone="",
        value_class="A",
        birthday=date(1980, 2, 29),
        call_window="09：00–11：30",
    )
    assert (chen.name, chen.phone, chen.second_phone) == ("陈先生", "13812345678", None)
    assert (chen.value_class, chen.call_window, chen.version) == ("A", "09:00-11:30", 2)
    (entry,) = events.history(session, chen)
    assert (entry.kind, entry.data["version"]) == ("edited", 1)
    assert set(entry.data["fields"]) == {
        *("name", "phone", "second_phone", "value_class", "birthday", "call_window"),
    }
    assert "138" not in str(entry.data)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": "  "}, "needs a name"),
        ({"phone": "12345"}, "no phone number|not a phone number"),
        ({"second_phone": "call me"}, "not a phone number"),
        ({"second_phone": "1381234567٨"}, "not a phone number"),
        ({"kind": "robot"}, "Choose one of: person, company"),
        ({"value_class": "D"}, "Choose one of: A, B, C"),
        ({"birthday": date(2026, 3, 11)}, "between 1900 and today"),
        ({"preferred_channel": "pigeon"}, "Choose one of: phone"),
        ({"call_window": "after lunch"}, "no time to call"),
        ({"our_promise": "x" * 4001}, "too long"),
    ],
)
def test_what_cannot_be_is_refused(session, chen, values, words):
    with pytest.raises(Refused, match=words):
        edit(session, chen, **values)
    assert (chen.name, chen.version) == ("Chen", 1)


def test_the_second_who_saves_is_told_of_the_first(session, chen):
    edit(session, chen)
    with pytest.raises(Conflict) as caught:
        edit(session, chen, version=1, value_class="B")
    assert [entry.kind for entry in caught.value.since] == ["edited"]
    assert (caught.value.version, chen.value_class) == (2, None)


def test_an_attempt_sent_twice_is_written_once(session, chen):
    session.info["key"] = "once"
    first = edit(session, chen)
    assert edit(session, chen, version=1) == first | {"version": 1}
    assert len(events.history(session, chen)) == 1


def test_a_number_that_is_not_given_stays(session, chen):
    edit(session, chen, phone=None)
    assert (chen.phone, chen.second_phone) == ("13900000050", "02088880050")


def test_nothing_changed_is_nothing_logged(session, chen):
    edit(session, chen)
    edit(session, chen)
    assert len(events.history(session, chen)) == 1
    assert chen.version == 2


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.ADMIN])
def test_who_does_not_ring_customers_changes_nothing(session, dealer, chen, role):
    sign_in(session, role, dealer)
    with pytest.raises(Forbidden):
        edit(session, chen)


def test_an_agent_needs_a_call_of_the_customer(session, dealer, chen):
    agent = sign_in(session, Role.AGENT, dealer)
    with pytest.raises(NotFound):
        edit(session, chen)
    me = employee(session, dealer, user_id=agent.id)
    followup(session, dealer, "2026-03-09T10:00", customer_id=chen.id, agent_id=me.id)
    edit(session, chen)
    assert chen.name == "陈先生"
    assert customers.reveal(session, customer_id=chen.id, now=NOW) == "13812345678"


def test_the_call_of_a_colleague_opens_no_file_to_an_agent(session, dealer, chen):
    other = employee(session, dealer, "Wang")
    followup(session, dealer, "2026-03-09T10:00", customer_id=chen.id, agent_id=other.id)
    sign_in(session, Role.AGENT, dealer)
    with pytest.raises(NotFound):
        customers.reveal(session, customer_id=chen.id, now=NOW)


def test_each_number_is_shown_by_itself_and_each_look_is_logged(session, chen):
    assert customers.reveal(session, customer_id=chen.id, now=NOW, which="second") == "02088880050"
    (entry,) = events.history(session, chen)
    assert (entry.kind, entry.data) == ("phone_revealed", {"which": "second"})
    with pytest.raises(NotFound):
        customers.reveal(session, customer_id=chen.id, now=NOW, which="name")


def test_nobody_of_another_store_reaches_the_file(session, dealer, chen, car):
    session.info["person"] = account(session, Role.MANAGER, store(session, "S2"))
    session.expunge_all()  # as in a request of their own
    for command, values in (
        (customers.edit, PERSON | {"today": TODAY}),
        (customers.set_date, {"vehicle_id": car.id, "care": "insurance_until", "day": TODAY}),
        (reminders.call_now, {"vehicle_id": car.id, "care": "insurance_until"}),
    ):
        with pytest.raises(NotFound):
            do(session, command, chen, version=1, **values)
    with pytest.raises(NotFound):
        customers.reveal(session, customer_id=chen.id, now=NOW)


def set_date(session, chen, car, day, care="insurance_until"):
    given = {"vehicle_id": car.id, "care": care, "day": day, "today": TODAY}
    return do(session, customers.set_date, chen, **given)


def test_a_new_insurance_is_kept_as_a_policy_beside_the_old(session, chen, car):
    set_date(session, chen, car, date(2027, 4, 1))
    assert car.insurance_until == date(2027, 4, 1)
    known = session.scalars(select(InsurancePolicy.ends_on).order_by(InsurancePolicy.ends_on))
    assert list(known) == [date(2026, 4, 1), date(2027, 4, 1)]
    (entry,) = events.history(session, chen)
    assert (entry.kind, entry.data["from"], entry.data["to"]) == (
        *("date_set", "2026-04-01", "2027-04-01"),
    )
    assert chen.version == 2


def test_an_inspection_makes_no_policy(session, chen, car):
    set_date(session, chen, car, date(2026, 9, 1), care="inspection_due_on")
    assert car.inspection_due_on == date(2026, 9, 1)
    assert session.scalar(select(InsurancePolicy.id)) is None


@pytest.mark.parametrize(
    ("day", "care", "words"),
    [
        (None, "insurance_until", "give the new date"),
        (date(2046, 4, 1), "insurance_until", "ten years"),
        (date(2026, 4, 1), "insurance_until", "have already"),
        (date(2026, 5, 1), "birthday", "Choose one of"),
        (date(2026, 5, 1), "customer_id", "Choose one of"),
    ],
)
def test_a_date_that_says_nothing_new_is_refused(session, chen, car, day, care, words):
    with pytest.raises(Refused, match=words):
        set_date(session, chen, car, day, care)


def test_the_car_of_another_customer_keeps_its_dates(session, dealer, chen):
    other = vehicle(session, dealer)
    with pytest.raises(NotFound):
        set_date(session, chen, other, date(2027, 4, 1))


def call_now(session, chen, car, care="insurance_until"):
    return do(session, reminders.call_now, chen, care=care, vehicle_id=car and car.id)


def test_a_call_about_a_date_is_put_on_the_list_once_though_its_rule_rests(session, chen, car):
    said = call_now(session, chen, car)
    call = session.scalars(select(Followup)).one()
    assert (call.number, call.anchor) == (said["callback"], f"v{car.id} 2026-04-01")
    assert (call.state, call.due_at) == ("planned", at("2026-03-11T10:00"))
    assert call.customer_id == chen.id
    with pytest.raises(Refused, match=f"already: {call.number}"):
        call_now(session, chen, car)


def test_a_birthday_is_called_about_once_a_year(session, chen):
    chen.birthday = date(1980, 2, 29)
    session.flush()
    call_now(session, chen, None, "birthday")
    call = session.scalars(select(Followup)).one()
    assert (call.anchor, call.anchored_on) == (f"p{chen.id} 2027", date(2027, 2, 28))


def test_who_wants_no_calls_gets_none(session, chen, car):
    chen.do_not_call = True
    session.flush()
    with pytest.raises(Refused, match="does not want calls"):
        call_now(session, chen, car)
    chen.do_not_call, car.fleet = False, True
    session.flush()
    with pytest.raises(Refused, match="Fleet"):
        call_now(session, chen, car)


def test_an_unknown_date_is_noted_first(session, chen, car):
    with pytest.raises(Refused, match="not known"):
        call_now(session, chen, car, "inspection_due_on")


FORMULA = {"service_a_year_fen": 300_000, "years": 10, "cars": 3, "car_fen": 10_000_000}


def keep_formula(session, version, **values):
    with session.begin_nested():
        norms.set_customer_value(session, version=version, now=NOW, **FORMULA | values)


def test_the_formula_of_the_house_is_changed_by_who_sets_targets(session, dealer):
    with pytest.raises(Forbidden):
        keep_formula(session, 1)
    sign_in(session, Role.QUALITY, dealer)
    keep_formula(session, 1)
    row = session.scalars(select(Norm).where(Norm.code == "customer_value")).one()
    assert (row.value, row.version) == (FORMULA, 2)
    entry = session.scalars(select(AdminEvent)).one()
    assert (entry.kind, entry.data["from"]["service_a_year_fen"]) == ("norm_set", 240_000)
    with pytest.raises(Conflict) as caught:
        keep_formula(session, 1, years=12)
    assert [entry.kind for entry in caught.value.since] == ["norm_set"]
    with pytest.raises(Refused, match="every figure"):
        keep_formula(session, 2, years=-1)
    with pytest.raises(Refused, match="every figure"):
        keep_formula(session, 2, cars=None)


def test_the_file_of_nobody_is_not_found(session):
    with pytest.raises(NotFound):
        do(session, customers.edit, Customer(id=999_999, version=1), today=TODAY, **PERSON)
