"""Import: a spreadsheet of the dealer's system, looked at, checked and read in, step by step."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import sessions, uploads, urls
from dashboard.i18n import _
from dashboard.ids import Import
from dashboard.widgets import Ask, Column, Rows, Table, board, page_head
from data import db, lookups
from data.importing import history
from data.importing.apart import Allowance
from data.lookups import Session
from data.person import Right
from data.scope import Scope
from pages.importing.body import Bench, body
from pages.importing.words import COUNTS, kind_name

PATH = urls.imports()
NAME = "Import"
GROUP, ICON = "system", "box-arrow-in-down"
RIGHT = Right.ADMINISTER
EVERY_MS = 1000
LONGEST = timedelta(seconds=Allowance().seconds)
SHOWN = ("read", "added", "changed", "refused")


def _latest(session: Session, scope: Scope, ask: Ask) -> Rows:
    found, total = history.latest(session, scope, start=ask.start, count=ask.count)
    return Rows([_row(one, scope.as_of) for one in found], total)


def _row(one: history.Batch, as_of: datetime) -> dict[str, Any]:
    whole = {"id": one.id, "at": one.at, "file": one.file, "store": one.store, "by": one.by}
    numbers = {name: one.counts[name] for name in SHOWN}
    return {**whole, **numbers, "kind": kind_name(one.kind), "state": _state(one, as_of)}


def _state(one: history.Batch, as_of: datetime) -> str:
    if one.complete:
        return _("Whole")
    return _("Broken off") if as_of - one.at > LONGEST else _("Running or broken off")


LATEST = Table(
    name="imports",
    logged=False,
    title="Latest imports",
    columns=(
        Column(field="file", title="File", kind="link", sort=False),
        Column(field="at", title="When", kind="moment", sort=False),
        Column(field="by", title="By", sort=False),
        Column(field="store", title="Store", sort=False),
        Column(field="kind", title="Holds", sort=False),
        *(Column(field=name, title=COUNTS[name], kind="number", sort=False) for name in SHOWN),
        Column(field="state", title="State", sort=False),
    ),
    rows=_latest,
    href=lambda row: urls.imported(row["id"]),
    short=True,
    first=10,
    counts=("{n} import", "{n} imports"),
    empty="Nothing was imported yet.",
)
TABLES = (LATEST,)


def layout(*, scope: Scope) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        stores = lookups.stores(session)
    upload = uploads.current(person)
    standing = uploads.standing(upload, scope.as_of) if upload else None
    bench = Bench(stores=stores, upload=upload, standing=standing, store=_usual(scope, stores))
    return html.Div(
        [
            page_head(_(NAME), lead=_("Read a spreadsheet of your dealer system into Aftercare.")),
            html.Div(body(bench), id=Import.BODY, className="import"),
            dcc.Store(id=Import.ARRIVED),
            dcc.Interval(id=Import.TICK, interval=EVERY_MS, disabled=not bench.running),
            board(LATEST.card()),
        ]
    )


def _usual(scope: Scope, stores: Sequence[tuple[str, str]]) -> str | None:
    """The store that the filters name, or the only one there is."""
    codes = [code for code, _name in stores if code in scope.stores or len(stores) == 1]
    return codes[0] if len(codes) == 1 else None
