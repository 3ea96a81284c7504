"""The vehicles that are to be won back: their steps, their reasons, and what is done about one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import figures, formats, forms, ids, sessions, urls, veils
from dashboard.headlines import winning_back
from dashboard.i18n import _
from dashboard.widgets import Ask, Chart, Column, Rows, Table, board, card, link, page_head
from dashboard.words import STEP_TONES, word
from data import churn, db
from data.churn.doers import doers
from data.db import person_of
from data.lookups import Session
from data.metrics import retention
from data.models import ChurnReason, ChurnState, Employee, Store
from data.person import Person, Right
from data.scope import Scope

PATH = "/retention/cases"
NAME = "Churn cases"
USUAL_DAYS = 28
PARTS = ("open", *(state.value for state in ChurnState), "all")


def rows(session: Session, scope: Scope, ask: Ask) -> Rows:
    """The cases of the scope, with the customer's name veiled."""
    found, total = churn.listing(
        session, scope, start=ask.start, count=ask.count, sort=ask.sort, find=ask.find
    )
    reader = person_of(session)
    return Rows([row | _veiled(row, reader) for row in found], total)


def case_of(row: dict[str, Any]) -> str:
    """The address of the case in this row."""
    return urls.churn_case(row["id"])


def _veiled(row: dict[str, Any], reader: Person) -> dict[str, Any]:
    name = row["customer"]
    return {
        "customer": name and formats.masked_name(name),
        "plate": veils.plate(row["plate"], reader),
    }


CASES = Table(
    name="churn-cases",
    title="Vehicles to win back",
    columns=(
        Column(field="plate", title="Plate", kind="link", find=True, of_people=True, width=120),
        Column(field="store", title="Store", width=70),
        Column(field="customer", title="Customer", sort=False, width=90),
        Column(
            field="step",
            title="Step of winning back",
            kind="badge",
            words="step",
            tones=STEP_TONES,
            width=170,
        ),
        Column(field="reason", title="Reason", kind="word", words="reason", width=150),
        Column(field="rule", title="Selected by", kind="word", words="churn_rule"),
        Column(field="list", title="Call list", find=True, width=130),
        Column(field="last_visit_on", title="Last visit", kind="day", width=150),
        Column(
            field="year_yuan", title="Spent in its last year", kind="yuan", sort=False, width=130
        ),
    ),
    rows=rows,
    href=case_of,
    row_id="id",
    first=20,
    sort=(("selected_at", True),),
    counts=("{n} case", "{n} cases"),
    empty="No cases for these filters.",
    height=520,
)
REASONS = Chart(
    name="churn-cases-reasons",
    title="Why they stay away, asked in the period",
    metric=retention.churn_reasons,
    figure=figures.churn_reasons,
    headline=winning_back.reasons,
    drill=urls.churn_cases,
    empty="Nobody was asked for a reason in this period.",
    height=300,
)
STEPS = Chart(
    name="churn-cases-steps",
    title="Where the cases stand",
    metric=retention.churn_steps,
    figure=figures.churn_steps,
    headline=winning_back.steps,
    drill=urls.churn_cases,
    empty="No vehicle is to be won back yet: select some from a list of those that stay away.",
    height=300,
)
TABLES = (CASES,)
CHARTS = (REASONS, STEPS)


def layout(*, scope: Scope) -> Component:
    """The page."""
    person = sessions.current_person()
    lead = _("Each vehicle goes six steps, from being selected to being back, or lost.")
    parts = html.Nav([_part(step) for step in PARTS], className="worklist-parts")
    with db.reading(as_=person) as session:
        tools = _tools(session, scope) if person.may(Right.RUN_IMPROVEMENTS) else []
    return html.Div(
        [
            page_head(_(NAME), lead=lead),
            parts,
            board(CASES.card(), REASONS.card(), STEPS.card(), *tools),
        ]
    )


def _part(step: str) -> Component:
    says = {"open": _("Going on"), "all": _("All")}.get(step) or word("step", step)
    return link(says, urls.churn_cases(step=step), className="part")


def _tools(session: Session, scope: Scope) -> list[Component]:
    """What is done about a reason: cases are counted, an improvement is opened."""
    people = doers(session, scope)
    stores = list(dict.fromkeys(store for store, _one in people))
    reason = next(iter(scope.asked("reason")), None)
    return [
        card(_("Open an improvement for a reason"), _improve(people, reason, scope), width="half"),
        card(_("Count the cases of a reason"), _count(stores, reason), width="half"),
    ]


def _improve(
    people: Sequence[tuple[Store, Employee]], reason: str | None, scope: Scope
) -> Component:
    due_on = scope.today + timedelta(days=USUAL_DAYS)
    who = [
        (one.id, _("{name} · {store}", name=one.name, store=store.code)) for store, one in people
    ]
    return forms.form(
        "improve",
        forms.select("improve", "reason", _("Reason"), _reasons(), reason),
        forms.line("improve", "title", _("What is to be done")),
        forms.select("improve", "owner", _("Owner"), who),
        forms.day("improve", "due_on", _("Deadline"), due_on, least=scope.today),
        forms.line("improve", "cause", _("Root cause")),
        says=_("Open the improvement"),
        saves=ids.reason_save("improve"),
    )


def _count(stores: Sequence[Store], reason: str | None) -> Component:
    only = stores[0].id if len(stores) == 1 else None
    return forms.form(
        "count_reason",
        forms.select("count_reason", "reason", _("Reason"), _reasons(), reason),
        forms.select("count_reason", "store", _("Store"), [(s.id, s.name) for s in stores], only),
        says=_("Count the cases"),
        saves=ids.reason_save("count_reason"),
    )


def _reasons() -> list[tuple[str, str]]:
    return [(code.value, word("reason", code)) for code in ChurnReason]
