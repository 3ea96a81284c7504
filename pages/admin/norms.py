"""The figures of the house: what counts as a proper call, a lost customer, an order come back."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import forms, sessions
from dashboard.i18n import _
from dashboard.ids import Admin
from dashboard.widgets import card
from dashboard.words import word
from data import db
from data.lookups import Session
from data.models import AdminEvent
from data.norms import BOUNDS, LIST, YES_NO, Kept, listed
from data.person import Person, Right
from data.scope import Scope
from pages.admin import parts

PATH = "/admin/norms"
NAME = "Figures of the house"
RIGHT = Right.SET_TARGETS
FEN = "_fen"  # what ends so is typed in yuan


def layout(*, scope: Scope) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        return html.Div(body(session, person, scope), id=Admin.BODY, className="admin")


def body(session: Session, person: Person, scope: Scope) -> list[Any]:
    """Everything on the page."""
    lead = _("What the figures reckon with. A change moves the past too: it is counted anew.")
    items = card(_("In force"), *(_item(kept) for kept in listed(session)), width="full")
    told = parts.history(session, scope.zone, "norm", about=_about)
    return parts.page(_(NAME), lead, [items], [told])


def _item(kept: Kept) -> Component:
    name = f"norms.set.{kept.code}"
    fields = [
        _field(name, figure, kind, kept.value[figure])
        for figure, (kind, _least, _most) in BOUNDS[kept.code].items()
    ]
    form = parts.form(name, kept.version, html.Div(fields, className="admin-grid"), says=_("Save"))
    return parts.item(word("norm", kept.code), body=[form])


def _field(form: str, figure: str, kind: str, value: Any) -> Component:
    label = word("figure", figure)
    if kind == YES_NO:
        options = [("yes", _("yes")), ("no", _("no"))]
        return forms.select(form, figure, label, options, "yes" if value else "no")
    if kind == LIST:
        return forms.line(form, figure, label, ", ".join(map(str, value)))
    if figure.endswith(FEN):
        return forms.figure(form, figure, _("{figure}, yuan", figure=label), value / 100)
    return forms.figure(form, figure, label, value)


def _about(entry: AdminEvent) -> str:
    return word("norm", entry.subject.removeprefix("norm "))
