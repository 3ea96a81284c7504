"""When a customer was rung and when to try again, and when there is nothing left to try."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from data import windows
from data.commands import Refused
from data.models import CallResult, Customer, Followup, FollowupRule, Store
from data.models import FollowupState as State
from data.windows import LONGEST_S

TRIES, RETRY_HOURS = 5, 3  # of a callback without a rule
LATEST = timedelta(days=7)  # a call is written down by then
GRACE = timedelta(minutes=1)  # lengths are typed in minutes and seconds, never to the instant
ENDINGS = {
    CallResult.SUSPENDED: State.INVALID_NUMBER,
    CallResult.EMPTY_NUMBER: State.INVALID_NUMBER,
    CallResult.REFUSED: State.REFUSED,
    CallResult.CAR_SOLD: State.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Talk:
    """A call that was had: from when until when."""

    began_at: datetime
    ended_at: datetime


def talk(now: datetime, started_at: datetime | None, talk_s: int | None) -> Talk:
    """When a call was, from what is known of it; refused where that cannot be."""
    if talk_s is not None and (type(talk_s) is not int or not 0 <= talk_s <= LONGEST_S):
        raise Refused("A call lasts from 0 seconds to {hours} hours.", hours=LONGEST_S // 3600)
    length = timedelta(seconds=talk_s or 0)
    began = started_at or now - length
    if began > now:
        raise Refused("The call cannot have begun later than now.")
    if began < now - LATEST:
        raise Refused("A call is recorded within {days} days.", days=LATEST.days)
    if began + length > now + GRACE:
        raise Refused("The call cannot have lasted until later than now.")
    return Talk(began, now if talk_s is None else min(began + length, now))


def outcome(
    session: Session,
    task: Followup,
    rule: FollowupRule | None,
    result: CallResult,
    now: datetime,
    wished: datetime | None,
) -> tuple[State | None, datetime | None]:
    """How a callback ends after this try, or else when to try again."""
    if result in ENDINGS:
        return ENDINGS[result], None
    if task.attempts >= (rule.attempts if rule else TRIES):
        return State.UNREACHABLE, None
    if wished is not None:
        _check_wish(session, task, now, wished)
        return None, wished
    again = _again(session, task, rule, now)
    return (None, again) if again < task.expires_at else (State.UNREACHABLE, None)


def _again(session: Session, task: Followup, rule: FollowupRule | None, now: datetime) -> datetime:
    """Some hours later, when the customer or the rule lets us call."""
    customer = session.get(Customer, task.customer_id) if task.customer_id else None
    window = windows.chosen(
        customer.call_window if customer else None, rule.window if rule else None
    )
    later = now + timedelta(hours=rule.retry_hours if rule else RETRY_HOURS)
    return windows.next_open(window, later, session.get_one(Store, task.store_id).zone)


def _check_wish(session: Session, task: Followup, now: datetime, wished: datetime) -> None:
    if wished <= now:
        raise Refused("The next try is for a time to come. Choose a later one.")
    if wished >= task.expires_at:
        zone = ZoneInfo(session.get_one(Store, task.store_id).zone)
        raise Refused(
            "The callback is given up at {moment}. Choose an earlier time for the next try.",
            moment=f"{task.expires_at.astimezone(zone):%Y-%m-%d %H:%M}",
        )
