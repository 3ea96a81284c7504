"""The inside of a customer's page, drawn anew after each save."""

from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.i18n import _
from dashboard.ids import CustomerFile
from dashboard.timeline import timeline
from dashboard.widgets import badge, card, page_head
from dashboard.words import word
from data.customers.file import File
from data.lookups import Session
from data.person import Person, Right
from pages.customer import cars, person, records, reminders, worth


def body(session: Session, file: File, reader: Person, *, as_of: datetime) -> list[Any]:
    """Everything on the page of `file` for `reader`."""
    may_write = reader.may(Right.RECORD_FOLLOWUPS) and not file.gone
    main = [
        reminders.card_of(file, as_of, may_write=may_write),
        cars.card_of(file),
        *records.cards(file, reader, as_of),
        _history(file),
    ]
    aside = [person.card_of(file, may_write=may_write), worth.card_of(session, file, reader)]
    return [
        dcc.Store(id=CustomerFile.ID, data=file.customer.id),
        dcc.Store(id=CustomerFile.VERSION, data=file.customer.version),
        _head(file),
        html.Div(id=CustomerFile.CLASH, role="alert"),
        html.Div(
            [
                html.Div([card for card in main if card], className="case-main"),
                html.Aside(aside, className="case-side"),
            ],
            className="case-columns",
        ),
    ]


def _head(file: File) -> Component:
    row = file.customer
    marks = [
        badge(_("Class {code}", code=row.value_class), "info") if row.value_class else None,
        badge(_("Does not want calls"), "bad") if row.do_not_call else None,
        badge(_("Personal data taken out"), "quiet") if file.gone else None,
    ]
    told = [html.Span(word("customer", row.kind)), html.Span(file.store.name)]
    return page_head(_called(file), lead=html.Span([*marks, *told], className="case-lead"))


def _called(file: File) -> str:
    if file.gone:
        return _("Customer without a name")
    return file.customer.name if file.named else formats.masked_name(file.customer.name)


def _history(file: File) -> Component:
    shown = timeline(file.history, file.actors, file.store.zone)
    nothing = html.P(_("Nothing has been done yet."), className="note")
    return card(_("Changes of this file"), shown if file.history else nothing, width="full")
