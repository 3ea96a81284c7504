"""What each form of the administration writes: its fields read, and handed to a command."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.forms import Typed, a_day, number, whole
from dashboard.i18n import _
from dashboard.words import WORDS
from data.commands import (
    Refused,
    accounts,
    calendars,
    categories,
    norms,
    policies,
    rules,
    screens,
    targets,
)
from data.lookups import Session
from data.norms import BOUNDS, LIST, WHOLE, YES_NO
from data.screens import new_secret
from data.targets import AIMED
from pages.admin.categories import MAIN
from pages.admin.norms import FEN
from pages.admin.rules import FIGURES
from pages.admin.targets import HOUSE, USUAL
from pages.admin.users import EVERY

LINK = "link"  # what was made by saving, beside what was typed


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks for: the record it names, what was typed, the version it started from.

    `today` is the local day.
    """

    key: str
    typed: Typed
    version: int
    now: datetime
    today: date

    @property
    def of(self) -> dict[str, Any]:
        """Which record, which version of it, and when: what most commands begin with."""
        return {"code": self.key, "version": self.version, "now": self.now}

    @property
    def screen(self) -> dict[str, Any]:
        """The same of a screen."""
        return {"screen_id": whole(self.key) or 0, "version": self.version, "now": self.now}


def _integer(text: str) -> int | None:
    found = number(text)
    return int(found) if found is not None and found.is_integer() else None


def _share(text: str) -> float | None:
    found = number(text)
    return None if found is None else found / 100


def _aimed(metric: str, text: str) -> float | None:
    share = AIMED.get(metric, ("",))[0] == "share"
    return _share(text) if share else number(text)


def _set_target(session: Session, asked: Asked) -> str:
    """A new target names everything in its fields, one that was set before in its form's name."""
    metric, store, day = (*asked.key.split(":", 2), "", "")[:3]
    known = {"metric": metric, "store": store, "valid_from": day}
    said = {name: known[name] or asked.typed[name] for name in known}
    if not said["metric"]:
        raise Refused("Please choose a metric.")
    if not said["store"]:
        raise Refused("Please choose a store.")
    targets.set_target(
        session,
        metric=said["metric"],
        store=None if said["store"] == HOUSE else said["store"],
        value=_aimed(said["metric"], asked.typed["value"]),
        direction="" if asked.typed["direction"] == USUAL else asked.typed["direction"],
        valid_from=a_day(said["valid_from"]),
        version=asked.version,
        now=asked.now,
    )
    return _("Saved. Tiles and charts are measured against it now.")


def _drop_target(session: Session, asked: Asked) -> str:
    target = whole(asked.key) or 0
    targets.drop_target(session, target_id=target, version=asked.version, now=asked.now)
    return _("Taken back.")


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


def _set_rule(session: Session, asked: Asked) -> str:
    share = _share(asked.typed["hold_out"])
    figures: dict[str, Any] = {
        name: _integer(asked.typed[name]) for name in (*FIGURES, "gap_months")
    }
    rules.set_rule(
        session,
        **asked.of,
        **figures,
        window=asked.typed["window"],
        hold_out=-1 if share is None else share,
    )
    return _("Saved. It holds for calls made from now on.")


def _switch_on(session: Session, asked: Asked) -> str:
    rules.switch_on(session, today=asked.today, hold_out=None, **asked.of)
    return _("The rule is on.")


def _switch_off(session: Session, asked: Asked) -> str:
    rules.switch_off(session, **asked.of)
    return _("The rule is off.")


def _set_policy(session: Session, asked: Asked) -> str:
    typed = asked.typed
    policies.set_policy(
        session,
        severity=asked.key,
        version=asked.version,
        now=asked.now,
        reply_amount=_integer(typed["reply_amount"]),
        reply_unit=typed["reply_unit"],
        close_amount=_integer(typed["close_amount"]),
        close_unit=typed["close_unit"],
        warning_share=_share(typed["warning_share"]),
        max_pause_days=_integer(typed["max_pause_days"]),
    )
    return _("Saved. It holds for cases opened from now on.")


def _set_week(session: Session, asked: Asked) -> str:
    week = {day: asked.typed[day] for day in WORDS["weekday"]}
    calendars.set_week(session, week=week, **asked.of)
    return _("Saved.")


def _set_day(session: Session, asked: Asked) -> str:
    typed = asked.typed
    working, day = typed["kind"] == "worked", a_day(typed["day"])
    calendars.set_day(session, day=day, working=working, reason=typed["reason"], **asked.of)
    return _("Saved.")


def _drop_day(session: Session, asked: Asked) -> str:
    code, _colon, day = asked.key.partition(":")
    calendars.drop_day(session, day=a_day(day), **asked.of | {"code": code})
    return _("Saved.")


def _load_until(session: Session, asked: Asked) -> str:
    estimated = asked.typed["estimated"] == "yes"
    until = a_day(asked.typed["until"])
    calendars.load_until(session, until=until, estimated=estimated, **asked.of)
    return _("Saved.")


def _add_category(session: Session, asked: Asked) -> str:
    names = {name: asked.typed[name] for name in ("name", "name_zh")}
    parent = asked.typed["parent"] if asked.typed["parent"] != MAIN else None
    categories.add_category(session, parent=parent, now=asked.now, **names)
    return _("Saved.")


def _rename_category(session: Session, asked: Asked) -> str:
    names = {name: asked.typed[name] for name in ("name", "name_zh")}
    categories.rename_category(session, **asked.of | names)
    return _("Saved.")


def _retire_category(session: Session, asked: Asked) -> str:
    categories.retire_category(session, **asked.of)
    return _("Saved.")


def _restore_category(session: Session, asked: Asked) -> str:
    categories.restore_category(session, **asked.of)
    return _("Saved.")


def _set_norm(session: Session, asked: Asked) -> str:
    bounds = BOUNDS.get(asked.key, {})
    values = {
        name: _normal(name, kind, asked.typed[name])
        for name, (kind, _least, _most) in bounds.items()
    }
    norms.set_norm(session, values=values, **asked.of)
    return _("Saved. The figures are counted anew.")


def _normal(name: str, kind: str, text: str) -> Any:
    """A figure as a norm keeps it."""
    if kind == YES_NO:
        return text == "yes"
    if kind == LIST:
        return [_integer(part) for part in text.replace("，", ",").split(",")]
    if name.endswith(FEN):
        yuan = number(text)
        return None if yuan is None else round(yuan * 100)
    return _integer(text) if kind == WHOLE else number(text)


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


WRITERS: dict[tuple[str, str], Callable[[Session, Asked], str]] = {
    ("targets", "set"): _set_target,
    ("targets", "drop"): _drop_target,
    ("users", "add"): _add_user,
    ("user", "change"): _change_user,
    ("user", "password"): _set_password,
    ("user", "close"): _close_user,
    ("user", "open"): _open_user,
    ("rules", "set"): _set_rule,
    ("rules", "on"): _switch_on,
    ("rules", "off"): _switch_off,
    ("policies", "set"): _set_policy,
    ("calendars", "week"): _set_week,
    ("calendars", "day"): _set_day,
    ("calendars", "drop"): _drop_day,
    ("calendars", "load"): _load_until,
    ("categories", "add"): _add_category,
    ("categories", "rename"): _rename_category,
    ("categories", "retire"): _retire_category,
    ("categories", "restore"): _restore_category,
    ("norms", "set"): _set_norm,
    ("screens", "add"): _add_screen,
    ("screens", "edit"): _edit_screen,
    ("screens", "renew"): _renew_link,
    ("screens", "revoke"): _revoke_screen,
}
