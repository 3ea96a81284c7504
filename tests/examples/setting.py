"""Writes on what holds for all stores: calendars, categories, deadlines, rules, norms, targets."""

from datetime import date

from sqlalchemy import select

from data.commands import calendars, categories, norms, policies, rules, targets
from data.models import (
    CalendarException,
    ComplaintCategory,
    FollowupRule,
    Norm,
    SlaPolicy,
    Target,
    WorkCalendar,
)
from data.norms import BOUNDS
from tests.examples.house import NOW, TODAY, example

declared = (calendars, categories, norms, policies, rules, targets)
DAY = date(2026, 5, 4)


def row(house, model, **known):
    return house.session.scalars(select(model).filter_by(**known)).one()


def calendar(house):
    found = row(house, WorkCalendar, code="china")
    return {"code": "china", "version": found.version, "now": NOW}


@example("calendars.set_week", shared=True)
def set_week(house):
    return calendar(house) | {"week": {"0": "08:30-12:00, 13:30-18:00", "1": "09:00-18:00"}}


@example("calendars.set_day", shared=True)
def set_day(house):
    return calendar(house) | {"day": DAY, "working": False, "reason": "The roof is mended"}


@example("calendars.drop_day", shared=True)
def drop_day(house):
    of = row(house, WorkCalendar, code="china").id
    house.session.add(CalendarException(calendar_id=of, day=DAY, working=False, reason="Roof"))
    house.session.flush()
    return calendar(house) | {"day": DAY}


@example("calendars.load_until", shared=True)
def load_until(house):
    return calendar(house) | {"until": date(2027, 12, 31), "estimated": True}


def category(house, code="brakes", *, active=True):
    found = row(house, ComplaintCategory, code=code)
    if found.active != active:
        found.active = active
        house.session.flush()
    return {"code": code, "version": found.version, "now": NOW}


@example("categories.add_category", shared=True)
def add_category(house):
    return {"name": "Tyres", "name_zh": "轮胎", "parent": "vehicle", "now": NOW}


@example("categories.rename_category", shared=True)
def rename_category(house):
    return category(house) | {"name": "Braking", "name_zh": "刹车"}


@example("categories.retire_category", shared=True)
def retire_category(house):
    return category(house)


@example("categories.restore_category", shared=True)
def restore_category(house):
    return category(house, active=False)


@example("policies.set_policy", shared=True)
def set_policy(house):
    version = row(house, SlaPolicy, severity="general").version
    terms = {"reply_amount": 2, "reply_unit": "working_hours"}
    terms |= {"close_amount": 5, "close_unit": "days"}
    of = {"severity": "general", "version": version, "now": NOW}
    return of | terms | {"warning_share": 0.5, "max_pause_days": 7}


def rule(house, *, active):
    found = row(house, FollowupRule, code="sale")
    found.active = active
    house.session.flush()
    return {"code": "sale", "version": found.version, "now": NOW}


@example("rules.switch_on", shared=True)
def switch_on(house):
    return rule(house, active=False) | {"today": TODAY, "hold_out": 0.1}


@example("rules.switch_off", shared=True)
def switch_off(house):
    return rule(house, active=True)


@example("rules.set_rule", shared=True)
def set_rule(house):
    figures = {"delay_hours": 48, "expires_days": 10, "attempts": 4, "retry_hours": 6}
    more = {"window": "10:00-18:00", "hold_out": 0.1, "gap_months": 4}
    return rule(house, active=True) | figures | more


@example("norms.set_customer_value", shared=True)
def set_customer_value(house):
    figures = {"service_a_year_fen": 300_000, "years": 8, "cars": 2, "car_fen": 9_000_000}
    version = row(house, Norm, code="customer_value").version
    return {"version": version, "now": NOW} | figures


@example("norms.set_norm", shared=True)
def set_norm(house):
    assert {"least_s", "most_s", "short_s"} == set(BOUNDS["call_length"])
    version = row(house, Norm, code="call_length").version
    values = {"least_s": 200, "most_s": 900, "short_s": 30}
    return {"code": "call_length", "version": version, "now": NOW, "values": values}


@example("targets.set_target")
def set_target(house):
    store, day = house.store, date(2026, 3, 1)
    given = {"metric": "csat_t2b", "value": 0.9, "direction": "up", "valid_from": day}
    found = Target(store=store.id, **given)
    house.session.add(found)
    house.session.flush()
    return given | {"store": store.code, "value": 0.95, "version": found.version, "now": NOW}


@example("targets.drop_target")
def drop_target(house):
    given = {"metric": "csat_t2b", "value": 0.9, "direction": "up", "valid_from": DAY}
    found = Target(store=house.store.id, **given)
    house.session.add(found)
    house.session.flush()
    return {"target_id": found.id, "version": found.version, "now": NOW}
