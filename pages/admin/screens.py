"""Wall screens: adding one by a link that works once, what it shows, and ending it."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, forms, sessions
from dashboard.i18n import _
from dashboard.ids import Admin
from dashboard.widgets import badge, card
from dashboard.widgets.parts import nothing
from dashboard.words import WORDS, word
from data import db, lookups
from data.lookups import Session
from data.models import AdminEvent
from data.person import Person, Right
from data.scope import Scope
from data.screens import Listed, Standing, listed
from pages.admin import parts
from pages.admin.users import EVERY

PATH = "/admin/screens"
NAME = "Wall screens"
RIGHT = Right.ADMINISTER
TONES = {
    Standing.RUNNING: "good",
    Standing.LINK_OPEN: "info",
    Standing.LINK_OVER: "warn",
    Standing.REVOKED: "quiet",
}
OPENS, CLOSES = "08:00", "20:00"


def layout(*, scope: Scope) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        return html.Div(body(session, person, scope), id=Admin.BODY, className="admin")


def body(session: Session, person: Person, scope: Scope, *, link: str = "") -> list[Any]:
    """Everything on the page; `link` is one that was made just now, shown this once."""
    found = listed(session, now=scope.as_of)
    names = {f"screen {row.id}": row.name for row in found}

    def about(entry: AdminEvent) -> str:
        return names.get(entry.subject, entry.subject)

    lead = _("A screen needs no login: it is opened by a link that works once, and can be ended.")
    items = [_item(row, scope.zone) for row in found] or [nothing(_("No screen yet."), "display")]
    main = [card(_("Screens"), *items, width="full")]
    new = card(_("Add a screen"), _new(session, person), width="full")
    told = parts.history(session, scope.zone, "screen", about=about)
    return parts.page(_(NAME), lead, [_once(link), *main] if link else main, [new, told])


def _once(link: str) -> Component:
    """The link, which nobody can look up again."""
    words = _("Open this address in the screen's browser within 24 hours. It is shown this once.")
    place = "admin-screen-link"
    shown = html.Div(
        [html.Code(link, id=place), dcc.Clipboard(target_id=place, title=_("Copy"))],
        className="admin-once",
    )
    return card(_("The link of the screen"), html.P(words, className="note"), shown, width="full")


def _item(row: Listed, zone: str) -> Component:
    hours = f"{row.opens}–{row.closes}"
    beside = [
        html.Span(row.store or _("All stores")),
        html.Span(word("screen_language", row.language)),
        html.Span(hours),
        badge(word("screen", row.standing), TONES[row.standing]),
    ]
    if row.standing is Standing.REVOKED:
        since = formats.moment(row.revoked_at, zone)
        said = html.P(_("Revoked on {moment}", moment=since), className="note")
        return parts.item(row.name, *beside, body=[said])
    return parts.item(row.name, *beside, body=[_edit(row), _renew(row), _revoke(row)])


def _edit(row: Listed) -> Component:
    name = f"screens.edit.{row.id}"
    fields = [forms.line(name, "name", _("Name"), row.name), *_look(name, row)]
    return parts.form(name, row.version, html.Div(fields, className="admin-grid"), says=_("Save"))


def _look(form: str, row: Listed | None) -> list[Component]:
    languages = [(code, word("screen_language", code)) for code in WORDS["screen_language"]]
    return [
        forms.select(form, "language", _("Language"), languages, row.language if row else "both"),
        forms.line(form, "opens", _("Lit from"), row.opens if row else OPENS),
        forms.line(form, "closes", _("Lit until"), row.closes if row else CLOSES),
    ]


def _renew(row: Listed) -> Component:
    words = _("Another link, for another browser; the present one runs on until it is opened.")
    button = parts.form(f"screens.renew.{row.id}", row.version, says=_("Make another link"))
    return html.Div([html.P(words, className="note"), button], className="admin-switch")


def _revoke(row: Listed) -> Component:
    words = _("It shows nothing more from the next minute on, and cannot be taken up again.")
    button = parts.form(f"screens.revoke.{row.id}", row.version, says=_("Revoke"))
    return html.Div([html.P(words, className="note"), button], className="admin-switch")


def _new(session: Session, person: Person) -> Component:
    name = "screens.add"
    where = [(code, f"{code} {said}") for code, said in lookups.stores(session)]
    if person.stores is None:
        where = [(EVERY, _("All stores")), *where]
    first = where[0][0] if where else None
    return parts.form(
        name,
        0,
        forms.line(name, "name", _("Name, such as the place it hangs")),
        forms.select(name, "store", _("Shows"), where, first),
        *_look(name, None),
        says=_("Add the screen"),
    )
