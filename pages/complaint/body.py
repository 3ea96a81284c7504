"""The inside of a complaint's page, drawn anew after each save."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import clocks, formats, ids, known, urls, veils
from dashboard.i18n import _, language
from dashboard.timeline import timeline
from dashboard.widgets import badge, card, icon, link, page_head
from dashboard.words import ACTION_TONES, SEVERITY_TONES, word
from data import improvements, issues
from data.lookups import Session
from data.metrics.complaints.case import Case
from data.models import ComplaintCategory, Promise
from data.person import Person, Right
from pages.complaint.moves import Workbench, side

MOST_KNOWN = 3
STATE_TONES = {"new": "warn", "waiting_customer": "quiet", "closed": "quiet", "resolved": "good"}
Facts = Sequence[tuple[str, Any]]


def body(session: Session, case: Case, person: Person, *, as_of: datetime) -> list[Any]:
    """Everything on the page of `case` for `person`."""
    bench = Workbench(case=case, person=person, as_of=as_of)
    aside = [*side(bench), *_known(session, case), _people(case, person)]
    aside += _answered(session, case)
    main = [_story(case), _clocks(case, as_of), _history(case)]
    return [
        dcc.Store(id=ids.Case.ID, data=case.row.id),
        dcc.Store(id=ids.Case.VERSION, data=case.row.version),
        _head(case, person),
        html.Div(id=ids.Case.CLASH, role="alert"),
        html.Div(
            [
                html.Div(main, className="case-main"),
                html.Aside(aside, className="case-side"),
            ],
            className="case-columns",
        ),
    ]


def _head(case: Case, person: Person) -> Component:
    row = case.row
    severity = row.severity or "unjudged"
    lead = html.Span(
        [
            badge(word("severity", severity), SEVERITY_TONES.get(severity, "quiet")),
            badge(word("state", row.state), STATE_TONES.get(row.state, "info")),
            html.Span(category_name(case.category) or row.category_words or _("No category yet")),
            html.Span(case.store.name),
        ],
        className="case-lead",
    )
    back = link([icon("arrow-left"), _("All complaints")], urls.complaints(), className="back")
    title = _("Complaint {number}", number=row.number)
    return html.Div([back, page_head(title, *_act(case, person), lead=lead)])


def _act(case: Case, person: Person) -> list[Component]:
    """The way to an action against what is behind this complaint."""
    if not person.may(Right.RUN_IMPROVEMENTS):
        return []
    code = case.category.code if case.category else None
    href = urls.new_improvement(case.store.code, category=code, complaint=case.row.number)
    words = [icon("clipboard-plus"), _("Open an action")]
    return [link(words, href, className="btn btn-outline-primary text-nowrap")]


def category_name(category: ComplaintCategory | None) -> str | None:
    """What a category is called in the reader's language."""
    if category is None:
        return None
    return category.name_zh if language() == "zh" else category.name


def _story(case: Case) -> Component:
    row, zone = case.row, case.store.zone
    facts: Facts = (
        (_("Opened"), formats.moment(row.opened_at, zone)),
        (_("Channel"), row.channel and word("channel", row.channel)),
        (_("Origin"), row.origin and word("origin", row.origin)),
        (_("What the customer wants"), row.motive and word("motive", row.motive)),
        (_("Interim solution"), row.interim_solution),
        (_("Solution"), row.solution),
        (_("Root cause"), row.root_cause),
        (_("Cause of the breach"), row.breach_cause and word("cause", row.breach_cause)),
        (_("Taken up again"), formats.number(row.reopened) if row.reopened else None),
    )
    words = row.content or _("Nothing was written down.")
    return card(_("What happened"), html.P(words, className="story"), _facts(facts), width="full")


def _clocks(case: Case, as_of: datetime) -> Component:
    zone = case.store.zone
    return card(
        _("How long it may take"),
        html.Div(
            [
                clocks.clock(_("First reply"), case.reply, as_of=as_of, zone=zone),
                clocks.clock(_("Solution"), case.closing, as_of=as_of, zone=zone),
            ],
            className="clocks",
        ),
        width="full",
    )


def _history(case: Case) -> Component:
    shown = timeline(case.history, case.actors, case.store.zone)
    nothing = html.P(_("Nothing has been done yet."), className="note")
    return card(_("History"), shown if case.history else nothing, width="full")


def _known(session: Session, case: Case) -> list[Component]:
    """What the issue library says about such a case, while it is not closed."""
    if case.row.closed_at:
        return []
    category, words = case.category.code if case.category else None, case.row.content or ""
    found = issues.suggest(
        session, category=category, words=words, limit=MOST_KNOWN, categories=case.categories
    )
    return [card(_("Known problems"), known.fold(found), width="full")] if found else []


def _answered(session: Session, case: Case) -> list[Component]:
    """The improvement actions against what is behind the complaint."""
    rows = [
        html.Li(
            [
                link(action.title, urls.improvement(action.number, case.store.code)),
                badge(word("action_state", action.state), ACTION_TONES[action.state]),
            ],
            className="answer",
        )
        for action in improvements.answering(session, case.row)
    ]
    return [card(_("What is done about it"), html.Ul(rows), width="full")] if rows else []


def _people(case: Case, person: Person) -> Component:
    zone, order = case.store.zone, case.order
    vehicle = case.vehicle
    facts: Facts = (
        (_("Owner"), case.owner and case.owner.name),
        (_("First contact"), case.first_contact and case.first_contact.name),
        (_("Changes of owner"), formats.number(case.row.hand_offs)),
        (_("Customer"), _customer(case, person)),
        (_("Phone"), _phone(case, person)),
        (_("Vehicle"), vehicle and (vehicle.model or vehicle.number)),
        (_("Plate"), vehicle and veils.plate(vehicle.plate, person)),
        (_("Repair order"), order and order.number),
        (_("Delivered"), order and order.delivered_at and formats.moment(order.delivered_at, zone)),
        *((_("Promise"), _promise(promise, zone)) for promise in case.promises),
    )
    return card(_("Who and what"), _facts(facts), width="full")


def _customer(case: Case, person: Person) -> Component | None:
    """Who it is, and the way to their file."""
    row = case.customer
    if row is None:
        return None
    name = row.name if person.may(Right.SEE_PEOPLE) else formats.masked_name(row.name)
    return link(name, urls.customer(row.id))


def _phone(case: Case, person: Person) -> Any:
    """The number, hidden until somebody who may asks for it; each look is logged."""
    if case.customer is None or not case.customer.phone or case.customer.anonymised_at:
        return None
    hidden = html.Span(formats.masked_phone(case.customer.phone), id=ids.Case.PHONE)
    if not person.may(Right.SEE_PEOPLE):
        return hidden
    show = html.Button(
        _("Show"), id=ids.Case.REVEAL, type="button", className="btn btn-sm btn-outline-primary"
    )
    return html.Span([hidden, show], className="phone")


def _promise(promise: Promise, zone: str) -> Any:
    due = formats.moment(promise.due_at, zone)
    kept = badge(_("Kept"), "good") if promise.kept_at else badge(_("Open"), "warn")
    return [html.Span(_("{words}, by {due}", words=promise.words, due=due)), " ", kept]


def _facts(facts: Facts) -> Component:
    told = [(label, value) for label, value in facts if value]
    return html.Dl(
        [part for label, value in told for part in (html.Dt(label), html.Dd(value))],
        className="facts",
    )
