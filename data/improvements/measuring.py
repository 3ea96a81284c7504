"""What happened before and after actions, for many of them at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import norms
from data.effect import Effect, compare
from data.improvements.counting import Action, Counting, Counts, aim_of
from data.models import Store

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Windows:
    """The local days before and after an action, inclusive; after may be empty."""

    before_from: date
    before_until: date
    after_from: date
    after_until: date


@dataclass(frozen=True, slots=True)
class Measured:
    """The effect of an action, the days it was counted in, and per what: orders, cases, answers."""

    effect: Effect
    windows: Windows
    unit: str


def windows(
    done_on: date, today: date, norm: dict[str, Any], own: Sequence[date | None]
) -> Windows:
    """The days to compare for something done on this day; `own` is a baseline of its own."""
    since, until = own
    return Windows(
        before_from=since or done_on - timedelta(days=norm["baseline_days"]),
        before_until=until or done_on - DAY,
        after_from=done_on + DAY,
        after_until=min(today, done_on + timedelta(days=norm["after_days"])),
    )


def measure(
    session: Session, actions: Collection[Action], *, as_of: datetime
) -> dict[int, Measured]:
    """The effect of each action that was done by `as_of`, by its id; others are left out."""
    norm = norms.norm(session, "effect")
    zones = {store.id: ZoneInfo(store.zone) for store in session.scalars(select(Store))}
    spans = {
        action.id: _windows(action, zones[action.store_id], as_of, norm)
        for action in actions
        if action.done_at and action.done_at <= as_of and aim_of(action).unit
    }
    done = [action for action in actions if action.id in spans]
    if not done:
        return {}
    days = _from_first_to_last(spans.values())
    count = Counting(session, {action.store_id for action in done}, days, as_of)
    return {
        action.id: _measured(count.of(aim_of(action)), spans[action.id], action) for action in done
    }


def _from_first_to_last(spans: Collection[Windows]) -> tuple[date, date]:
    return min(span.before_from for span in spans), max(span.after_until for span in spans)


def _windows(action: Action, zone: ZoneInfo, as_of: datetime, norm: dict[str, Any]) -> Windows:
    assert action.done_at is not None
    done_on, today = (at.astimezone(zone).date() for at in (action.done_at, as_of))
    return windows(done_on, today, norm, (action.baseline_from, action.baseline_until))


def _measured(counts: Counts, span: Windows, action: Action) -> Measured:
    found, among = counts
    before, after = (span.before_from, span.before_until), (span.after_from, span.after_until)
    unit = aim_of(action).unit
    assert unit is not None
    then, since = ((found.between(*days), among.between(*days)) for days in (before, after))
    effect = compare(*then, *since)
    return Measured(effect, span, unit)
