"""One account: role, stores, password, and whether it is open."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import forms, sessions, urls
from dashboard.i18n import _
from dashboard.ids import Admin
from dashboard.widgets import badge, card
from dashboard.words import word
from data import accounts, db, settings
from data.lookups import Session
from data.models import AppUser
from data.person import Person, Right
from data.scope import Scope
from pages.admin import missing, parts, users

PATH = "/admin/users/<login>"
NAME = "Account"
RIGHT = Right.ADMINISTER


def layout(*, scope: Scope, login: str) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        if settings.account(session, login) is None:
            return missing()
        inside = body(session, person, scope, login)
        return html.Div(inside, id=Admin.BODY, className="admin")


def body(session: Session, person: Person, scope: Scope, login: str) -> list[Any]:
    """Everything on the page of the account `login`."""
    user = settings.account(session, login)
    if user is None:
        return [missing()]
    stands = badge(_("In use"), "good") if user.active else badge(_("Out of use"), "quiet")
    main = [
        card(_("Role and stores"), _edit(session, user, person), width="full", actions=stands),
        card(_("Password"), _password(user), width="full"),
    ]
    if user.login != person.login:
        main.append(card(_("Open or closed"), *_switch(user), width="full"))
    told = parts.history(session, scope.zone, f"user {user.login}")
    lead = f"{user.login} · {word('role', user.role)}"
    above = (_(users.NAME), urls.admin("users"))
    return parts.page(user.name, lead, main, [told], back=above)


def _edit(session: Session, user: AppUser, person: Person) -> Component:
    name = f"user.change.{user.login}"
    seen = next(row.stores for row in accounts.listed(session) if row.login == user.login)
    return parts.form(
        name,
        user.version,
        forms.line(name, "name", _("Name"), user.name),
        users.role_field(name, user.role),
        users.store_field(session, name, person, [users.EVERY] if seen is None else list(seen)),
        says=_("Save"),
    )


def _password(user: AppUser) -> Component:
    name = f"user.password.{user.login}"
    return parts.form(
        name,
        user.version,
        html.P(_("Whoever is signed in with the old one is signed out."), className="note"),
        forms.secret(name, "password", _("New password (10 characters at least)")),
        says=_("Set the password"),
    )


def _switch(user: AppUser) -> list[Component]:
    if user.active:
        words = _("A closed account is signed out at once; what it did stays on record.")
        button = parts.form(f"user.close.{user.login}", user.version, says=_("Close the account"))
    else:
        words = _("It opens with the password it had.")
        button = parts.form(
            f"user.open.{user.login}", user.version, says=_("Open the account again")
        )
    return [html.Div([html.P(words, className="note"), button], className="admin-switch")]
