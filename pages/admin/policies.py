"""Deadlines: how long a complaint may take, by how grave it is."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import forms, sessions
from dashboard.i18n import _
from dashboard.ids import Admin
from dashboard.widgets import card
from dashboard.words import WORDS, word
from data import db, settings
from data.lookups import Session
from data.models import AdminEvent, SlaPolicy
from data.person import Person, Right
from data.scope import Scope
from pages.admin import parts

PATH = "/admin/deadlines"
NAME = "Deadlines"
RIGHT = Right.ADMINISTER


def layout(*, scope: Scope) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        return html.Div(body(session, person, scope), id=Admin.BODY, className="admin")


def body(session: Session, person: Person, scope: Scope) -> list[Any]:
    """Everything on the page."""
    lead = _("How long a complaint may take. A change is for new cases; the others keep theirs.")
    main = [_policy(row) for row in settings.policies(session)]
    told = parts.history(session, scope.zone, "policy", about=_about)
    return parts.page(_(NAME), lead, main, [told])


def _policy(row: SlaPolicy) -> Component:
    name = f"policies.set.{row.severity}"
    units = [(unit, word("term", unit)) for unit in WORDS["term"]]
    fields = [
        forms.figure(name, "reply_amount", word("figure", "reply_amount"), row.reply_amount),
        forms.select(name, "reply_unit", word("figure", "reply_unit"), units, row.reply_unit),
        forms.figure(name, "close_amount", word("figure", "close_amount"), row.close_amount),
        forms.select(name, "close_unit", word("figure", "close_unit"), units, row.close_unit),
        forms.figure(name, "warning_share", _("Warned at, percent"), row.warning_share * 100),
        forms.figure(name, "max_pause_days", word("figure", "max_pause_days"), row.max_pause_days),
    ]
    body = parts.form(
        name, row.version, html.Div(fields, className="admin-grid admin-pairs"), says=_("Save")
    )
    return card(word("severity", row.severity), body, width="full")


def _about(entry: AdminEvent) -> str:
    return word("severity", entry.subject.removeprefix("policy "))
