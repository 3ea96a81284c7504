"""What happened to an improvement action, told as sentences of the timeline."""

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
    "action_opened": "flag",
    "started": "play-circle",
    "put_off": "calendar-plus",
    "done": "check2-circle",
    "verified": "clipboard-check",
    "called_off": "x-circle",
    "checked": "search",
    "linked": "link-45deg",
    "unlinked": "scissors",
    "informed": "megaphone",
    "rewritten": "pencil",
    "given": "person-check",
    "back": "arrow-counterclockwise",
}


def _plain(sentence: str) -> Teller:
    return lambda data, zone: _(sentence)


def _put_off(data: Data, zone: str) -> str:
    was, due = (formats.day(date.fromisoformat(data[key])) for key in ("from_due_on", "due_on"))
    return _("The deadline was put off from {was} to {due}", was=was, due=due)


def _given(data: Data, zone: str) -> str:
    if data.get("from_due_on"):
        return _("{owner}; {moved}", owner=_owner(data), moved=_put_off(data, zone))
    return _owner(data)


def _owner(data: Data) -> str:
    before, owner = data.get("from_owner"), data.get("owner")
    if before and before != owner:
        return _("Handed from {before} to {owner}", before=before, owner=owner)
    return _("Given to {owner}", owner=owner)


def _verified(data: Data, zone: str) -> str:
    return _("Verified by the figures: {verdict}", verdict=word("verdict", data.get("verdict")))


def _checked(data: Data, zone: str) -> str:
    verdict = word("verdict", data.get("verdict"))
    return _("Looked at after {n} days: {verdict}", n=data.get("days"), verdict=verdict)


def _about(sentence: str) -> Teller:
    return lambda data, zone: _(sentence, number=data.get("complaint") or formats.NOTHING)


def _rewritten(data: Data, zone: str) -> str:
    fields = [word("detail", field) for field in data.get("changed", ())]
    return _("Changed: {fields}", fields=_(", ").join(fields) or formats.NOTHING)


def _back(data: Data, zone: str) -> str:
    if data.get("complaint"):
        return _(
            "The cause is back in complaint {number}: taken up again", number=data["complaint"]
        )
    return _("Taken up again")


SENTENCES: dict[str, Teller] = {
    "started": _plain(later("Work on it has begun")),
    "put_off": _put_off,
    "done": _plain(later("Carried out")),
    "action_opened": _plain(later("The action was opened")),
    "verified": _verified,
    "called_off": _plain(later("Called off")),
    "checked": _checked,
    "linked": _about(later("Complaint {number} was linked")),
    "unlinked": _about(later("Complaint {number} is not about it after all")),
    "informed": _about(later("The customer of complaint {number} was told")),
    "rewritten": _rewritten,
    "given": _given,
    "back": _back,
}
