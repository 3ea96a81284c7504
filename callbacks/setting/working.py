"""Rules, deadlines and calendars: what their forms write."""

from typing import Any

from callbacks.setting.asked import Asked, Writers, integer, share
from dashboard.forms import a_day
from dashboard.i18n import _
from dashboard.words import WORDS
from data.commands import calendars, policies, rules
from data.lookups import Session
from pages.admin.rules import FIGURES


def _set_rule(session: Session, asked: Asked) -> str:
    held = share(asked.typed["hold_out"])
    figures: dict[str, Any] = {
        name: integer(asked.typed[name]) for name in (*FIGURES, "gap_months")
    }
    rules.set_rule(
        session,
        **asked.of,
        **figures,
        window=asked.typed["window"],
        hold_out=-1 if held is None else held,
    )
    return _("Saved. It holds for calls made from now on.")


def _switch_on(session: Session, asked: Asked) -> str:
    rules.switch_on(session, today=asked.today, hold_out=None, **asked.of)
    return _("The rule is on.")


def _switch_off(session: Session, asked: Asked) -> str:
    rules.switch_off(session, **asked.of)
    return _("The rule is off.")


def _set_policy(session: Session, asked: Asked) -> str:
    typed = asked.typed
    policies.set_policy(
        session,
        severity=asked.key,
        version=asked.version,
        now=asked.now,
        reply_amount=integer(typed["reply_amount"]),
        reply_unit=typed["reply_unit"],
        close_amount=integer(typed["close_amount"]),
        close_unit=typed["close_unit"],
        warning_share=share(typed["warning_share"]),
        max_pause_days=integer(typed["max_pause_days"]),
    )
    return _("Saved. It holds for cases opened from now on.")


def _set_week(session: Session, asked: Asked) -> str:
    week = {day: asked.typed[day] for day in WORDS["weekday"]}
    calendars.set_week(session, week=week, **asked.of)
    return _("Saved.")


def _set_day(session: Session, asked: Asked) -> str:
    typed = asked.typed
    working, day = typed["kind"] == "worked", a_day(typed["day"])
    calendars.set_day(session, day=day, working=working, reason=typed["reason"], **asked.of)
    return _("Saved.")


def _drop_day(session: Session, asked: Asked) -> str:
    code, _colon, day = asked.key.partition(":")
    calendars.drop_day(session, day=a_day(day), **asked.of | {"code": code})
    return _("Saved.")


def _load_until(session: Session, asked: Asked) -> str:
    estimated = asked.typed["estimated"] == "yes"
    until = a_day(asked.typed["until"])
    calendars.load_until(session, until=until, estimated=estimated, **asked.of)
    return _("Saved.")


WRITERS: Writers = {
    ("rules", "set"): _set_rule,
    ("rules", "on"): _switch_on,
    ("rules", "off"): _switch_off,
    ("policies", "set"): _set_policy,
    ("calendars", "week"): _set_week,
    ("calendars", "day"): _set_day,
    ("calendars", "drop"): _drop_day,
    ("calendars", "load"): _load_until,
}
