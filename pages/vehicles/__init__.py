"""The vehicles behind a figure of retention, and putting them on the call list."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import call_list, formats, sessions, urls, veils
from dashboard.i18n import _
from dashboard.ids import CallList
from dashboard.widgets import Ask, Column, Rows, Table, page_head
from data.db import person_of
from data.lookups import Session
from data.metrics.retention.listing import listing
from data.person import Person, Right
from data.scope import Scope
from pages.vehicles.sentence import which

PATH = "/retention/vehicles"
NAME = "Vehicles"
TONES = {"active": "good", "at_risk": "warn", "dormant": "warn", "lost": "bad"}


def rows(session: Session, scope: Scope, ask: Ask) -> Rows:
    """The vehicles of the scope, with the customer's name veiled: the customer's file has it."""
    found, total = listing(
        session, scope, start=ask.start, count=ask.count, sort=ask.sort, find=ask.find
    )
    reader = person_of(session)
    return Rows([row | _veiled(row, reader) for row in found], total)


def file_of(row: dict[str, Any]) -> str:
    """The address of the customer's file; a car whose owner nobody knows stays on the list."""
    return urls.customer(row["customer_id"]) if row["customer_id"] else ""


def _veiled(row: dict[str, Any], reader: Person) -> dict[str, Any]:
    name = row["customer"]
    return {
        "customer": name and formats.masked_name(name),
        "plate": veils.plate(row["plate"], reader),
    }


VEHICLES = Table(
    name="retention-vehicles",
    title="Vehicles",
    columns=(
        Column(field="plate", title="Plate", kind="link", find=True, of_people=True, width=120),
        Column(field="store", title="Store", width=70),
        Column(field="model", title="Car", find=True),
        Column(field="customer", title="Customer", sort=False, width=100),
        Column(field="last_visit", title="Last visit", kind="day", width=150),
        Column(field="visits", title="Visits", kind="number", width=80),
        Column(field="year", title="Spent in its last year", kind="yuan", width=150),
        Column(
            field="class",
            title="Class",
            kind="badge",
            words="class",
            tones=TONES,
            sort=False,
            width=120,
        ),
        Column(field="case", title="Open case", kind="word", words="step", sort=False, width=160),
    ),
    rows=rows,
    href=file_of,
    row_id="id",
    select=True,
    first=20,
    sort=(("year", True),),
    counts=("{n} vehicle", "{n} vehicles"),
    empty="No vehicles for these filters.",
    height=560,
)
TABLES = (VEHICLES,)


def layout(*, scope: Scope) -> Component:
    """The page."""
    may = sessions.current_person().may(Right.RUN_IMPROVEMENTS)
    sentence = html.Span(which(scope), id=CallList.SENTENCE)
    return html.Div(
        [
            page_head(_(NAME), *([call_list.button()] if may else []), lead=sentence),
            VEHICLES.card(),
            *([call_list.dialog()] if may else []),
        ]
    )
