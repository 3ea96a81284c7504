"""The inside of a churn case's page, drawn anew after each save."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, urls, veils
from dashboard.i18n import _
from dashboard.ids import ChurnFile
from dashboard.timeline import timeline
from dashboard.widgets import badge, card, icon, link, page_head
from dashboard.words import STEP_TONES, word
from data.churn import Case
from data.models import Followup, Visit
from data.person import Person, Right
from pages.churn_case.moves import side
from pages.churn_case.steps import steps

Facts = Sequence[tuple[str, Any]]


def body(case: Case, person: Person) -> list[Any]:
    """Everything on the page of `case` for `person`."""
    main = [
        card(_("The six steps"), steps(case), width="full"),
        _visits(case),
        _history(case),
    ]
    return [
        dcc.Store(id=ChurnFile.ID, data=case.case.id),
        dcc.Store(id=ChurnFile.VERSION, data=case.case.version),
        _head(case, person),
        html.Div(id=ChurnFile.CLASH, role="alert"),
        html.Div(
            [
                html.Div(main, className="case-main"),
                html.Aside([*side(case, person), _about(case, person)], className="case-side"),
            ],
            className="case-columns",
        ),
    ]


def _head(case: Case, person: Person) -> Component:
    row = case.case
    shown = [
        badge(word("step", case.step), STEP_TONES.get(case.step, "info")),
        badge(_("Held out: not called"), "quiet") if row.held_out else None,
        html.Span(word("churn_rule", row.rule)) if row.rule else None,
        html.Span(_("List {list}", list=row.list_code)) if row.list_code else None,
        html.Span(case.store.name),
    ]
    lead = html.Span([part for part in shown if part], className="case-lead")
    back = link([icon("arrow-left"), _("All churn cases")], urls.churn_cases(), className="back")
    one = case.vehicle
    car = veils.plate(one.plate or one.number or one.vin, person) or ""
    return html.Div([back, page_head(_("Win back {car}", car=car), lead=lead)])


def _about(case: Case, person: Person) -> Component:
    row, car = case.case, case.vehicle
    year = None if row.year_fen is None else formats.money(row.year_fen)
    told: Facts = (
        (_("Customer"), _customer(case, person)),
        (_("Vehicle"), car.model),
        (_("Plate"), veils.plate(car.plate, person)),
        (_("Warranty until"), car.warranty_until and formats.day(car.warranty_until)),
        (_("Last visit"), row.last_visit_on and formats.day(row.last_visit_on)),
        (_("Spent in its last year"), year),
        (_("First call"), _call(case.ask, case)),
        (_("Second call"), _call(case.tell, case)),
        (_("Improvement"), case.action and f"{case.action.number} {case.action.title}"),
        (_("Owner"), case.owner and case.owner.name),
    )
    return card(_("Who and what"), _facts(told), width="full")


def _customer(case: Case, person: Person) -> Component | None:
    row = case.customer
    if row is None:
        return None
    name = row.name if person.may(Right.SEE_PEOPLE) else formats.masked_name(row.name)
    return link(name, urls.customer(row.id))


def _call(call: Followup | None, case: Case) -> Any:
    """The way to a call, and what came of it."""
    if call is None:
        return None
    state = word("excluded", call.excluded) if call.excluded else word("followup", call.state)
    number = link(call.number, urls.followup(call.number, case.store.code))
    return [number, " ", badge(state, "quiet")]


def _visits(case: Case) -> Component:
    rows = [html.Li(_visit(visit)) for visit in case.visits]
    nothing = html.P(_("This car has not been here yet."), className="note")
    return card(_("Latest visits"), html.Ul(rows) if rows else nothing, width="full")


def _visit(visit: Visit) -> str:
    return _("{day}: {yuan}", day=formats.day(visit.day), yuan=formats.money(visit.spend_fen))


def _history(case: Case) -> Component:
    shown = timeline(case.history, case.actors, case.store.zone)
    nothing = html.P(_("Nothing has been done yet."), className="note")
    return card(_("History"), shown if case.history else nothing, width="full")


def _facts(facts: Facts) -> Component:
    told = [(label, value) for label, value in facts if value]
    return html.Dl(
        [part for label, value in told for part in (html.Dt(label), html.Dd(value))],
        className="facts",
    )
