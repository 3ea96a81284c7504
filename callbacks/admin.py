"""The administration: whichever setting's button was clicked is saved, and its page drawn anew."""

from collections.abc import Callable
from typing import Any

from dash import set_props
from flask import request

from callbacks import clock, saving
from callbacks.saving import Saved, Sent
from callbacks.setting import LINK, WRITERS, Asked
from callbacks.shell import edition
from dashboard import ids, urls
from dashboard.ids import Admin, Shell
from data.commands import NotFound
from data.lookups import Session
from data.person import Person, Right
from data.scope import Scope
from pages.admin import calendars, categories, norms, policies, rules, screens, targets, user, users

LONGEST_KEY = 120
BODIES: dict[str, Callable[[Session, Person, Scope], list[Any]]] = {
    "targets": targets.body,
    "users": users.body,
    "rules": rules.body,
    "policies": policies.body,
    "calendars": calendars.body,
    "categories": categories.body,
    "norms": norms.body,
}


def _named(sent: Sent) -> tuple[str, str, str]:
    """The page a form is of, what it does, and to which record."""
    page, act, key = (*sent.form.split(".", 2), "", "")[:3]
    return page, act, key[:LONGEST_KEY]


def _write(session: Session, sent: Sent) -> Saved:
    page, act, key = _named(sent)
    if (page, act) not in WRITERS:
        raise NotFound("There is no such form.")
    version = sent.version if type(sent.version) is int and 0 <= sent.version < 2**63 else 0
    asked = Asked(key, sent.typed, version, sent.now, clock.scope("").today)
    return Saved(WRITERS[page, act](session, asked))


def _draw(session: Session, sent: Sent) -> list[Any]:
    set_props(Shell.FRESH, {"data": edition()})
    (page, _act, key), scope = _named(sent), clock.scope("")
    if page == "user":
        return user.body(session, sent.person, scope, key)
    if page == "screens":
        link = sent.typed[LINK]
        return screens.body(session, sent.person, scope, link=link and _whole(link))
    return BODIES[page](session, sent.person, scope)


def _whole(secret: str) -> str:
    """The address of a link as a browser elsewhere has to be given it."""
    return request.host_url.rstrip("/") + urls.screen_link(secret)


RIGHTS = (Right.SET_TARGETS, Right.ADMINISTER)
save = saving.of_record(
    Admin, ids.admin_save, may=RIGHTS, write=_write, draw=_draw, versions=ids.admin_version
)
