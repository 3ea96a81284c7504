"""The customer's file, as somebody wants it in view while they call."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, ids, urls
from dashboard.i18n import _, language, several
from dashboard.widgets import badge, card, link
from dashboard.words import SEVERITY_TONES, word
from data.followups.sheet import Earlier, Sheet
from data.models import CallAttempt, Complaint, Customer, Promise

Facts = Sequence[tuple[str, Any]]


def cards(sheet: Sheet, as_of: datetime) -> list[Component]:
    """Customer and car, the order, what is open, and the calls of before."""
    found = [_customer(sheet), _visit(sheet), _open(sheet, as_of), _tries(sheet), _before(sheet)]
    return [one for one in found if one is not None]


def _customer(sheet: Sheet) -> Component:
    customer, car, order = sheet.customer, sheet.vehicle, sheet.order
    facts: Facts = (
        (_("Customer"), customer and link(customer.name, urls.customer(customer.id))),
        (_("Phone"), customer and _phone_of(customer, "customer", customer.phone)),
        (_("Second phone"), customer and _phone_of(customer, "second", customer.second_phone)),
        (_("Brought by"), order and order.brought_by),
        (_("Their phone"), order and phone("brought_by", order.brought_by_phone)),
        (_("Value class"), customer and customer.value_class),
        (_("When to call"), _window(sheet)),
        (_("Prefers"), customer and _channel(customer.preferred_channel)),
        (_("Our promise"), customer and customer.our_promise),
        (_("Bought because"), customer and customer.purchase_reason),
        (_("Vehicle"), car and (car.model or car.number)),
        (_("Plate"), car and car.plate),
        (_("Warranty until"), car and car.warranty_until and formats.day(car.warranty_until)),
    )
    return card(_("Customer and car"), _warning(sheet), told(facts), width="full")


def _phone_of(customer: Customer, which: str, number: str | None) -> Any:
    """A number of the customer; what stands for it once the personal data are out is none."""
    return None if customer.anonymised_at else phone(which, number)


def _warning(sheet: Sheet) -> Component | None:
    if sheet.customer and sheet.customer.do_not_call:
        return html.P(badge(_("Does not want calls"), "bad"))
    return None


def _window(sheet: Sheet) -> Any:
    if sheet.window is None:
        return None
    now = badge(_("now"), "good") if sheet.open_now else badge(_("not now"), "warn")
    return html.Span([f"{sheet.window} ", now])


def _channel(code: str | None) -> str | None:
    return word("channel", code) if code else None


def phone(which: str, number: str | None) -> Any:
    """A number, hidden until somebody asks for it; each look is logged."""
    if not number:
        return None
    show = html.Button(
        _("Show"),
        id=ids.reveal(which),
        type="button",
        className="btn btn-sm btn-outline-primary",
    )
    hidden = html.Span(formats.masked_phone(number), id=ids.phone(which))
    return html.Span([hidden, show], className="phone")


def _visit(sheet: Sheet) -> Component | None:
    order, zone = sheet.order, sheet.store.zone
    if order is None:
        return None
    facts: Facts = (
        (_("Repair order"), order.number),
        (_("Kind of work"), order.kind and word("work", order.kind)),
        (_("Delivered"), order.delivered_at and formats.moment(order.delivered_at, zone)),
        (_("Adviser"), sheet.adviser and sheet.adviser.name),
        (_("Technician"), sheet.technician and sheet.technician.name),
        (_("Odometer"), order.odometer_km and f"{formats.number(order.odometer_km)} km"),
        (_("Amount"), order.total_fen and formats.money(order.total_fen)),
        (_("Cost of labour"), order.labour_fen and formats.money(order.labour_fen)),
        (_("Cost of parts"), order.parts_fen and formats.money(order.parts_fen)),
        (_("Note"), order.note),
    )
    rework = html.P(badge(_("Repeat repair"), "warn")) if order.rework else None
    visits = several("{n} visit on record", "{n} visits on record", n=len(sheet.orders))
    return card(_("The visit"), rework, told(facts), html.P(visits, className="note"), width="full")


def _open(sheet: Sheet, as_of: datetime) -> Component | None:
    if not sheet.complaints and not sheet.promises:
        return None
    cases = [_case(one, sheet) for one in sheet.complaints]
    promised = [_promise(one, sheet, as_of) for one in sheet.promises]
    return card(_("Still open with this customer"), html.Ul([*cases, *promised], className="opens"),
                width="full")  # fmt: skip


def _case(case: Complaint, sheet: Sheet) -> Component:
    about = sheet.categories.get(case.category_id or 0)
    name = about and (about.name_zh if language() == "zh" else about.name)
    severity = case.severity or "unjudged"
    return html.Li(
        [
            link(
                _("Complaint {number}", number=case.number),
                urls.complaint(case.number, sheet.store.code),
            ),
            badge(word("severity", severity), SEVERITY_TONES.get(severity, "quiet")),
            html.Span(name or case.category_words),
            html.P(case.content, className="said") if case.content else None,
        ]
    )


def _promise(made: Promise, sheet: Sheet, as_of: datetime) -> Component:
    """A promise with what can be done about it here; it is a call's own or a case's."""
    due = formats.moment(made.due_at, sheet.store.zone)
    late = made.kept_at is None and made.due_at < as_of
    state = badge(_("Late"), "bad") if late else badge(_("Open"), "warn")
    said = html.Span(_("{words}, by {due}", words=made.words, due=due))
    if made.kept_at:
        return html.Li([badge(_("Kept"), "good"), said])
    buttons = _promise_buttons(made) if made.followup_id else None
    return html.Li([state, said, buttons], id=ids.promise(made.id, "place"))


def _promise_buttons(made: Promise) -> Component:
    own = ids.promise(made.id, "words")
    kept = html.Button(
        _("Kept"),
        id=ids.promise(made.id, "keep"),
        type="button",
        className="btn btn-sm btn-outline-primary",
    )
    told_ = html.Button(
        _("Explained"),
        id=ids.promise(made.id, "explain"),
        type="button",
        className="btn btn-sm btn-outline-primary",
    )
    label = html.Span(_("What the customer was told about the delay"), className="visually-hidden")
    said = html.Label(
        [label, dbc.Input(id=own, size="sm", placeholder=_("If late: what was said"))]
    )
    known = dcc.Store(id=ids.promise(made.id, "version"), data=made.version)
    return html.Div([kept, said, told_, known], className="promise-moves")


def _tries(sheet: Sheet) -> Component | None:
    if not sheet.attempts:
        return None
    items = [_try(one, sheet) for one in reversed(sheet.attempts)]
    return card(_("Tries of this call"), html.Ul(items, className="opens"), width="full")


def _try(one: CallAttempt, sheet: Sheet) -> Component:
    by = sheet.people.get(one.agent_id or 0, "")
    return html.Li(
        [
            html.Time(formats.moment(one.at, sheet.store.zone), dateTime=one.at.isoformat()),
            html.Span(word("result", one.result)),
            html.Span(by, className="note"),
            html.P(one.note, className="said") if one.note else None,
        ]
    )


def _before(sheet: Sheet) -> Component | None:
    if not sheet.earlier:
        return None
    items = [_earlier(one, sheet) for one in sheet.earlier[:5]]
    return card(_("Earlier calls"), html.Ul(items, className="opens"), width="full")


def _earlier(one: Earlier, sheet: Sheet) -> Component:
    rule = one.rule and (one.rule.name_zh if language() == "zh" else one.rule.name)
    said = one.response
    scores = [
        _("overall {score} of 5", score=said.overall) if said and said.overall else "",
        _("would recommend {score} of 10", score=said.nps) if said and said.nps is not None else "",
    ]
    return html.Li(
        [
            html.Time(formats.day(one.followup.due_on), dateTime=one.followup.due_on.isoformat()),
            html.Span(rule or _("Without a rule")),
            html.Span(word("followup", one.followup.state), className="note"),
            html.Span(" · ".join(score for score in scores if score)),
            html.P(said.comment, className="said") if said and said.comment else None,
        ]
    )


def told(facts: Facts) -> Component:
    """What is known, as pairs of a name and a value."""
    known = [(label, value) for label, value in facts if value]
    return html.Dl(
        [part for label, value in known for part in (html.Dt(label), html.Dd(value))],
        className="facts",
    )
