"""The person: what is known of them, and the form that keeps it true."""

from datetime import date
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, forms, ids
from dashboard.i18n import _
from dashboard.widgets import card
from dashboard.words import word
from data.customers.file import File
from data.models import CallChannel
from pages.customer.parts import facts

FORM = "person"
OLDEST = date(1900, 1, 1)
CLASSES, KINDS = ("A", "B", "C"), ("person", "company")


def card_of(file: File, *, may_write: bool) -> Component:
    """The card."""
    form = [forms.fold(_("Edit"), "pencil", _form(file))] if may_write else []
    return card(_("Who it is"), _known(file), html.Div(form, className="folds"), width="full")


def _known(file: File) -> Component:
    row = file.customer
    if file.gone:
        return html.P(_(
            "The personal data were taken out on {day}. What is counted stays.",
            day=formats.moment(row.anonymised_at, file.store.zone),
        ))  # fmt: skip
    channel = row.preferred_channel and word("channel", row.preferred_channel)
    private: tuple[tuple[str, Any], ...] = (
        (_("Birthday"), row.birthday and formats.day(row.birthday)),
        (_("When to call"), row.call_window),
        (_("Prefers"), channel),
        (_("Our promise"), row.our_promise),
        (_("Bought because"), row.purchase_reason),
    )
    return facts((
        (_("Customer number"), row.number),
        (_("Phone"), _phone("customer", row.phone, file)),
        (_("Second phone"), _phone("second", row.second_phone, file)),
        *(private if file.named else ()),
    ))  # fmt: skip


def _phone(which: str, number: str | None, file: File) -> Any:
    """A number, hidden until somebody who may asks for it; each look is logged."""
    if not number:
        return None
    hidden = html.Span(formats.masked_phone(number), id=ids.customer_phone(which))
    if not file.named:
        return hidden
    show = html.Button(
        _("Show"),
        id=ids.customer_reveal(which),
        type="button",
        className="btn btn-sm btn-outline-primary",
    )
    return html.Span([hidden, show], className="phone")


def _form(file: File) -> Component:
    row = file.customer
    calls = [("yes", _("Wants calls")), ("no", _("Does not want calls"))]
    channels = [(code, word("channel", code)) for code in CallChannel]
    kinds = [(code, word("customer", code)) for code in KINDS]
    classes = [("", _("No class yet")), *((code, code) for code in CLASSES)]
    return forms.form(
        FORM,
        forms.line(FORM, "name", _("Customer's name"), row.name),
        html.P(_("A number left empty stays as it is; a dash takes it out."), className="note"),
        forms.line(FORM, "phone", _("New phone")),
        forms.line(FORM, "second_phone", _("New second phone")),
        forms.select(FORM, "kind", _("Kind of customer"), kinds, row.kind),
        forms.select(FORM, "value_class", _("Value class"), classes, row.value_class or ""),
        forms.day(FORM, "birthday", _("Birthday"), row.birthday, least=OLDEST),
        forms.select(FORM, "calls", _("Whether to call"), calls,
                     "no" if row.do_not_call else "yes"),
        forms.line(FORM, "call_window", _("When to call, such as 09:00-20:00"),
                   row.call_window or ""),
        forms.select(FORM, "preferred_channel", _("Prefers"), [("", _("No preference")), *channels],
                     row.preferred_channel or ""),
        forms.area(FORM, "our_promise", _("Our promise"), rows=2, value=row.our_promise or ""),
        says=_("Save"),
        saves=ids.customer_save(FORM),
    )  # fmt: skip
