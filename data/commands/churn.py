"""Who stays away: selected, looked at, asked why, counted, told that it is mended, or given up."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import events
from data.commands import NotFound, Refused, command, staying
from data.commands.cases import choice, text, words
from data.commands.staying import change
from data.models import (
    ChurnCase,
    ChurnReason,
    ChurnState,
    Customer,
    Exclusion,
    Followup,
    FollowupState,
    Store,
    Vehicle,
    Visit,
)
from data.person import Right
from data.steps import MOST_HELD_OUT, RULES, Selected

MOST = 2_000  # vehicles on one list
AT_ONCE = 500


@command(Right.RUN_IMPROVEMENTS)
def select_cases(
    session: Session,
    *,
    store_id: int,
    vehicles: Collection[int],
    rule: str,
    now: datetime,
    call: bool = True,
    hold_out: float = 0.0,
    seed: int | None = None,
) -> Selected:
    """Open a case for each of these vehicles of a store, and put the first call on the worklist.

    hold_out: the share, up to a half, that is left uncalled to compare with, drawn at random with
    `seed`, which is logged. Skipped are vehicles that have an open case, that nobody calls about,
    or that are not there. Two selections at once wait for each other: a vehicle has one open case.
    """
    _check(vehicles, rule, hold_out)
    store = _locked(session, store_id)
    if before := events.earlier_at_store(session, store_id):
        told = before.data
        return Selected(**{name: told[name] for name in Selected.__dataclass_fields__})
    wanted, skipped = _sorted_out(session, store_id, vehicles)
    drawn = int(now.timestamp()) if seed is None else seed
    aside = set(Random(drawn).sample(wanted, round(len(wanted) * hold_out))) if call else set()
    name = _list_code(session, store, now)
    made = _cases(session, store_id, wanted, rule=rule, list_code=name, selected_at=now)
    for case in made:
        _open(session, case, now, call=call, held_out=case.vehicle_id in aside)
    called = len(made) - len(aside) if call else 0
    done = Selected(name, len(made), called, len(aside), dict(skipped))
    told = {**asdict(done), "rule": rule, "hold_out": hold_out, "seed": drawn}
    events.record_at_store(session, store_id, "churn_selected", at=now, **told)
    return done


@change
def analyse(
    session: Session, case: ChurnCase, *, now: datetime, words: str = "", call: bool
) -> dict[str, Any]:
    """Note what a first look at the case says; with `call` put the first call on the list."""
    if call and _waits_for_a_call(session, case):
        raise Refused("The call is on the list already.")
    case.state, case.analysis = ChurnState.ANALYSED, text(words) or case.analysis
    made = staying.put_on_list(session, case, staying.ASK, now) if call else None
    return {"words": text(words), "callback": made and made.number}


@change
def call_again(
    session: Session, case: ChurnCase, *, now: datetime, sentence: str
) -> dict[str, Any]:
    """Put the second call on the list: the customer is told, in this sentence, what was mended."""
    said = words(sentence, "what the customer is to be told")
    if case.tell_id and session.get_one(Followup, case.tell_id).ended_at is None:
        raise Refused("The call is on the list already.")
    made = staying.put_on_list(session, case, staying.TELL, now)
    return {"words": said, "callback": made.number}


@change
def give_up(session: Session, case: ChurnCase, *, now: datetime, reason: str) -> dict[str, Any]:
    """Say that the customer is lost, and why; calls that are still owed are called off."""
    case.lost_because = words(reason, "why the customer is lost")
    staying.end(case, ChurnState.LOST, now)
    call_off(session, case, now)
    return {"reason": case.lost_because}


@command(Right.RUN_IMPROVEMENTS)
def count_reason(session: Session, *, store_id: int, reason: str, now: datetime) -> int:
    """Take the asked cases of this main reason into the count; how many there were."""
    _locked(session, store_id)
    if before := events.earlier_at_store(session, store_id):
        return int(before.data["cases"])
    counted = count(session, store_id, choice(ChurnReason, reason), now, action_id=None)
    if counted:
        said = {"reason": reason, "cases": counted}
        events.record_at_store(session, store_id, "churn_counted", at=now, **said)
    return counted


def count(
    session: Session, store_id: int, reason: ChurnReason, now: datetime, *, action_id: int | None
) -> int:
    """The asked cases of the reason are counted; what is done about it is linked, if it is."""
    states = [ChurnState.ASKED, *([ChurnState.COUNTED] if action_id else [])]
    mine = (ChurnCase.store_id == store_id, ChurnCase.reason == reason)
    query = select(ChurnCase).where(*mine, ChurnCase.state.in_(states)).order_by(ChurnCase.id)
    some = session.scalars(query.with_for_update()).all()
    for case in some:
        case.state, case.action_id = ChurnState.COUNTED, action_id or case.action_id
        staying.note(session, case, "counted", at=now, reason=reason, action_id=action_id)
    return len(some)


def call_off(session: Session, case: ChurnCase, now: datetime) -> None:
    """The calls about the case that are still owed are not made."""
    for id_ in (case.ask_id, case.tell_id):
        task = session.get(Followup, id_, with_for_update=True) if id_ else None
        if task is not None and task.ended_at is None:
            version = task.version
            task.state, task.ended_at, task.next_try_at = FollowupState.CANCELLED, now, None
            events.record(
                session, task, "cancelled", at=now, version=version, reason="", case=case.id
            )
    session.flush()


def _locked(session: Session, store_id: int) -> Store:
    store = session.get(Store, store_id, with_for_update=True)
    if store is None:
        raise NotFound("There is no such store among yours.")
    return store


def _check(vehicles: Collection[int], rule: str, hold_out: float) -> None:
    if rule not in RULES:
        raise Refused("Choose one of: {kinds}.", kinds=list(RULES))
    if not vehicles:
        raise Refused("There is no vehicle to select. Widen the filters or choose some rows.")
    if len(vehicles) > MOST:
        raise Refused(
            "{count} vehicles are too many for one list: at most {most}. Narrow the filters.",
            count=len(vehicles),
            most=MOST,
        )
    if not 0 <= hold_out <= MOST_HELD_OUT:
        raise Refused("Hold out from 0 to {most} percent.", most=round(MOST_HELD_OUT * 100))


def _sorted_out(
    session: Session, store_id: int, vehicles: Collection[int]
) -> tuple[list[int], Counter[str]]:
    """The vehicles that may be called about, in order; the others counted by why not."""
    known = {id_: why for some in _parts(vehicles) for id_, why in _known(session, store_id, some)}
    skipped = Counter(why for why in known.values() if why)
    skipped["unknown"] = len(set(vehicles)) - len(known)
    return sorted(id_ for id_, why in known.items() if not why), +skipped


def _known(session: Session, store_id: int, some: Sequence[int]) -> list[tuple[int, str | None]]:
    """Which of these there are, and why one is not called about."""
    open_ones = set(
        session.scalars(
            select(ChurnCase.vehicle_id).where(
                ChurnCase.store_id == store_id,
                ChurnCase.vehicle_id.in_(some),
                ChurnCase.ended_at.is_(None),
            )
        )
    )
    query = (
        select(
            Vehicle.id,
            Vehicle.fleet,
            Vehicle.internal,
            Customer.do_not_call | Customer.anonymised_at.is_not(None),
        )
        .select_from(Vehicle)
        .outerjoin(
            Customer,
            (Customer.store_id == Vehicle.store_id) & (Customer.id == Vehicle.customer_id),
        )
        .where(Vehicle.store_id == store_id, Vehicle.id.in_(some))
    )
    return [
        (id_, "open_case" if id_ in open_ones else _not_called(fleet, internal, silent))
        for id_, fleet, internal, silent in session.execute(query)
    ]


def _not_called(fleet: bool, internal: bool, do_not_call: bool | None) -> str | None:
    if fleet:
        return Exclusion.FLEET.value
    if internal:
        return Exclusion.INTERNAL.value
    return Exclusion.DO_NOT_CALL.value if do_not_call else None


def _cases(
    session: Session, store_id: int, vehicles: Sequence[int], **facts: Any
) -> list[ChurnCase]:
    """A new case for each vehicle, with its last visit."""
    last = {}
    for some in _parts(vehicles):
        stands = (Visit.store_id == store_id, Visit.vehicle_id.in_(some), Visit.next_on.is_(None))
        rows = session.execute(select(Visit.vehicle_id, Visit.day, Visit.year_fen).where(*stands))
        last.update({id_: (day, fen) for id_, day, fen in rows})
    made = [
        ChurnCase(
            store_id=store_id,
            vehicle_id=id_,
            state=ChurnState.SELECTED,
            last_visit_on=last.get(id_, (None, None))[0],
            year_fen=last.get(id_, (None, None))[1],
            **facts,
        )
        for id_ in vehicles
    ]
    session.add_all(made)
    session.flush()
    return made


def _open(session: Session, case: ChurnCase, now: datetime, *, call: bool, held_out: bool) -> None:
    said = {"rule": case.rule, "list": case.list_code}
    events.record(session, case, "selected", at=now, version=0, **said)
    if call:
        made = staying.put_on_list(session, case, staying.ASK, now, held_out=held_out)
        case.state, case.held_out = ChurnState.ANALYSED, held_out
        kind = "held_out" if held_out else "analysed"
        staying.note(session, case, kind, at=now, callback=made.number)


def _waits_for_a_call(session: Session, case: ChurnCase) -> bool:
    """Whether a first call is owed, or may not be made."""
    if case.held_out:
        raise Refused("The case is held out to compare with: it is not called.")
    return bool(case.ask_id and session.get_one(Followup, case.ask_id).ended_at is None)


def _list_code(session: Session, store: Store, now: datetime) -> str:
    """L261123-1: the first list of that day."""
    day = f"L{now.astimezone(ZoneInfo(store.zone)):%y%m%d}"
    same = ChurnCase.list_code.startswith(f"{day}-", autoescape=True)
    query = select(func.count(ChurnCase.list_code.distinct()))
    known = session.scalar(query.where(ChurnCase.store_id == store.id, same)) or 0
    return f"{day}-{known + 1}"


def _parts(vehicles: Collection[int]) -> list[list[int]]:
    wanted = sorted(set(vehicles))
    return [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]
