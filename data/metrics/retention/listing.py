"""The vehicles behind a figure of retention, page by page, sorted and searched by the database."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from data.metrics.retention.cells import ever_seen
from data.metrics.retention.gaps import class_bounds, class_of
from data.metrics.retention.narrowing import by_sale, narrowed, of_cars
from data.metrics.retention.standing import standing
from data.models import ChurnCase, Customer, Store, Vehicle, Visit
from data.scope import Scope

FEN = 100
FIELDS: dict[str, Any] = {
    "id": Vehicle.id,
    "store": Store.code,
    "plate": Vehicle.plate,
    "model": Vehicle.model,
    "customer": Customer.name,
    "customer_id": Vehicle.customer_id,
    "last_visit": Visit.day,
    "visits": Visit.number,
    "year": Visit.year_fen,
}
SORTED = ("store", "plate", "model", "last_visit", "visits", "year")
MOST_SPENT_FIRST = (("year", True),)
Sorted = Sequence[tuple[str, bool]]
Found = Sequence[tuple[str, str]]


def listing(
    session: Session,
    scope: Scope,
    *,
    start: int = 0,
    count: int = 100,
    sort: Sorted = (),
    find: Found = (),
) -> tuple[list[dict[str, Any]], int]:
    """The vehicles of a scope as they stood at `as_of`, and how many there are in all.

    The drill may ask for cohort ("2025-03", "2025-Q1"; with cell, mode, came, began), class,
    visits, month, away, age, warranty, came; nothing asked: all that were ever seen. sort: (field,
    descending) pairs; find: (field, text: its beginning for a plate, else anywhere in it).
    Rows: see FIELDS; `year` in yuan; also class and the step of the `case` that is open.
    """
    wanted = [*narrowed(session, scope), *_texts(find)]
    query = _which(session, scope, wanted, [name for name, _ in (*sort, *find)])
    ordered = query.order_by(*_order(scope, sort), query.selected_columns[0])
    ids = list(session.scalars(ordered.offset(start).limit(count)))
    return _rows(session, scope, ids), _total(session, scope, query, bool(wanted))


def vehicles(session: Session, scope: Scope, *, find: Found = ()) -> dict[int, list[int]]:
    """The same vehicles, by their store; all of them."""
    found: dict[int, list[int]] = defaultdict(list)
    wanted = [*narrowed(session, scope), *_texts(find)]
    query = _cars(session, scope, wanted).add_columns(Vehicle.store_id).order_by(Vehicle.id)
    for vehicle, store in session.execute(query):
        found[store].append(vehicle)
    return dict(found)


def of_ids(session: Session, wanted: Collection[int]) -> dict[int, list[int]]:
    """The vehicles with these ids, by their store; those of other stores are left out."""
    found: dict[int, list[int]] = defaultdict(list)
    query = select(Vehicle.id, Vehicle.store_id).where(Vehicle.id.in_(wanted))
    for vehicle, store in session.execute(query.order_by(Vehicle.id)):
        found[store].append(vehicle)
    return dict(found)


def _which(
    session: Session, scope: Scope, wanted: Sequence[Any], names: Collection[str]
) -> Select[Any]:
    """The ids of the vehicles, with what is needed to sort them by these names.

    Where that is their visits alone, these are not joined to anything: they may be very many.
    """
    asked = {FIELDS[name].class_ for name in names if name in SORTED}
    if of_cars(scope) or not asked <= {Visit}:
        return _cars(session, scope, wanted)
    return select(Visit.vehicle_id).where(*standing(session, scope), *wanted)


def _cars(session: Session, scope: Scope, wanted: Sequence[Any]) -> Select[Any]:
    """The ids of the vehicles, with all that is known of them."""
    query = select(Vehicle.id).select_from(Vehicle).join(Store, Store.id == Vehicle.store_id)
    query = query.join(Visit, _stands(session, scope), isouter=by_sale(scope))
    return query.where(*scope.where(Vehicle), *wanted)


def _stands(session: Session, scope: Scope) -> Any:
    """The condition for the last visit of the vehicle of a row."""
    same = and_(Visit.store_id == Vehicle.store_id, Visit.vehicle_id == Vehicle.id)
    return and_(same, *standing(session, scope))


def _total(session: Session, scope: Scope, query: Select[Any], narrower: bool) -> int:
    if not narrower:
        return ever_seen(session, scope)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _texts(find: Found) -> list[Any]:
    """Plates are found by their beginning, as people type them; words anywhere in a text."""
    return [
        FIELDS[name].startswith(text.upper(), autoescape=True)
        if name == "plate"
        else FIELDS[name].icontains(text, autoescape=True)
        for name, text in find
        if name in SORTED
    ]


def _order(scope: Scope, sort: Sorted) -> list[Any]:
    wanted = [(FIELDS[name], down) for name, down in (*sort, *MOST_SPENT_FIRST) if name in SORTED]
    return [_directed(column, down, column.nullable or by_sale(scope)) for column, down in wanted]


def _directed(column: Any, down: bool, gaps: bool) -> Any:
    """What is missing comes last; where nothing can be, an index may give the order."""
    directed = column.desc() if down else column.asc()
    return directed.nulls_last() if gaps else directed


def _rows(session: Session, scope: Scope, ids: Sequence[int]) -> list[dict[str, Any]]:
    """What the list shows of these vehicles, in this order."""
    columns = [column.label(name) for name, column in FIELDS.items()]
    query = select(*columns).select_from(Vehicle).join(Store, Store.id == Vehicle.store_id)
    query = query.outerjoin(Visit, _stands(session, scope))
    owner = and_(Customer.store_id == Vehicle.store_id, Customer.id == Vehicle.customer_id)
    query = query.outerjoin(Customer, owner).where(Vehicle.id.in_(ids))
    found = {row["id"]: dict(row) for row in session.execute(query).mappings()}
    bounds, cases = class_bounds(session, scope.today), _cases(session, scope, ids)
    for row in found.values():
        seen, fen = row["last_visit"], row["year"]
        row["year"] = None if fen is None else fen / FEN
        row["class"] = None if seen is None else class_of(seen, bounds)
        row["case"] = cases.get(row["id"])
    return [found[vehicle] for vehicle in ids if vehicle in found]


def _cases(session: Session, scope: Scope, ids: Sequence[int]) -> dict[int, str]:
    """The step of the case that is open about each of these vehicles."""
    case = ChurnCase
    still = or_(case.ended_at.is_(None), case.ended_at > scope.as_of)
    query = select(case.vehicle_id, case.state).where(
        case.vehicle_id.in_(ids), case.selected_at <= scope.as_of, still
    )
    found = session.execute(query.order_by(case.selected_at))
    return {vehicle: state for vehicle, state in found}  # noqa: C416  (rows are not pairs to mypy)
