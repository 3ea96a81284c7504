"""Targets, categories and the figures of the house: what their forms write."""

from typing import Any

from callbacks.setting.asked import Asked, Writers, integer, share
from dashboard.forms import a_day, number, whole
from dashboard.i18n import _
from data.commands import Refused, categories, norms, targets
from data.lookups import Session
from data.norms import BOUNDS, LIST, WHOLE, YES_NO
from data.targets import AIMED
from pages.admin.categories import MAIN
from pages.admin.norms import FEN
from pages.admin.targets import HOUSE, USUAL


def _aimed(metric: str, text: str) -> float | None:
    unit = AIMED.get(metric, ("",))[0]
    return share(text) if unit == "share" else number(text)


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
        return [integer(part) for part in text.replace("，", ",").split(",")]
    if name.endswith(FEN):
        yuan = number(text)
        return None if yuan is None else round(yuan * 100)
    return integer(text) if kind == WHOLE else number(text)


WRITERS: Writers = {
    ("targets", "set"): _set_target,
    ("targets", "drop"): _drop_target,
    ("categories", "add"): _add_category,
    ("categories", "rename"): _rename_category,
    ("categories", "retire"): _retire_category,
    ("categories", "restore"): _restore_category,
    ("norms", "set"): _set_norm,
}
