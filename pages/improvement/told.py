"""The history of an action: its deadline, and everything that happened, in words."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.i18n import _
from dashboard.timeline import timeline
from dashboard.widgets import card
from data.improvements import File
from data.models import Event

KINDS = {  # what other records' histories say in other words
    "opened": "action_opened",
    "assigned": "given",
    "cancelled": "called_off",
    "reopened": "back",
    "edited": "rewritten",
}


def history(file: File) -> Component:
    """Everything that happened, the latest first."""
    told = [_named(entry, file) for entry in file.history]
    shown = timeline(told, file.actors, file.store.zone)
    nothing = html.P(_("Nothing has been done yet."), className="note")
    return card(_("History"), shown if told else nothing, width="full")


def deadlines(file: File) -> list[Component]:
    """Every day it was to be done by, if it was put off."""
    if not file.moved:
        return []
    rows = [html.Tr([html.Td(formats.day(file.row.original_due_on)), html.Td(_("At first"))])]
    rows += [
        html.Tr([html.Td(formats.day(move.after)), html.Td(move.reason)]) for move in file.moved
    ]
    days = (file.row.due_on - file.row.original_due_on).days
    said = _("The deadline moved by {n} days in all.", n=days)
    table = html.Table(html.Tbody(rows), className="stretches")
    return [card(_("The deadline"), html.P(said, className="headline"), table, width="full")]


def _named(entry: Event, file: File) -> Event:
    """The entry with names in the place of ids; it is only shown, never kept."""
    data: dict[str, Any] = dict(entry.data)
    for key in ("owner", "from_owner"):
        data[key] = file.names.get(data.get(f"{key}_id") or 0)
    numbers = {each.complaint.id: each.complaint.number for each in file.linked}
    data.setdefault("complaint", numbers.get(data.get("complaint_id") or 0))
    kind = KINDS.get(entry.kind, entry.kind)
    if entry.kind == "linked" and data.get("recurred"):
        kind = "back"
    return Event(kind=kind, at=entry.at, actor=entry.actor, data=data)
