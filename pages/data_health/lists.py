"""The faults of the period, and the records that have the one that was clicked."""

from collections.abc import Sequence
from typing import Any

from dashboard import formats, urls, veils
from dashboard.i18n import _
from dashboard.urls import View
from dashboard.widgets import Ask, Column, Rows, Table
from dashboard.words import word
from data.db import person_of
from data.lookups import Session
from data.metrics import METRICS
from data.metrics.health import data_health, listing
from data.person import Person
from data.scope import Scope

NAMED = 3
WEIGHTS = {"moves": "bad", "little": "warn", "none": "good"}


def faults(session: Session, scope: Scope, ask: Ask) -> Rows:
    """Every fault, those first that could move a figure."""
    found = data_health(session, scope).frame.to_dict("records")
    found.sort(key=lambda row: (not row["matters"], not row["count"]))
    view = _view(scope)
    rows = [_fault({str(key): value for key, value in row.items()}, view) for row in found]
    return Rows(rows[ask.start : ask.start + ask.count], len(rows))


def _fault(row: dict[str, Any], view: View) -> dict[str, Any]:
    code, found = row["fault"], row["count"] > 0
    titles = [_(METRICS[moved].title) for moved in row["moves"].split(", ") if moved in METRICS]
    return {
        **row,
        "code": code,
        "view": view,
        "fault": word("fault", code),
        "share": formats.percent(row["share"]),
        "weight": "moves" if row["matters"] else "little" if found else "none",
        "moves": _named(titles) if found else "",
        "remedy": word("remedy", code) if found else "",
    }


def _named(titles: Sequence[str]) -> str:
    """The first few of these; of the rest how many there are."""
    names, more = _(", ").join(titles[:NAMED]), len(titles) - NAMED
    return _("{names} and {n} more", names=names, n=more) if more > 0 else names


def _view(scope: Scope) -> View:
    """The same slice as an address."""
    if scope.start is None and scope.end is None:
        return View(stores=scope.stores, period="all")
    return View(stores=scope.stores, start=scope.start, end=scope.end)


def records(session: Session, scope: Scope, ask: Ask) -> Rows:
    """The records with the fault in the address."""
    found, total = listing(
        session, scope, start=ask.start, count=ask.count, sort=ask.sort, find=ask.find
    )
    reader = person_of(session)
    return Rows([{**row, **_said(row, reader)} | _led(row) for row in found], total)


def _said(row: dict[str, Any], reader: Person) -> dict[str, Any]:
    """The kind in words; what an order is about is a plate."""
    what = veils.plate(row["what"], reader) if row["kind"] == "order" else row["what"]
    return {"kind": word("record", row["kind"]), "what": what}


def _led(row: dict[str, Any]) -> dict[str, Any]:
    pages = {
        "complaint": lambda number: urls.complaint(number, row["store"]),
        "callback": lambda number: urls.followup(number, row["store"]),
        "import": urls.imported,
    }
    lead = pages.get(row["kind"])
    return {"leads": lead(row["leads"]) if lead and row["leads"] else ""}


FAULTS = Table(
    name="data-health-faults",
    title="Faults in the data",
    columns=(
        Column(field="fault", title="What is wrong", kind="link", sort=False),
        Column(field="count", title="How many", kind="number", sort=False),
        Column(field="of", title="Of", kind="number", sort=False),
        Column(field="share", title="Share", sort=False),
        Column(
            field="weight", title="Weight", kind="badge", words="weight", tones=WEIGHTS, sort=False
        ),
        Column(field="newest", title="Newest", kind="day", sort=False),
        Column(field="moves", title="Figures it could move", sort=False),
        Column(field="remedy", title="What to do", sort=False),
    ),
    rows=faults,
    href=lambda row: urls.data_health(row["view"], fault=row["code"]),
    short=True,
    first=20,
    code="data_health",
    counts=("{n} kind of fault is looked for", "{n} kinds of faults are looked for"),
)

RECORDS = Table(
    name="data-health-records",
    title="Records with the fault",
    columns=(
        Column(field="number", title="Number", kind="link", find=True, width=200),
        Column(field="kind", title="Record", sort=False, width=120),
        Column(field="store", title="Store", width=80),
        Column(field="day", title="Day", kind="day"),
        Column(field="first", title="Should come first", kind="moment"),
        Column(field="later", title="Should come later", kind="moment"),
        Column(field="what", title="About it", of_people=True),  # of an order: the plate
    ),
    rows=records,
    href=lambda row: str(row["leads"]),
    sort=(("day", True),),
    counts=("{n} record", "{n} records"),
    empty="Choose a fault above: the records that have it stand here.",
    height=400,
)
TABLES = (FAULTS, RECORDS)
