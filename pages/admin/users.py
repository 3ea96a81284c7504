"""Accounts: who may sign in, as what, and which stores they see."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import forms, sessions, urls
from dashboard.i18n import _, several
from dashboard.ids import Admin
from dashboard.widgets import badge, card, link
from dashboard.words import word
from data import accounts, db, lookups
from data.accounts import Listed
from data.lookups import Session
from data.models import AdminEvent
from data.person import Person, Right, Role
from data.scope import Scope
from pages.admin import parts

PATH = "/admin/users"
NAME = "Accounts"
RIGHT = Right.ADMINISTER
EVERY = "*"


def layout(*, scope: Scope) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        return html.Div(body(session, person, scope), id=Admin.BODY, className="admin")


def body(session: Session, person: Person, scope: Scope) -> list[Any]:
    """Everything on the page."""
    found = accounts.listed(session)
    lead = _("Who may sign in, as what, and which stores they see. Each change holds at once.")
    heads = (_("Login"), _("Name"), _("Role"), _("Stores"), _("In use?"))
    main = card(
        several("{n} account", "{n} accounts", n=len(found)),
        parts.table(heads, [_row(row) for row in found]),
        width="full",
    )
    new = card(_("Open an account"), _new(session, person), width="full")
    told = parts.history(session, scope.zone, "user", about=_about)
    return parts.page(_(NAME), lead, [main], [new, told])


def role_field(form: str, role: str | None) -> Component:
    """What the account may do."""
    roles = [(role.value, word("role", role)) for role in Role if role is not Role.SCREEN]
    return forms.select(form, "role", _("Role"), roles, role)


def store_field(session: Session, form: str, person: Person, ticked: list[str]) -> Component:
    """Which stores the account sees; only who sees all may give all."""
    options = [(code, f"{code} {name}") for code, name in lookups.stores(session)]
    if person.stores is None:
        options = [(EVERY, _("All stores, also those to come")), *options]
    return forms.ticks(form, "stores", _("Stores"), options, ticked)


def _row(row: Listed) -> list[Any]:
    seen = _("All stores") if row.stores is None else ", ".join(row.stores)
    stands = badge(_("In use"), "good") if row.active else badge(_("Out of use"), "quiet")
    way = link(row.login, urls.admin("users", row.login))
    return [way, row.name, word("role", row.role), seen, stands]


def _new(session: Session, person: Person) -> Component:
    name = "users.add"
    return parts.form(
        name,
        0,
        forms.line(name, "login", _("Login")),
        forms.line(name, "name", _("Name")),
        role_field(name, None),
        store_field(session, name, person, []),
        forms.secret(name, "password", _("Password (10 characters at least)")),
        says=_("Open the account"),
    )


def _about(entry: AdminEvent) -> str:
    return entry.subject.removeprefix("user ")
