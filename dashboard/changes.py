"""Changes of what all stores share, told as sentences: what it was, and what it is."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from dashboard import formats
from dashboard.i18n import _, later
from dashboard.icons import Icon
from dashboard.words import word

Data = Mapping[str, Any]
Teller = Callable[[Data, str], str]
ICONS: dict[str, Icon] = {
    "target_set": "bullseye",
    "target_dropped": "x-circle",
    "user_added": "person-plus",
    "user_changed": "person-gear",
    "user_bound": "person-check",
    "user_disabled": "person-x",
    "user_enabled": "person-check",
    "password_changed": "key",
    "rule_on": "toggle-on",
    "rule_off": "toggle-off",
    "rule_set": "sliders",
    "policy_set": "stopwatch",
    "week_set": "calendar-week",
    "day_set": "calendar-plus",
    "day_dropped": "calendar-minus",
    "calendar_loaded": "calendar-check",
    "category_added": "plus-circle",
    "category_renamed": "pencil",
    "category_retired": "archive",
    "category_restored": "arrow-counterclockwise",
    "norm_set": "sliders",
    "store_added": "shop",
    "screen_added": "display",
    "screen_changed": "sliders",
    "screen_link_renewed": "link",
    "screen_linked": "link-45deg",
    "screen_revoked": "slash-circle",
}
SHARES = ("hold_out", "warning_share")
WORDED = {
    "reply_unit": "term",
    "close_unit": "term",
    "role": "role",
    "direction": "direction",
    "language": "screen_language",
}


def difference(data: Data) -> str:
    """Each figure that differs: what it was, and what it is."""
    before, after = data.get("from") or {}, data.get("to") or {}
    told = [
        _(
            "{figure}: {before} → {after}",
            figure=word("figure", name),
            before=value(name, before.get(name)),
            after=value(name, after[name]),
        )
        for name in after
        if after[name] != before.get(name)
    ]
    return _("; ").join(told) or _("Nothing differs")


def value(name: str, said: Any) -> str:
    """The value of a figure in words."""
    if name in WORDED:
        return word(WORDED[name], said)
    if name in SHARES:
        return formats.percent(said, 0)
    if isinstance(said, bool):
        return _("yes") if said else _("no")
    if isinstance(said, list):
        return ", ".join(str(one) for one in said)
    if name == "stores" and said == "all":
        return _("All stores")
    return formats.NOTHING if said in (None, "") else str(said)


def _day(text: str | None) -> str:
    return formats.day(date.fromisoformat(text)) if text else formats.NOTHING


def _said(sentence: str) -> Teller:
    return lambda data, zone: _(sentence)


def _differs(data: Data, zone: str) -> str:
    return difference(data)


def _target_set(data: Data, zone: str) -> str:
    after, before = data.get("to") or {}, data.get("from") or {}
    gaps = {"day": _day(data.get("valid_from")), "store": data.get("store") or _("All stores")}
    if "value" not in after:
        return difference(data)
    now, was = (_aimed(side.get("value"), data) for side in (after, before))
    if before:
        return _("{store}, from {day}: {before} → {after}", before=was, after=now, **gaps)
    return _("{store}, from {day}: {after}", after=now, **gaps)


def _target_dropped(data: Data, zone: str) -> str:
    was = _aimed((data.get("from") or {}).get("value"), data)
    gaps = {"day": _day(data.get("valid_from")), "store": data.get("store") or _("All stores")}
    return _("{store}, from {day}: {before} was taken back", before=was, **gaps)


def _aimed(said: Any, data: Data) -> str:
    return formats.NOTHING if said is None else formats.aim(float(said), data.get("unit", ""))


def _user_added(data: Data, zone: str) -> str:
    gaps = {"role": word("role", data.get("role")), "stores": value("stores", data.get("stores"))}
    return _("Added: {role}, {stores}", **gaps)


def _rule_on(data: Data, zone: str) -> str:
    share = data.get("hold_out") or 0
    gaps = {"day": _day(data.get("starts_on")), "share": formats.percent(share, 0)}
    if share:
        return _("Switched on from {day}; {share} are held out", **gaps)
    return _("Switched on from {day}", **gaps)


def _day_set(data: Data, zone: str) -> str:
    after = data.get("to") or {}
    gaps = {"day": _day(data.get("day")), "reason": after.get("reason") or formats.NOTHING}
    if after.get("working"):
        return _("{day} is worked: {reason}", **gaps)
    return _("{day} is closed: {reason}", **gaps)


def _day_dropped(data: Data, zone: str) -> str:
    return _("{day} is as usual again", day=_day(data.get("day")))


def _loaded(data: Data, zone: str) -> str:
    until = _day((data.get("to") or {}).get("loaded_until"))
    if data.get("estimated"):
        return _("Known until {until}, make-up days entered by hand", until=until)
    return _("Known until {until}", until=until)


def _category_added(data: Data, zone: str) -> str:
    after = data.get("to") or {}
    return _("Added: {name}, {name_zh}", name=after.get("name"), name_zh=after.get("name_zh"))


def _norm_set(data: Data, zone: str) -> str:
    if data.get("code", "customer_value") == "customer_value":
        return _("The formula was changed")
    return difference(data)


SENTENCES: dict[str, Teller] = {
    "target_set": _target_set,
    "target_dropped": _target_dropped,
    "user_added": _user_added,
    "user_changed": _differs,
    "user_bound": _said(later("Bound to the company account")),
    "user_disabled": _said(later("The account was closed")),
    "user_enabled": _said(later("The account was opened again")),
    "password_changed": _said(later("A new password was set")),
    "rule_on": _rule_on,
    "rule_off": _said(later("Switched off")),
    "rule_set": _differs,
    "policy_set": _differs,
    "week_set": _said(later("The weekly hours were changed")),
    "day_set": _day_set,
    "day_dropped": _day_dropped,
    "calendar_loaded": _loaded,
    "category_added": _category_added,
    "category_renamed": _differs,
    "category_retired": _said(later("Retired")),
    "category_restored": _said(later("In use again")),
    "norm_set": _norm_set,
    "store_added": _said(later("The store was added")),
    "screen_added": _said(later("The screen was added")),
    "screen_changed": _differs,
    "screen_link_renewed": _said(later("Another link was made")),
    "screen_linked": _said(later("A screen opened its link")),
    "screen_revoked": _said(later("The screen was revoked")),
}
