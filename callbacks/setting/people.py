"""Accounts and wall screens: what their forms write."""

from typing import Any

from callbacks.setting.asked import LINK, Asked, Writers
from dashboard.forms import Typed
from dashboard.i18n import _
from data.commands import Refused, accounts, screens
from data.lookups import Session
from data.screens import new_secret
from pages.admin.users import EVERY


def _stores(typed: Typed) -> dict[str, Any]:
    codes = [code for code in typed["stores"].split(",") if code]
    every = EVERY in codes
    return {"all_stores": every, "stores": [] if every else codes}


def _add_user(session: Session, asked: Asked) -> str:
    typed = asked.typed
    who: dict[str, Any] = {name: typed[name] for name in ("login", "name", "role", "password")}
    if not who["role"]:
        raise Refused("Please choose a role.")
    accounts.add_user(session, **who, **_stores(typed), at=asked.now)
    return _("The account is open.")


def _change_user(session: Session, asked: Asked) -> str:
    accounts.change_user(
        session,
        login=asked.key,
        version=asked.version,
        name=asked.typed["name"],
        role=asked.typed["role"],
        **_stores(asked.typed),
        at=asked.now,
    )
    return _("Saved. It holds at once.")


def _set_password(session: Session, asked: Asked) -> str:
    who = {"login": asked.key, "password": asked.typed["password"]}
    accounts.set_password(session, **who, version=asked.version, at=asked.now)
    return _("The password was set.")


def _close_user(session: Session, asked: Asked) -> str:
    accounts.disable_user(session, login=asked.key, version=asked.version, at=asked.now)
    return _("The account is closed.")


def _open_user(session: Session, asked: Asked) -> str:
    accounts.enable_user(session, login=asked.key, version=asked.version, at=asked.now)
    return _("The account is open.")


def _look(typed: Typed) -> dict[str, Any]:
    """How a screen looks, as its forms ask it."""
    return {name: typed[name].strip() for name in ("name", "language", "opens", "closes")}


def _add_screen(session: Session, asked: Asked) -> str:
    """The link is shown once: it is put beside what was typed, for the page to show."""
    asked.typed[LINK] = new_secret()
    store = asked.typed["store"]
    screens.add_screen(
        session,
        secret=asked.typed[LINK],
        store=None if store == EVERY else store,
        now=asked.now,
        **_look(asked.typed),
    )
    return _("The screen was added. Open its link there.")


def _edit_screen(session: Session, asked: Asked) -> str:
    screens.edit_screen(session, **asked.screen, **_look(asked.typed))
    return _("Saved. The screen follows within a minute.")


def _renew_link(session: Session, asked: Asked) -> str:
    asked.typed[LINK] = new_secret()
    screens.renew_link(session, **asked.screen, secret=asked.typed[LINK])
    return _("Here is another link. Open it on the screen.")


def _revoke_screen(session: Session, asked: Asked) -> str:
    screens.revoke_screen(session, **asked.screen)
    return _("The screen is revoked.")


WRITERS: Writers = {
    ("users", "add"): _add_user,
    ("user", "change"): _change_user,
    ("user", "password"): _set_password,
    ("user", "close"): _close_user,
    ("user", "open"): _open_user,
    ("screens", "add"): _add_screen,
    ("screens", "edit"): _edit_screen,
    ("screens", "renew"): _renew_link,
    ("screens", "revoke"): _revoke_screen,
}
