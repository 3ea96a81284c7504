"""What is timed: each metric, the list and the case, and each page as a browser asks for it."""

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bench.generate import AS_OF
from bench.groups import LOGIN
from bench.visit import Visit
from dashboard import urls
from dashboard.app import House
from data import db
from data.demo.stores import PASSWORD
from data.followups import sheet, worklist
from data.metrics import METRICS
from data.metrics.complaints import case
from data.metrics.complaints.listing import listing
from data.models import Complaint, Followup, Store
from data.person import SYSTEM, Person, Right, Role
from data.scope import Scope
from pages import PAGES, complaint, right_of_page

ZONE = "Asia/Shanghai"
PERIODS = (urls.USUAL, "all")
FRAME = ("shell-fresh", "filter-stores", "filter-drill")

Job = tuple[str, Callable[[], object]]


def every(app: House) -> Iterator[Job]:
    """Each job with its name; in the eyes of somebody who has every store by name."""
    person = somebody()
    for code, metric in METRICS.items():
        for period in PERIODS:
            yield f"{code}, {period}", partial(_read, person, metric, _scope(period))
    for state in ("open", "all"):
        narrow = _scope("all", ("state", state))
        yield f"listing, {state}", partial(_read, person, listing, narrow)
    yield "worklist", partial(_read, person, worklist.listing, _scope("all"))
    yield "next call", partial(_read, person, partial(_next_call, person), _scope("all"))
    sheet_of = _some_number(person, Followup.number, Followup.due_at)
    yield "call sheet", partial(_read, person, partial(_sheet, person, sheet_of), _scope("all"))
    number = _some_number(person, Complaint.number, Complaint.opened_at)
    yield "case", partial(_read, person, partial(_case, number), _scope("all"))
    yield from _pages(Visit(app, LOGIN, PASSWORD), f"/complaints/{number}")


def _pages(visit: Visit, case_page: str) -> Iterator[Job]:
    yield "first HTML", partial(visit.open, "/")
    for part in FRAME:
        yield f"frame: {part}", partial(visit.frame, part)
    for page in PAGES:
        if right_of_page(page) is Right.ADMINISTER:
            continue  # not for the manager who asks here
        if "<" in page.PATH and page is not complaint:
            continue
        asked = [*_asked(visit, page, case_page if page is complaint else page.PATH)]
        for name, work in asked if len(asked) > 1 else ():
            yield f"{page.PATH}: {name}", work
        yield f"**{page.PATH}, whole**", partial(_all, [work for _, work in asked])


def _asked(visit: Visit, page: ModuleType, path: str) -> Iterator[Job]:
    """The requests a browser makes to fill the page."""
    yield "layout", partial(visit.route, path)
    for tile in getattr(page, "TILES", ()):
        yield tile.name, partial(visit.card, "tile", tile.name)
    for chart in getattr(page, "CHARTS", ()):
        yield chart.name, partial(visit.card, "drawing", chart.name)
    for table in getattr(page, "TABLES", ()):
        kind = "listing" if table.short else "table"
        yield table.name, partial(visit.card, kind, table.name)


def _all(works: list[Callable[[], object]]) -> None:
    for work in works:
        work()


def _read(person: Person, question: Callable[[Session, Scope], object], scope: Scope) -> None:
    with db.reading(as_=person) as session:
        question(session, scope)


def _case(number: str, session: Session, scope: Scope) -> object:
    return case.find(session, number, scope.stores, as_of=scope.as_of)


def _scope(period: str, *drill: tuple[str, str]) -> Scope:
    view = urls.View(period=period, drill=drill)
    return view.scope(now=AS_OF, zone=ZONE)


def somebody() -> Person:
    """Who has every store by name."""
    with db.reading(as_=SYSTEM) as session:
        stores = frozenset(session.scalars(select(Store.id)))
    return Person(login=LOGIN, name=LOGIN, role=Role.MANAGER, stores=stores)


def _next_call(person: Person, session: Session, scope: Scope) -> object:
    return worklist.next_call(session, scope, person=person)


def _sheet(person: Person, number: str, session: Session, scope: Scope) -> object:
    return sheet.find(session, number, scope.stores, as_of=scope.as_of, person=person)


def _some_number(person: Person, number: Any, at: Any) -> str:
    """The latest of a kind."""
    with db.reading(as_=person) as session:
        return str(session.scalars(select(number).order_by(at.desc()).limit(1)).one())


def server_version(engine: Engine) -> str:
    """The database and its version."""
    if engine.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with engine.connect() as connection:
        info = connection.dialect.server_version_info or ()
    return f"PostgreSQL {'.'.join(map(str, info))}"
