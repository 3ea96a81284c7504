"""Switching the rules that make callbacks on and off."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.commands import NotFound, Refused, command
from data.events import record_setting
from data.models import FollowupRule
from data.person import Right


@command(Right.ADMINISTER)
def switch_on(session: Session, *, code: str, now: datetime, today: date) -> None:
    """Let a rule make callbacks from today on: what happened before is not called after."""
    rule = _found(session, code)
    if rule.active:
        raise Refused("The rule {code} is on already.", code=code)
    rule.active, rule.starts_on = True, today
    started = today.isoformat()
    record_setting(session, f"rule {code}", "rule_on", at=now, starts_on=started)


@command(Right.ADMINISTER)
def switch_off(session: Session, *, code: str, now: datetime) -> None:
    """Let a rule rest; the callbacks it has made stay to be made."""
    rule = _found(session, code)
    if not rule.active:
        raise Refused("The rule {code} is off already.", code=code)
    rule.active = False
    record_setting(session, f"rule {code}", "rule_off", at=now)


def _found(session: Session, code: str) -> FollowupRule:
    query = select(FollowupRule).where(FollowupRule.code == code).with_for_update()
    rule = session.scalar(query)
    if rule is None:
        raise NotFound("There is no rule {code}.", code=code)
    return rule
