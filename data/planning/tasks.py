"""From what happened to the call that is owed for it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from data import events, sums
from data.models import Exclusion, Followup, FollowupRule, FollowupState
from data.planning.causes import Causes, Here
from data.sql import insert_new


def keep(
    session: Session, rule: FollowupRule, here: Here, causes: Causes, rows: Sequence[Any]
) -> Counter[str]:
    """Write the calls of these rows; those that somebody else wrote meanwhile are left alone.

    One event tells how many there were of each kind: excluded, missed (their time was up before
    they were planned) and planned. It needs no key: the anchors know a repetition.
    """
    tasks: dict[str, dict[str, Any]] = {}
    for row in rows:
        tasks.setdefault(row.anchor, task(rule, here, row, *causes.read(row)))
    counts = Counter[str]()
    for state, kind in KINDS.items():
        some = [one for one in tasks.values() if one["state"] == state]
        counts[kind] = _insert(session, rule, some)
    if counts := +counts:  # only what there is
        events.record_many(
            session,
            rule,
            "planned",
            store_id=here.store_id,
            at=here.now,
            rule=rule.code,
            **counts,
        )
    return counts


def _insert(session: Session, rule: FollowupRule, tasks: list[dict[str, Any]]) -> int:
    """Write those that are not there yet; how many these were."""
    if not tasks:
        return 0
    # of no index in particular: who comes second may meet the number before the anchor
    statement = insert_new(session, Followup.__table__).on_conflict_do_nothing()
    counted = statement.execution_options(preserve_rowcount=True)
    written: int = session.connection().execute(counted, tasks).rowcount
    days, causes = ({task[day] for task in tasks} for day in ("due_on", "anchored_on"))
    sums.mark_calls(session.connection(), rule, tasks[0]["store_id"], days, causes)
    return written


KINDS = {
    FollowupState.PLANNED: "planned",
    FollowupState.CANCELLED: "excluded",
    FollowupState.UNREACHABLE: "missed",
}


def task(rule: FollowupRule, here: Here, row: Any, day: date, began_at: datetime) -> dict[str, Any]:
    """The call for one cause, whose time began to run at `began_at`."""
    due_at = began_at + timedelta(hours=rule.delay_hours)
    expires_at = began_at + timedelta(days=rule.expires_days)
    excluded = _excluded(row) or _drawn(rule, here, row.anchor)
    state, ended_at = _standing(here.now, expires_at, excluded)
    return {
        "store_id": here.store_id,
        "number": _number(rule, row.anchor, day),
        "rule_id": rule.id,
        "customer_id": row.customer_id,
        "vehicle_id": row.vehicle_id,
        "order_id": row.order_id,
        "complaint_id": row.complaint_id,
        "planned_at": here.now,
        "due_at": due_at,
        "due_on": here.day(due_at),
        "expires_at": expires_at,
        "anchor": row.anchor,
        "anchored_on": day,
        "state": state,
        "excluded": excluded,
        "ended_at": ended_at,
        "version": 1,
    }


def _number(rule: FollowupRule, anchor: str, day: date) -> str:
    """H260305-1V48: the day, the rule, the car or case; it needs no counter, so none is shared."""
    return f"H{day:%y%m%d}-{rule.id}{anchor.split()[0].upper()}"


def _excluded(row: Any) -> Exclusion | None:
    if row.fleet:
        return Exclusion.FLEET
    if row.internal:
        return Exclusion.INTERNAL
    return Exclusion.DO_NOT_CALL if row.do_not_call else None


def _drawn(rule: FollowupRule, here: Here, anchor: str) -> Exclusion | None:
    """By lot, the same however often it is drawn: rule, store and anchor are the seed."""
    lot = Random(f"{rule.code} {here.store_id} {anchor}").random()
    return Exclusion.HOLD_OUT if lot < rule.hold_out else None


def _standing(
    now: datetime, expires_at: datetime, excluded: Exclusion | None
) -> tuple[FollowupState, datetime | None]:
    """The state it begins with, and its end if it is over before it began."""
    if excluded:
        return FollowupState.CANCELLED, now
    if expires_at <= now:
        return FollowupState.UNREACHABLE, expires_at
    return FollowupState.PLANNED, None
