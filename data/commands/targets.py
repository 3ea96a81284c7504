"""Targets: what a metric should reach, for one store or for all, from a day on."""

from datetime import date, datetime
from math import isfinite

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.commands import NotFound, Refused, command, settings
from data.models import AdminEvent, Store, Target
from data.person import Right
from data.targets import AIMED, DIRECTIONS

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
MOST = {"share": (0.0, 1.0), "points": (-100.0, 100.0)}  # else from 0 to LARGEST
LARGEST = 1e6


@command(Right.SET_TARGETS)
def set_target(
    session: Session,
    *,
    metric: str,
    store: str | None,
    value: float | None,
    valid_from: date | None,
    version: int,
    now: datetime,
    direction: str = "",
) -> int:
    """Let a metric aim at `value` from a day on, in one store (by code) or in all; the row's id.

    value: in the metric's unit, shares from 0 to 1. version: 0 for a day that has no target yet.
    direction: which way is good; as usual for the metric if it is left out.
    """
    settings.alone(session)
    store_id = _store(session, store)
    day = _day(valid_from)
    said = {"value": _fit(metric, value), "direction": _way(metric, direction)}
    subject = _subject(metric, store, day)
    known = (Target.metric == metric, Target.store.is_not_distinct_from(store_id))
    row = session.scalar(select(Target).where(*known, Target.valid_from == day))
    about = {"metric": metric, "store": store, "unit": AIMED[metric][0]}
    about["valid_from"] = day.isoformat()
    if row is not None:
        settings.edit(session, row, subject, "target_set", said, version=version, now=now, **about)
        return row.id
    if settings.already(session, subject):
        raise Refused("This target was taken back in the meantime.")
    settings.check(session, subject, version, 0)
    row = Target(metric=metric, store=store_id, valid_from=day, **said)
    session.add(row)
    settings.note(session, subject, "target_set", version=0, now=now, to=said, **about)
    return row.id


@command(Right.SET_TARGETS)
def drop_target(session: Session, *, target_id: int, version: int, now: datetime) -> None:
    """Take a target back, as if it had never been set; the one before it holds again."""
    settings.alone(session)
    row = session.get(Target, target_id)
    if row is None:
        return _dropped(session, target_id)
    code = _code(session, row)
    subject = _subject(row.metric, code, row.valid_from)
    settings.check(session, subject, version, row.version)
    others = select(func.count()).where(Target.metric == row.metric, Target.id != row.id)
    if not session.scalar(others):
        raise Refused("A metric keeps its last target. Set another value instead.")
    about = {"metric": row.metric, "store": code, "valid_from": row.valid_from.isoformat()}
    about["unit"] = AIMED.get(row.metric, ("",))[0]
    about["target"] = str(row.id)
    before = {"value": row.value, "direction": row.direction}
    session.delete(row)
    settings.note(
        session, subject, "target_dropped", version=version, now=now, **{"from": before}, **about
    )


def _dropped(session: Session, target_id: int) -> None:
    """Fine for the attempt that took it back."""
    event, key = AdminEvent, session.info.get("key")
    mine = (event.kind == "target_dropped", event.data["key"].as_string() == key)
    this = event.data["target"].as_string() == str(target_id)
    if not key or session.scalar(select(event.id).where(*mine, this)) is None:
        raise NotFound("There is no such target.")


def _subject(metric: str, store: str | None, day: date) -> str:
    return f"target {metric} {store or '*'} {day.isoformat()}"


def _store(session: Session, code: str | None) -> int | None:
    """The id of a store one may see; for all of them, only who sees them all decides."""
    if code is None:
        settings.for_everybody(session)
        return None
    found = session.scalar(select(Store.id).where(Store.code == code))
    if found is None:
        raise NotFound("There is no store {code}.", code=code)
    return found


def _code(session: Session, row: Target) -> str | None:
    if row.store is None:
        settings.for_everybody(session)
        return None
    code = session.scalar(select(Store.code).where(Store.id == row.store))
    if code is None:
        raise NotFound("There is no such target.")
    return code


def _fit(metric: str, value: float | None) -> float:
    if metric not in AIMED:
        raise NotFound("There is no metric {metric} that may have a target.", metric=metric)
    least, most = MOST.get(AIMED[metric][0], (0.0, LARGEST))
    if value is None or not isfinite(value):
        raise Refused("Please give the target as a number.")
    if not least <= value <= most:
        if AIMED[metric][0] == "share":
            raise Refused("A share is from 0 to 100 percent.")
        raise Refused(
            "This target is a number from {least} to {most}.", least=int(least), most=int(most)
        )
    return float(value)


def _way(metric: str, direction: str) -> str:
    way = direction or AIMED[metric][1]
    if way not in DIRECTIONS:
        raise Refused("Say whether more or less is better.")
    return way


def _day(day: date | None) -> date:
    if day is None or not EARLIEST <= day < LATEST:
        raise Refused("Please give the day from which the target holds, 2000 to 2099.")
    return day
