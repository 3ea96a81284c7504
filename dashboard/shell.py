"""The frame around every page: navigation, top bar, and the place where messages appear."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import dcc, html, set_props
from dash.development.base_component import Component
from werkzeug.exceptions import HTTPException

from dashboard import filterbar, i18n, ids, log, sessions, theme, visitor
from dashboard.i18n import _
from dashboard.ids import Shell
from dashboard.widgets.parts import attributes, icon, menu
from dashboard.words import SHAPES, said, word
from data.commands import Conflict, NotFound, Refused
from data.guard import OutsideScope
from data.person import Person
from data.trouble import Trouble, trouble

SECONDS_SHOWN = 6
Stores = Sequence[tuple[str, str]]
GROUPS = {
    "today": "Today",
    "insight": "Insight",
    "improve": "Improve",
    "system": "Behind the figures",
}


def layout(person: Person, *, stores: Stores, edition: str, refresh_seconds: int) -> Component:
    """The frame for `person`, who may choose among `stores` (code, name).

    `edition` is what the data were when it was made; every `refresh_seconds` it is compared.
    """
    return html.Div(
        [
            html.A(_("Skip to the content"), href="#content", className="skip"),
            *_invisible(edition, refresh_seconds),
            _rail(person),
            html.Div(
                [
                    _topbar(person, stores),
                    html.Main(dash.page_container, id="content", tabIndex="-1"),
                ],
                className="stage",
            ),
            html.Div(className="veil", id="veil"),
            _toast(),
            html.Div(id="weather", role="status", className="weather", **_weather()),
        ],
        className="frame",
    )


def notify(message: Any, kind: str = "good") -> None:
    """Tell the person at the screen; kind is good, info, warn or bad. For use in callbacks."""
    stays = kind in ("bad", "warn")
    set_props(
        Shell.TOAST,
        {
            "children": [icon(SHAPES[kind]), html.Div(message)],
            "className": f"notice notice-{kind}",
            "duration": None if stays else SECONDS_SHOWN * 1000,
            "is_open": True,
        },
    )


class Undrawn(Exception):
    """What somebody did is saved, and could not be shown to them."""


@contextmanager
def drawing() -> Iterator[None]:
    """What fails in here comes after the save: `explain` will not say that nothing was saved."""
    try:
        yield
    except HTTPException:
        raise
    except Exception as error:
        raise Undrawn from error


def explain(error: Exception) -> None:
    """Say what went wrong: the reason if we refused, a reference (and a log entry) if we failed."""
    if isinstance(error, HTTPException):
        raise error
    if isinstance(error, Undrawn):
        return notify(_undrawn(log.failed(error.__cause__ or error)), "warn")
    if isinstance(error, Conflict):
        return notify(_clash(error), "warn")
    if isinstance(error, OutsideScope | NotFound):
        return notify(_("There is no such record in your stores."), "warn")
    if isinstance(error, Refused):
        gaps = {name: said(gap) for name, gap in error.gaps.items()}
        return notify(_(error.sentence, **gaps), "warn")
    if found := trouble(error):
        return notify(_ailing(found, log.failed(error)), "bad")
    return notify(
        _(
            "Something went wrong on our side; nothing was saved. The reference is {reference}.",
            reference=log.failed(error),
        ),
        "bad",
    )


def _undrawn(reference: str) -> str:
    return _(
        "Saved; but the page could not be drawn: reload it. The reference is {reference}.",
        reference=reference,
    )


def _ailing(found: Trouble, reference: str) -> list[Any]:
    """What the database suffers from, for the person and for whoever runs Aftercare."""
    return [html.P(_(found.says)), html.P(_("The reference is {reference}.", reference=reference))]


def _clash(error: Conflict) -> list[Any]:
    """Who saved meanwhile; what one typed stays in the form."""
    names = dict.fromkeys(event.actor for event in error.since)
    by = _("Saved meanwhile by: {names}.", names=", ".join(names)) if names else ""
    return [html.P(_(error.sentence)), html.P(by) if by else None]


def _invisible(edition: str, refresh_seconds: int) -> list[Component]:
    return [
        dcc.Location(id=Shell.URL, refresh="callback-nav"),
        dcc.Interval(id=Shell.REFRESH, interval=refresh_seconds * 1000),
        dcc.Store(id=Shell.FRESH, data=edition),
        dcc.Store(id=Shell.LOOK, data=theme.look()),
        dcc.Store(id=Shell.GO),
        dcc.Store(id=Shell.CLICK),
        dcc.Store(id=Shell.FAULTS),
        dcc.Store(id=Shell.THEME, data=visitor.chosen_theme()),
    ]


def _weather() -> dict[str, Any]:
    """What the browser says by itself when it cannot reach us, in the reader's language."""
    return attributes(
        data_offline=_("Offline – trying again. The figures may be old."),
        data_database=_("The database does not answer – trying again. The figures may be old."),
        data_newer=_("A new version is here."),
        data_reload=_("Reload"),
        data_signed_out=_("You are signed out."),
        data_sign_in=_("Sign in again"),
    )


def _toast() -> Component:
    made: Component = dbc.Toast(
        id=Shell.TOAST,
        header=" ",
        is_open=False,
        dismissable=True,
        className="notice",
    )
    return made


def _rail(person: Person) -> Component:
    seen = [
        page
        for page in dash.page_registry.values()
        if page.get("nav") and (page["right"] is None or person.may(page["right"]))
    ]
    seen.sort(key=lambda page: list(GROUPS).index(page["group"]))
    groups = groupby(seen, key=lambda page: page["group"])
    return html.Nav(
        [
            html.A([_mark(), html.Span("Aftercare")], href="/", className="brand"),
            *(_group(name, list(pages)) for name, pages in groups),
        ],
        className="rail",
        id=Shell.MENU,
        **attributes(aria_label=_("Pages")),
    )


def _mark() -> Component:
    return html.Img(src="/assets/favicon.svg", alt="", className="brand-mark")


def _group(name: str, pages: list[dict[str, Any]]) -> Component:
    return html.Div(
        [html.Div(_(GROUPS[name]), className="rail-group")] + [_nav_link(page) for page in pages]
    )


def _nav_link(page: dict[str, Any]) -> Component:
    path = page["relative_path"]
    made: Component = dbc.NavLink(
        [icon(page["icon"]), html.Span(_(page["name"]))],
        id=ids.nav(path),
        href=path,
        active="exact" if _above_others(path) else "partial",
    )
    return made


def _above_others(path: str) -> bool:
    """Whether pages with a link of their own lie below this one: there it is not the page shown."""
    others = [page["relative_path"] for page in dash.page_registry.values() if page.get("nav")]
    return any(other != path and other.startswith(f"{path.rstrip('/')}/") for other in others)


def _topbar(person: Person, stores: Stores) -> Component:
    burger = html.Button(
        icon("list"),
        id=Shell.MENU_BUTTON,
        className="btn-plain burger",
        type="button",
        **attributes(aria_label=_("Pages"), aria_controls=Shell.MENU, aria_expanded="false"),
    )
    return html.Header(
        [burger, filterbar.bar(stores), html.Div(_own(person), className="own")],
        className="topbar",
    )


def _own(person: Person) -> list[Component]:
    return [filterbar.data_time(), _language(), _theme(), _account(person)]


def _language() -> Component:
    """One click to the other language, named in that language."""
    other = next(code for code in i18n.LANGUAGES if code != i18n.language())
    return html.Button(
        i18n.LANGUAGES[other],
        type="button",
        className="btn-plain language",
        lang=i18n.HTML_NAMES[other],
        **attributes(data_language=other),
    )


def _theme() -> Component:
    words = _("Light or dark")
    return html.Button(
        icon("circle-half"),
        id=Shell.THEME_SWITCH,
        type="button",
        className="btn-plain",
        title=words,
        **attributes(aria_label=words),
    )


def _account(person: Person) -> Component:
    out = html.Form(
        [
            dcc.Input(type="hidden", name="csrf_token", value=sessions.token()),
            html.Button([icon("box-arrow-right"), _("Sign out")], type="submit"),
        ],
        action="/logout",
        method="POST",
    )
    who = html.Div([html.Strong(person.name), html.Span(word("role", person.role))])
    return menu(icon("person-circle"), who, out, label=person.name, className="account")
