"""Switching the rules that make callbacks on and off."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.commands import NotFound, Refused, command
from data.events import record_setting
from data.models import FollowupRule
from data.person import Right
from data.steps import MOST_HELD_OUT


@command(Right.ADMINISTER)
def switch_on(
    session: Session, *, code: str, now: datetime, today: date, hold_out: float = 0.0
) -> None:
    """Let a rule make callbacks from today on: what happened before is not called after.

    hold_out: the share, up to a half, of which no call is made, drawn by lot, to compare with.
    """
    if not 0 <= hold_out <= MOST_HELD_OUT:
        raise Refused("Hold out from 0 to {most} percent.", most=round(MOST_HELD_OUT * 100))
    rule = _found(session, code)
    if rule.active:
        raise Refused("The rule {code} is on already.", code=code)
    rule.active, rule.starts_on, rule.hold_out = True, today, hold_out
    said = {"starts_on": today.isoformat(), "hold_out": hold_out}
    record_setting(session, f"rule {code}", "rule_on", at=now, **said)


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
