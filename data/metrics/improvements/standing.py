"""How each improvement action stood at a moment: by its columns, or unfolded from its events."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.metrics.complaints.standing import categories_below
from data.models import Event, Improvement, Store
from data.models import ImprovementState as State
from data.scope import Scope

UNDONE = (State.OPEN, State.IN_PROGRESS, State.NOT_EFFECTIVE)
SOON = timedelta(days=7)
FIXED = (  # what nothing that happens to an action changes
    "id",
    "version",
    "store_id",
    "number",
    "kind",
    "title",
    "category_id",
    "adviser_id",
    "technician_id",
    "churn_reason",
    "dimension",
    "created_at",
    "original_due_on",
    "baseline_from",
    "baseline_until",
)
CHANGING = (
    "state",
    "owner_id",
    "due_on",
    "started_at",
    "done_at",
    "verified_at",
    "verdict",
    "reopened",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An action as it stood; `today` is the local day of its store then."""

    id: int
    version: int
    store_id: int
    store: str
    zone: ZoneInfo
    today: date
    number: str
    kind: str
    title: str
    category_id: int | None
    adviser_id: int | None
    technician_id: int | None
    churn_reason: str | None
    dimension: str | None
    created_at: datetime
    original_due_on: date
    baseline_from: date | None
    baseline_until: date | None
    state: str
    owner_id: int
    due_on: date
    started_at: datetime | None
    done_at: datetime | None
    verified_at: datetime | None
    verdict: str | None
    put_off: int
    reopened: int

    @property
    def overdue(self) -> bool:
        """Whether it is not done although its day is over."""
        return self.state in UNDONE and self.due_on < self.today

    @property
    def soon(self) -> bool:
        """Whether it is to be done within seven days."""
        return self.state in UNDONE and self.today <= self.due_on <= self.today + SOON

    @property
    def done_on(self) -> date | None:
        """The local day it was done."""
        return self.done_at and self.done_at.astimezone(self.zone).date()


def standings(session: Session, scope: Scope) -> list[Standing]:
    """Every action of the scope's stores, opened by `as_of` and narrowed by its drill, as it stood.

    Drill keys: kind, category (with those below), reason, dimension; state, owner, verdict and due
    (overdue, week) by how it stood.
    """
    found = _now(session, scope)
    events = _events(session, scope)
    stood = [unfolded(one, events[one.id]) if one.id in events else one for one in found]
    return [one for one in stood if _wanted(one, scope)]


def unfolded(one: Standing, events: Iterable[Event]) -> Standing:
    """The action as these events, in order, left it."""
    fresh = replace(
        one,
        state=State.OPEN,
        due_on=one.original_due_on,
        started_at=None,
        done_at=None,
        verified_at=None,
        verdict=None,
        put_off=0,
        reopened=0,
    )
    for event in events:
        change = CHANGES.get(event.kind, _nothing)
        fresh = replace(fresh, **{**_given(fresh, event.data), **change(fresh, event)})
    return fresh


def _given(one: Standing, data: dict[str, Any]) -> dict[str, Any]:
    """Owner and deadline, which come with more than one kind of event."""
    said: dict[str, Any] = {"owner_id": data["owner_id"]} if data.get("owner_id") else {}
    if data.get("from_due_on"):
        said |= {"due_on": date.fromisoformat(data["due_on"]), "put_off": one.put_off + 1}
    return said


def _nothing(_one: Standing, _event: Event) -> dict[str, Any]:
    return {}


def _started(one: Standing, event: Event) -> dict[str, Any]:
    return {"state": State.IN_PROGRESS, "started_at": one.started_at or event.at}


def _done(one: Standing, event: Event) -> dict[str, Any]:
    at = event.data.get("done_at")
    done_at = datetime.fromisoformat(at) if at else event.at
    started = one.started_at or done_at
    return {"state": State.DONE, "done_at": done_at, "started_at": started, "verdict": None}


def _checked(one: Standing, event: Event) -> dict[str, Any]:
    return {"verdict": event.data["verdict"]} if one.state == State.DONE else {}


def _verified(_one: Standing, event: Event) -> dict[str, Any]:
    verdict = event.data["verdict"]
    return {"state": verdict, "verdict": verdict, "verified_at": event.at}


def _cancelled(_one: Standing, _event: Event) -> dict[str, Any]:
    return {"state": State.CANCELLED}


def _reopened(one: Standing, _event: Event) -> dict[str, Any]:
    gone = dict.fromkeys(("done_at", "verified_at", "verdict"))
    return {"state": State.IN_PROGRESS, "reopened": one.reopened + 1, **gone}


def _linked(one: Standing, event: Event) -> dict[str, Any]:
    return _reopened(one, event) if event.data.get("recurred") else {}


CHANGES: dict[str, Callable[[Standing, Event], dict[str, Any]]] = {
    "started": _started,
    "done": _done,
    "checked": _checked,
    "verified": _verified,
    "cancelled": _cancelled,
    "reopened": _reopened,
    "linked": _linked,
}


def _now(session: Session, scope: Scope) -> list[Standing]:
    """The actions as they stand by their columns."""
    own = [getattr(Improvement, name) for name in (*FIXED, *CHANGING)]
    query = (
        select(*own, Store.code, Store.zone)
        .join(Store, Store.id == Improvement.store_id)
        .where(*scope.where(Improvement), Improvement.created_at <= scope.as_of, *_fixed(scope))
        .order_by(Improvement.store_id, Improvement.id)
    )
    times = _times_put_off(session, scope)
    found = []
    for *values, store, zone_name in session.execute(query):
        zone, said = ZoneInfo(zone_name), dict(zip((*FIXED, *CHANGING), values, strict=True))
        today = scope.as_of.astimezone(zone).date()
        put_off = times.get(said["id"], 0)
        found.append(Standing(store=store, zone=zone, today=today, put_off=put_off, **said))
    return found


def _fixed(scope: Scope) -> list[Any]:
    wanted: list[Any] = []
    if asked := scope.asked("category"):
        wanted.append(Improvement.category_id.in_(categories_below(asked)))
    for key, column in (
        ("kind", Improvement.kind),
        ("reason", Improvement.churn_reason),
        ("dimension", Improvement.dimension),
    ):
        if asked := scope.asked(key):
            wanted.append(column.in_(asked))
    return wanted


def _times_put_off(session: Session, scope: Scope) -> dict[int, int]:
    """How often the deadline of each action was moved by then."""
    kinds = ("put_off", "assigned")
    times: dict[int, int] = defaultdict(int)
    query = select(Event.subject_id, Event.data).where(
        *scope.where(Event),
        Event.subject == Improvement.__tablename__,
        Event.kind.in_(kinds),
        Event.at <= scope.as_of,
    )
    for number, data in session.execute(query):
        times[number] += bool(data.get("from_due_on"))
    return times


def _events(session: Session, scope: Scope) -> dict[int, list[Event]]:
    """What happened by `as_of` to those actions that something happened to after it."""
    mine = (*scope.where(Event), Event.subject == Improvement.__tablename__)
    later = session.scalars(
        select(Event.subject_id).where(*mine, Event.at > scope.as_of).distinct()
    ).all()
    if not later:
        return {}
    query = select(Event).where(*mine, Event.at <= scope.as_of, Event.subject_id.in_(later))
    found: dict[int, list[Event]] = defaultdict(list)
    for event in session.scalars(query.order_by(Event.at, Event.id)):
        found[event.subject_id].append(event)
    return found


def _wanted(one: Standing, scope: Scope) -> bool:
    due = {name for name, true in (("overdue", one.overdue), ("week", one.soon)) if true}
    return (
        _fits(scope.asked("state"), {one.state})
        and _fits(scope.asked("owner"), {str(one.owner_id)})
        and _fits(scope.asked("verdict"), {one.verdict})
        and _fits(scope.asked("due"), due)
    )


def _fits(asked: tuple[str, ...], said: set[Any]) -> bool:
    return not asked or bool(said & set(asked))
