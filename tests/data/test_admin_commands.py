"""The settings all stores share: who may, which version, once only, what is refused and logged."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

import pages  # noqa: F401  (with the pages, every metric is in the registry)
from data import accounts, editions, lookups, norms, settings
from data.calendars import calendar_of
from data.clock import chinese_loaded_until
from data.commands import (
    COMMANDS,
    Conflict,
    Forbidden,
    NotFound,
    Refused,
    calendars,
    categories,
    complaints,
    policies,
    rules,
    targets,
)
from data.commands import accounts as people
from data.commands import norms as figures
from data.commands.opening import open_case
from data.defaults import NORMS, TARGETS
from data.followups import desk
from data.metrics import METRICS
from data.metrics.complaints import case as cases
from data.metrics.improvements import effects, informed, timing  # noqa: F401
from data.models import (
    AdminEvent,
    ComplaintCategory,
    FollowupRule,
    SlaPolicy,
    Target,
    WorkCalendar,
)
from data.norms import BOUNDS
from data.person import RIGHTS, SYSTEM, Role
from data.scope import Scope
from data.targets import AIMED, listed
from tests.factories import account, at, complaint, store

NOW = at("2026-03-16T10:00")
TODAY = NOW.date()
SPRING = date(2026, 3, 1)
METRIC = "csat_t2b"
PASSWORD = "correct horse"
RULE = {
    "delay_hours": 48,
    "expires_days": 10,
    "attempts": 4,
    "retry_hours": 6,
    "window": "10:00-18:00",
    "hold_out": 0.1,
}
POLICY = {
    "reply_amount": 2,
    "reply_unit": "working_hours",
    "close_amount": 5,
    "close_unit": "days",
    "warning_share": 0.5,
    "max_pause_days": 7,
}


class House:
    """Two stores, and somebody at the settings."""

    def __init__(self, session):
        self.session = session
        self.first, self.second = store(session), store(session, "S2")
        self.admin = replace(account(session, Role.ADMIN, login="boss"), stores=None)
        self.sits(self.admin)

    def sits(self, person, key=None):
        self.session.info.update(person=person, key=key)

    def do(self, command, **values):
        with self.session.begin_nested():
            return command(self.session, **{"now": NOW} | values)

    def aim(self, value=0.95, **more):
        wanted = {"metric": METRIC, "store": None, "valid_from": SPRING, "version": 0} | more
        return self.do(targets.set_target, value=value, **wanted)

    def one(self, model, **which):
        return self.session.scalars(select(model).filter_by(**which)).one()

    def log(self, subject):
        query = select(AdminEvent).where(AdminEvent.subject.like(f"{subject}%"))
        return self.session.scalars(query.order_by(AdminEvent.id)).all()

    def in_force(self, *codes, as_of=NOW):
        self.session.flush()
        scope = Scope(as_of=as_of, stores=codes, start=None, end=None, zone="Asia/Shanghai")
        return lookups.targets(self.session, scope).get(METRIC)


@pytest.fixture
def house(session):
    return House(session)


# --- targets -------------------------------------------------------------------------------------


def test_a_target_holds_from_its_day_on(house):
    before = house.in_force()
    house.aim(0.95)
    assert house.in_force().value == 0.95
    assert house.in_force(as_of=at("2026-02-28T23:59")) == before


def test_a_stores_own_target_goes_before_that_of_the_house(house):
    house.aim(0.95)
    house.aim(0.85, store="S1", valid_from=date(2026, 1, 1))
    assert house.in_force("S1").value == 0.85
    assert house.in_force("S2").value == 0.95
    assert house.in_force().value == 0.95


def test_who_sees_one_store_is_shown_its_target_without_choosing_it(house):
    house.aim(0.85, store="S1")
    house.sits(account(house.session, Role.MANAGER, house.first))
    assert house.in_force().value == 0.85


def test_setting_the_same_day_again_changes_it_and_the_log_has_both(house):
    row = house.aim(0.95)
    house.aim(0.97, version=1)
    assert house.session.get(Target, row).value == 0.97
    first, second = house.log("target")
    assert (first.data["to"]["value"], second.data["from"], second.data["to"]) == (
        0.95,
        {"value": 0.95},
        {"value": 0.97},
    )
    assert second.actor == "boss"


def test_somebody_who_comes_too_late_sees_what_was_done(house):
    house.aim(0.95)
    with pytest.raises(Conflict) as clash:
        house.aim(0.90)
    assert [entry.data["to"]["value"] for entry in clash.value.since] == [0.95]
    assert clash.value.version == 1
    assert house.in_force().value == 0.95


def test_an_attempt_that_is_repeated_is_written_once(house):
    house.sits(house.admin, key="k1")
    house.aim(0.95)
    house.aim(0.95)
    assert len(house.log("target")) == 1


def test_saving_what_is_there_already_changes_nothing(house):
    house.aim(0.95)
    house.aim(0.95, version=1)
    assert len(house.log("target")) == 1


def test_a_target_taken_back_leaves_the_one_before(house):
    before = house.in_force()
    row = house.aim(0.95)
    house.do(targets.drop_target, target_id=row, version=1)
    assert house.in_force() == before
    assert house.log("target")[-1].kind == "target_dropped"


def test_a_metric_keeps_its_last_target(house):
    row = house.one(Target, metric=METRIC)
    with pytest.raises(Refused, match="keeps its last target"):
        house.do(targets.drop_target, target_id=row.id, version=row.version)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"value": None}, "as a number"),
        ({"value": float("nan")}, "as a number"),
        ({"value": 95.0}, "0 to 100 percent"),
        ({"value": -0.1}, "0 to 100 percent"),
        ({"metric": "nps", "value": 101.0}, "from -100 to 100"),
        ({"metric": "complaints_per_1000_orders", "value": -1.0}, "from 0 to"),
        ({"metric": "complaint_ageing"}, "may have a target"),
        ({"metric": "nonsense"}, "may have a target"),
        ({"valid_from": None}, "the day from which"),
        ({"valid_from": date(1999, 12, 31)}, "the day from which"),
        ({"direction": "sideways"}, "more or less is better"),
        ({"store": "S9"}, "There is no store S9"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(house, changed, sentence):
    with pytest.raises(Refused, match=sentence):
        house.aim(**{"value": 0.9} | changed)


def test_who_sees_one_store_sets_its_targets_and_no_others(house):
    house.sits(account(house.session, Role.QUALITY, house.first))
    house.aim(0.85, store="S1")
    with pytest.raises(NotFound):
        house.aim(0.85, store="S2")
    with pytest.raises(Forbidden, match="all stores"):
        house.aim(0.85)
    assert {aim.store for aim in listed(house.session)} == {None, "S1"}


def test_every_metric_that_may_have_a_target_is_one_and_in_its_unit():
    assert {code: METRICS[code].unit for code in AIMED} == {c: u for c, (u, _) in AIMED.items()}
    assert {(code, way) for code, _, way in TARGETS} <= {(c, w) for c, (_, w) in AIMED.items()}


# --- accounts ------------------------------------------------------------------------------------


def opened(house, login="li", **changed):
    wanted = {"name": "Li", "role": "manager", "password": PASSWORD, "stores": ["S1"]}
    values = wanted | {"all_stores": False} | changed
    with house.session.begin_nested():
        return people.add_user(house.session, login=login, at=NOW, **values)


def changed(house, login="li", version=1, **values):
    wanted = {"name": "Li", "role": "manager", "stores": ["S1"], "all_stores": False} | values
    with house.session.begin_nested():
        people.change_user(house.session, login=login, version=version, at=NOW, **wanted)


def test_another_role_and_other_stores_hold_at_once(house):
    user = opened(house)
    changed(house, role="quality", stores=["S1", "S2"])
    found = accounts.account(house.session, user.id).person
    assert found.role == Role.QUALITY
    assert found.stores == {house.first.id, house.second.id}
    said = house.log("user li")[-1].data
    assert said["from"] == {"role": "manager", "stores": ["S1"]}
    assert said["to"] == {"role": "quality", "stores": ["S1", "S2"]}
    assert user.version == 2


def test_a_change_from_an_older_version_is_not_written(house):
    opened(house)
    changed(house, stores=["S2"])
    with pytest.raises(Conflict) as clash:
        changed(house, role="agent")
    assert [entry.kind for entry in clash.value.since] == ["user_changed"]
    with pytest.raises(Conflict), house.session.begin_nested():
        people.set_password(house.session, login="li", password="x" * 10, at=NOW, version=1)


def test_a_closed_account_can_be_opened_again(house):
    opened(house)
    for command in (people.disable_user, people.enable_user):
        with house.session.begin_nested():
            command(house.session, login="li", at=NOW)
    assert accounts.sign_in(house.session, "li", PASSWORD) is not None
    with pytest.raises(Refused, match="open already"):
        people.enable_user(house.session, login="li", at=NOW)


def test_nobody_locks_oneself_out(house):
    opened(house, "boss2", role="admin", stores=[], all_stores=True)
    house.sits(replace(SYSTEM, login="boss2"))
    with pytest.raises(Refused, match="your own account"):
        people.disable_user(house.session, login="boss2", at=NOW)
    with pytest.raises(Refused, match="your own role"):
        changed(house, "boss2", role="agent", stores=[], all_stores=True)


def test_who_sees_one_store_gives_nobody_more_than_that(house):
    opened(house, "chief", role="principal", stores=[], all_stores=True)
    opened(house, "other", stores=["S2"])
    house.sits(account(house.session, Role.ADMIN, house.first))
    opened(house, "mine")
    with pytest.raises(Forbidden):
        opened(house, "all", stores=[], all_stores=True)
    with pytest.raises(NotFound):
        opened(house, "theirs", stores=["S2"])
    assert "mine" in {row.login for row in accounts.listed(house.session)}
    for login in ("chief", "other"):
        assert login not in {row.login for row in accounts.listed(house.session)}
        assert settings.account(house.session, login) is None
        with pytest.raises(NotFound):
            people.set_password(house.session, login=login, password=PASSWORD, at=NOW)
        with pytest.raises(NotFound):
            changed(house, login)


def test_where_an_account_came_from_is_not_told(house):
    opened(house, stores=["S2"])
    changed(house)
    changed(house, version=2, role="agent")
    house.sits(account(house.session, Role.ADMIN, house.first))
    told = settings.changes(house.session, "user")
    assert [entry.data["to"] for entry in told] == [{"role": "agent"}]
    with pytest.raises(Conflict) as clash:
        changed(house, role="quality")
    assert [entry.data["to"] for entry in clash.value.since] == [{"role": "agent"}]


def test_what_is_left_out_takes_no_place_in_a_history(house):
    for value in (0.7, 0.8):
        house.aim(value, store="S1", version=None)
    house.aim(0.9, store="S2")
    house.sits(account(house.session, Role.QUALITY, house.first))
    (last,) = settings.changes(house.session, "target", most=1)
    assert last.data["to"] == {"value": 0.8}


def test_adding_twice_in_one_attempt_adds_one(house):
    house.sits(house.admin, key="k1")
    assert opened(house).id == opened(house).id


# --- rules ---------------------------------------------------------------------------------------


def test_a_rule_calls_otherwise_from_now_on(house):
    row = house.one(FollowupRule, code="service")
    house.do(rules.set_rule, code="service", version=1, **RULE)
    assert {name: getattr(row, name) for name in RULE} == RULE
    assert house.log("rule service")[-1].data["to"]["window"] == "10:00-18:00"


@pytest.mark.parametrize(
    "wrong",
    [
        {"delay_hours": None},
        {"expires_days": 0},
        {"attempts": 21},
        {"retry_hours": 0},
        {"window": "18:00-09:00"},
        {"window": "morning"},
        {"hold_out": 0.6},
        {"hold_out": -0.1},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(house, wrong):
    with pytest.raises(Refused):
        house.do(rules.set_rule, code="service", version=1, **RULE | wrong)


def test_a_rule_of_long_absence_has_its_months(house):
    house.do(rules.set_rule, code="visit_gap", version=1, **RULE, gap_months=6)
    assert house.one(FollowupRule, code="visit_gap").gap_months == 6
    house.do(rules.set_rule, code="service", version=1, **RULE, gap_months=6)
    assert house.one(FollowupRule, code="service").gap_months is None


def test_two_who_change_a_rule_do_not_overwrite_each_other(house):
    house.do(rules.switch_off, code="service", version=1)
    with pytest.raises(Conflict) as clash:
        house.do(rules.set_rule, code="service", version=1, **RULE)
    assert [entry.kind for entry in clash.value.since] == ["rule_off"]
    with pytest.raises(Conflict):
        house.do(rules.switch_on, code="service", version=1, today=TODAY)


# --- deadlines -----------------------------------------------------------------------------------


def test_other_deadlines_are_for_new_cases_alone(house):
    old = complaint(house.session, house.first, "2026-03-16T09:00", severity="general")
    due = old.close_due_at
    house.do(policies.set_policy, severity="general", version=1, **POLICY)
    new = complaint(house.session, house.first, "2026-03-16T09:00", severity="general")
    assert old.close_due_at == due
    assert new.close_due_at == new.opened_at + timedelta(days=5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reply_amount": 0},
        {"reply_amount": None},
        {"reply_unit": "fortnights"},
        {"close_unit": "months", "close_amount": 25},
        {"warning_share": 1.0},
        {"warning_share": None},
        {"max_pause_days": 0},
    ],
)
def test_deadlines_that_make_no_sense_are_refused(house, wrong):
    with pytest.raises(Refused):
        house.do(policies.set_policy, severity="general", version=1, **POLICY | wrong)
    assert house.one(SlaPolicy, severity="general").version == 1


# --- calendars -----------------------------------------------------------------------------------


def worked(house, day):
    house.session.flush()
    house.session.expire_all()
    return len(calendar_of(house.session, house.first.id).hours(day))


def test_another_week_is_worked_from_now_on(house):
    saturday = date(2026, 3, 21)
    assert worked(house, saturday) == 0
    week = {str(day): "08:30-12:00, 13:30-18:00" for day in range(5)} | {"5": "09：00–12：00"}
    house.do(calendars.set_week, code="china", version=1, week=week)
    assert worked(house, saturday) == 1


@pytest.mark.parametrize(
    "text",
    [
        "08:30",
        "8:30-12:00",
        "12:00-08:30",
        "08:00-12:00,11:00-15:00",
        "25:00-26:00",
        "0８:30-12:00",
    ],
)
def test_hours_that_make_no_sense_are_refused(house, text):
    with pytest.raises(Refused):
        house.do(calendars.set_week, code="china", version=1, week={"0": text})


def test_a_week_without_a_working_day_is_refused(house):
    with pytest.raises(Refused, match="at least one working day"):
        house.do(calendars.set_week, code="china", version=1, week={})


def test_a_day_differs_until_that_is_taken_back(house):
    monday = date(2026, 3, 23)
    about = {"code": "china", "day": monday}
    house.do(calendars.set_day, version=1, working=False, reason="盘点", **about)
    assert worked(house, monday) == 0
    house.do(calendars.drop_day, version=2, **about)
    assert worked(house, monday) == 2
    assert [entry.kind for entry in house.log("calendar china")] == ["day_set", "day_dropped"]
    with pytest.raises(NotFound):
        house.do(calendars.drop_day, version=3, **about)


def test_two_who_change_the_same_calendar_do_not_overwrite_each_other(house):
    about = {"code": "china", "version": 1, "working": False, "reason": "盘点"}
    house.do(calendars.set_day, day=date(2026, 3, 23), **about)
    with pytest.raises(Conflict):
        house.do(calendars.set_day, day=date(2026, 3, 24), **about)


def test_a_year_that_is_not_announced_is_loaded_as_an_estimate_alone(house):
    after = date(chinese_loaded_until().year + 1, 12, 31)
    now = at(f"{after.year - 1}-12-01T10:00")
    about = {"code": "china", "version": 1, "until": after, "now": now}
    with pytest.raises(Refused, match="not announced"):
        house.do(calendars.load_until, **about)
    house.do(calendars.load_until, estimated=True, **about)
    assert house.one(WorkCalendar, code="china").loaded_until == after
    assert house.log("calendar china")[-1].data["estimated"] is True


# --- categories ----------------------------------------------------------------------------------


def test_a_category_is_added_below_another_and_found_by_a_code_of_its_own(house):
    about = {"name": "Brakes", "name_zh": "刹车"}
    with pytest.raises(Refused, match="of this name"):
        house.do(categories.add_category, parent="vehicle", **about)
    about["name"] = "Tyres and wheels"
    code = house.do(categories.add_category, parent="vehicle", **about)
    row = house.one(ComplaintCategory, code=code)
    assert (code, row.name_zh, row.active) == ("tyres_and_wheels", "刹车", True)
    assert row.parent_id == house.one(ComplaintCategory, code="vehicle").id


def test_a_retired_category_stays_on_its_case_and_is_given_to_no_other(house):
    case = complaint(house.session, house.first, "2026-03-16T09:00", category="brakes")
    other = complaint(house.session, house.first, "2026-03-16T09:00", category="engine")
    house.do(categories.retire_category, code="brakes", version=1)
    about = {"category": "brakes", "origin": "product"}
    house.sits(account(house.session, Role.MANAGER, house.first))
    house.do(complaints.classify, complaint_id=case.id, version=case.version, **about)
    assert case.origin == "product"
    with pytest.raises(Refused, match="was retired"):
        house.do(complaints.classify, complaint_id=other.id, version=other.version, **about)
    with pytest.raises(Refused, match="was retired"):
        open_case(
            house.session,
            store_id=house.first.id,
            category="brakes",
            severity="general",
            channel="phone",
            content="刹车异响",
            now=NOW,
        )
    offered = {row.code for row in cases.categories(house.session)}
    kept = {row.code for row in cases.categories(house.session, keep="brakes")}
    assert kept - offered == {"brakes"}
    assert offered == {row.code for row in desk.categories(house.session)}


def test_one_language_is_enough_for_a_name(house):
    code = house.do(categories.add_category, name="", name_zh="轮胎", parent=None)
    assert house.one(ComplaintCategory, code=code).name == "轮胎"
    assert code == "category"


def test_a_main_category_is_retired_after_those_below_it(house):
    about = {"version": 1}
    with pytest.raises(Refused, match="below it first"):
        house.do(categories.retire_category, code="price", **about)
    for code in ("above_quote", "unneeded_work", "too_expensive", "price"):
        house.do(categories.retire_category, code=code, **about)
    with pytest.raises(Refused, match="main category first"):
        house.do(categories.restore_category, code="above_quote", version=2)
    with pytest.raises(Refused, match="in use"):
        house.do(categories.add_category, name="Tips", name_zh="小费", parent="price")


def test_a_name_somebody_else_changed_meanwhile_stays(house):
    about = {"code": "brakes", "version": 1, "name_zh": "制动"}
    house.do(categories.rename_category, name="Braking", **about)
    with pytest.raises(Conflict):
        house.do(categories.rename_category, name="Brake system", **about)
    assert house.one(ComplaintCategory, code="brakes").name == "Braking"


def test_adding_a_category_twice_in_one_attempt_adds_one(house):
    house.sits(house.admin, key="k1")
    about = {"name": "Tyres", "name_zh": "轮胎", "parent": None}
    codes = {house.do(categories.add_category, **about) for _ in range(2)}
    assert codes == {"tyres"}


# --- norms ---------------------------------------------------------------------------------------


def test_another_figure_of_the_house_is_kept_and_logged(house):
    values = {"least_s": 120, "most_s": 600, "short_s": 45}
    house.do(figures.set_norm, code="call_length", version=1, values=values)
    assert norms.norm(house.session, "call_length") == values
    assert house.log("norm call_length")[-1].data["from"] == NORMS["call_length"]


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("call_length", {"least_s": 700}),
        ("call_length", {"short_s": None}),
        ("call_length", {"short_s": 30.5}),
        ("gap_classes", {"dormant": 3}),
        ("csi_weights", dict.fromkeys(NORMS["csi_weights"], 0)),
        ("effect", {"checks": []}),
        ("effect", {"checks": [30, 400]}),
        ("churn_rules", {"own_times": True}),
    ],
)
def test_figures_that_make_no_sense_are_refused(house, code, changed):
    with pytest.raises(Refused):
        house.do(figures.set_norm, code=code, version=1, values=NORMS[code] | changed)


def test_every_norm_of_a_new_installation_may_be_kept_as_it_is(house):
    assert set(BOUNDS) == set(NORMS)
    for code, values in NORMS.items():
        house.do(figures.set_norm, code=code, version=1, values=values)


def test_two_who_change_a_norm_do_not_overwrite_each_other(house):
    about = {"code": "rework", "version": 1}
    house.do(figures.set_norm, values={"within_days": 14}, **about)
    with pytest.raises(Conflict):
        house.do(figures.set_norm, values={"within_days": 60}, **about)


# --- all of them ---------------------------------------------------------------------------------

ASKED = {
    "targets.set_target": {
        "metric": METRIC, "store": "S1", "value": 0.9, "valid_from": SPRING, "version": 0,
    },
    "targets.drop_target": {"target_id": 1, "version": 1},
    "rules.set_rule": {"code": "service", "version": 1, **RULE},
    "policies.set_policy": {"severity": "general", "version": 1, **POLICY},
    "calendars.set_week": {"code": "china", "version": 1, "week": {}},
    "calendars.set_day": {
        "code": "china", "version": 1, "day": TODAY, "working": False, "reason": "x",
    },
    "calendars.drop_day": {"code": "china", "version": 1, "day": TODAY},
    "calendars.load_until": {"code": "china", "version": 1, "until": TODAY},
    "categories.add_category": {"name": "A", "name_zh": "甲", "parent": None},
    "categories.rename_category": {"code": "brakes", "version": 1, "name": "A", "name_zh": "甲"},
    "categories.retire_category": {"code": "brakes", "version": 1},
    "categories.restore_category": {"code": "brakes", "version": 1},
    "norms.set_norm": {"code": "rework", "version": 1, "values": {"within_days": 9}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "role"),
    [(name, role) for name in ASKED for role in Role if COMMANDS[name].right not in RIGHTS[role]],
)
def test_who_has_not_the_right_is_refused(house, name, role):
    house.sits(account(house.session, role, house.first))
    with pytest.raises(Forbidden, match="Your role"):
        house.do(COMMANDS[name].run, **ASKED[name])


@pytest.mark.parametrize("name", [name for name in ASKED if not name.startswith("targets.")])
def test_what_all_stores_share_is_not_for_who_sees_one(house, name):
    house.sits(account(house.session, Role.ADMIN, house.first))
    with pytest.raises(Forbidden, match="all stores"):
        house.do(COMMANDS[name].run, **ASKED[name])


def test_nothing_that_was_refused_is_logged(house):
    before = house.session.scalar(select(func.count(AdminEvent.id)))
    with pytest.raises(Refused):
        house.aim(2.0)
    assert house.session.scalar(select(func.count(AdminEvent.id))) == before


def test_the_frame_notices_a_change_of_a_setting(house):
    before = editions.edition(house.session)
    house.aim(0.95)
    assert editions.edition(house.session) != before
