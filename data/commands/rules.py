"""The rules that make callbacks: switching them on and off, and how they call."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import windows
from data.commands import NotFound, Refused, command, settings
from data.commands.settings import Figure
from data.models import FollowupRule, FollowupTrigger
from data.person import Right
from data.steps import MOST_HELD_OUT

YEAR_HOURS = 366 * 24
WITHIN = {  # of each figure of a rule
    "delay_hours": (-YEAR_HOURS, YEAR_HOURS),
    "expires_days": (1, 365),
    "attempts": (1, 20),
    "retry_hours": (1, 7 * 24),
    "gap_months": (1, 60),
}


@command(Right.ADMINISTER)
def switch_on(
    session: Session,
    *,
    code: str,
    now: datetime,
    today: date,
    hold_out: float | None = 0.0,
    version: int | None = None,
) -> None:
    """Let a rule make callbacks from today on: what happened before is not called after.

    hold_out: the share, up to a half, of which no call is made, drawn by lot, to compare with;
    None leaves it as it is.
    """
    rule = _found(session, code)
    share = rule.hold_out if hold_out is None else _share(hold_out)
    if settings.already(session, _subject(code)):
        return
    settings.check(session, _subject(code), version, rule.version)
    if rule.active:
        raise Refused("The rule {code} is on already.", code=code)
    was, said = rule.version, {"starts_on": today.isoformat(), "hold_out": share}
    rule.active, rule.starts_on, rule.hold_out = True, today, share
    settings.note(session, _subject(code), "rule_on", version=was, now=now, code=code, **said)


@command(Right.ADMINISTER)
def switch_off(session: Session, *, code: str, now: datetime, version: int | None = None) -> None:
    """Let a rule rest; the callbacks it has made stay to be made."""
    rule = _found(session, code)
    if settings.already(session, _subject(code)):
        return
    settings.check(session, _subject(code), version, rule.version)
    if not rule.active:
        raise Refused("The rule {code} is off already.", code=code)
    was, rule.active = rule.version, False
    settings.note(session, _subject(code), "rule_off", version=was, now=now, code=code)


@command(Right.ADMINISTER)
def set_rule(
    session: Session,
    *,
    code: str,
    version: int,
    now: datetime,
    delay_hours: int | None,
    expires_days: int | None,
    attempts: int | None,
    retry_hours: int | None,
    window: str,
    hold_out: float,
    gap_months: int | None = None,
) -> None:
    """Let a rule call otherwise: when, until when, how often; for calls it makes from now on.

    window: when to ring, such as 09:00-20:00 by the store's clocks; empty for any time.
    """
    rule = _found(session, code)
    values = {
        "delay_hours": _fit("delay_hours", delay_hours),
        "expires_days": _fit("expires_days", expires_days),
        "attempts": _fit("attempts", attempts),
        "retry_hours": _fit("retry_hours", retry_hours),
        "window": _window(window),
        "hold_out": _share(hold_out),
    }
    if rule.trigger == FollowupTrigger.VISIT_GAP:
        values["gap_months"] = _fit("gap_months", gap_months)
    settings.edit(
        session, rule, _subject(code), "rule_set", values, version=version, now=now, code=code
    )


def _subject(code: str) -> str:
    return f"rule {code}"


def _found(session: Session, code: str) -> FollowupRule:
    settings.for_everybody(session)
    settings.alone(session)
    query = select(FollowupRule).where(FollowupRule.code == code).with_for_update()
    rule = session.scalar(query)
    if rule is None:
        raise NotFound("There is no rule {code}.", code=code)
    return rule


def _share(hold_out: float) -> float:
    if not 0 <= hold_out <= MOST_HELD_OUT:
        raise Refused("Hold out from 0 to {most} percent.", most=round(MOST_HELD_OUT * 100))
    return hold_out


def _fit(name: str, value: int | None) -> int:
    least, most = WITHIN[name]
    if value is None or not least <= value <= most:
        raise Refused(
            "“{figure}” is a whole number from {least} to {most}.",
            figure=Figure(name),
            least=least,
            most=most,
        )
    return value


def _window(text: str) -> str | None:
    found = text.strip().replace("：", ":").replace("–", "-") or None
    if found != windows.chosen(found):
        raise Refused("Write the time for calls as 09:00-20:00, or leave it empty.")
    return found
