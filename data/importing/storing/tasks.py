"""How a callback stands after its tries, when it was due, and what made it due."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import windows
from data.commands.trying import ENDINGS, RETRY_HOURS, TRIES
from data.importing.storing.shelf import Held
from data.models import (
    CallResult,
    Exclusion,
    FollowupRule,
    FollowupState,
    FollowupTrigger,
    Respondent,
)

LAST_SECOND = time(23, 59, 59)
VALID_DAYS = 15  # of a call without a rule


def excluded(vehicle: Held | None, customer: Held | None) -> Exclusion | None:
    """Why nobody is to be called, if nobody is."""
    if vehicle and (vehicle["fleet"] or vehicle["internal"]):
        return Exclusion.FLEET if vehicle["fleet"] else Exclusion.INTERNAL
    return Exclusion.DO_NOT_CALL if customer and customer["do_not_call"] else None


class Terms(NamedTuple):
    """When a call is planned, due and given up."""

    planned_at: datetime
    due_at: datetime
    expires_at: datetime


def service_rule(session: Session) -> FollowupRule | None:
    """The rule for the call after service."""
    rule = FollowupRule
    query = select(rule).where(rule.trigger == FollowupTrigger.ORDER_DELIVERED)
    return session.scalar(query.order_by(rule.active.desc(), rule.id).limit(1))


def anchor(order: Held | None, called_at: datetime | None, zone: ZoneInfo) -> str | None:
    """What the planning would call the reason for this call; None where there is none.

    A call before the car was handed back is not the call after service.
    """
    if order is None or order["delivered_on"] is None or order["vehicle_id"] is None:
        return None
    if called_at and called_at.astimezone(zone).date() < order["delivered_on"]:
        return None
    return f"v{order['vehicle_id']} {order['delivered_on']}"


def terms(
    rule: FollowupRule | None,
    since: datetime | None,
    called_at: datetime | None,
    due_at: datetime | None,
    zone: ZoneInfo,
) -> Terms:
    """The terms of a new call. The deadline in the file goes before that of the rule.

    since: when the car was handed back, where the call follows that; then the rule holds. Any
    other call is due by the end of its day.
    """
    delay = timedelta(hours=rule.delay_hours if rule and since else 0)
    valid = timedelta(days=rule.expires_days if rule else VALID_DAYS) - delay
    if since is not None:
        due_at = due_at or since + delay
    due_at = due_at or _end_of_day(called_at or datetime.max, zone)
    day = datetime.combine(due_at.astimezone(zone).date(), time(), zone)
    planned_at = min(one for one in (since or day, called_at, due_at) if one)
    return Terms(planned_at.astimezone(due_at.tzinfo), due_at, due_at + valid)


def _end_of_day(at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    return datetime.combine(local.date(), LAST_SECOND, zone).astimezone(at.tzinfo)


def standing(
    task: Held, tries: Collection[Held], rule: FollowupRule | None, zone: ZoneInfo, now: datetime
) -> dict[str, Any]:
    """The columns that follow from the tries of a callback."""
    ordered = sorted(tries, key=lambda one: one["at"])
    talk = next((one for one in ordered if one["result"] == CallResult.CONNECTED), None)
    found: dict[str, Any] = {
        "attempts": len(ordered),
        "first_attempt_at": ordered[0]["at"] if ordered else None,
        "connected_at": talk and talk["at"],
        "next_try_at": None,
    }
    if talk is not None:
        return found | _completed(task, talk)
    return found | _open_or_over(task, ordered, rule, zone, now)


def _completed(task: Held, talk: Held) -> dict[str, Any]:
    over = talk["at"] + timedelta(seconds=talk["duration_s"] or 0)
    return {
        "state": FollowupState.COMPLETED.value,
        "completed_at": over,
        "ended_at": over,
        "talk_s": talk["duration_s"],
        "respondent": task["respondent"] or Respondent.OWNER.value,
    }


def _open_or_over(
    task: Held, ordered: Sequence[Held], rule: FollowupRule | None, zone: ZoneInfo, now: datetime
) -> dict[str, Any]:
    last = ordered[-1] if ordered else None
    if last is not None and (end := ENDINGS.get(last["result"])):
        return {"state": end.value, "ended_at": last["at"]}
    if last is not None and len(ordered) >= (rule.attempts if rule else TRIES):
        return {"state": FollowupState.UNREACHABLE.value, "ended_at": last["at"]}
    if task["expires_at"] <= now:
        over = max(task["expires_at"], last["at"]) if last else task["expires_at"]
        return {"state": FollowupState.UNREACHABLE.value, "ended_at": over}
    if last is None:
        return {"state": FollowupState.PLANNED.value, "ended_at": None}
    again = last["at"] + timedelta(hours=rule.retry_hours if rule else RETRY_HOURS)
    window = windows.chosen(rule.window if rule else None)
    return {
        "state": FollowupState.DUE.value,
        "ended_at": None,
        "next_try_at": windows.next_open(window, again, str(zone)),
    }
