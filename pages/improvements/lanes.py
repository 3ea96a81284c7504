"""The board: the actions in columns by where they stand, each with its owner and its date."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard import formats, urls
from dashboard.i18n import _, several
from dashboard.urls import View
from dashboard.widgets import badge, link
from dashboard.widgets.parts import attributes
from dashboard.words import EFFECT_TONES, word
from data.lookups import Session
from data.metrics.improvements.listing import listing
from data.scope import Scope
from pages.improvements.lists import action_of, aim

LANES = ("open", "in_progress", "done", "effective", "not_effective")
UNDONE = ("open", "in_progress", "not_effective")
SHOWN = 5
MOST = 1000


def lanes(session: Session, scope: Scope, view: View) -> list[Component]:
    """A column for each state; what was called off stands in the list alone."""
    found, _total = listing(session, scope, count=MOST, sort=(("due_on", False),))
    for row in found:
        row["done_on"] = row["done_at"] and row["done_at"].astimezone(ZoneInfo(scope.zone)).date()
    return [_lane(state, [row for row in found if row["state"] == state], view) for state in LANES]


def _lane(state: str, rows: Sequence[Mapping[str, Any]], view: View) -> Component:
    ordered = rows if state in UNDONE else rows[::-1]  # of what is done, the latest first
    more = len(rows) - SHOWN
    drill = {**dict(view.drill), "state": state}
    way = link(
        several("{n} more", "{n} more", n=more),
        urls.improvements(replace(view, drill=()), **drill),
        className="lane-more",
    )
    return html.Section(
        [
            html.H2([word("action_state", state), html.Span(formats.number(len(rows)))]),
            html.Ul([_card(row) for row in ordered[:SHOWN]]),
            *([way] if more > 0 else []),
            *([] if rows else [html.P(_("None"), className="note")]),
        ],
        className=f"lane lane-{state}",
        role="listitem",
        **attributes(aria_label=word("action_state", state)),
    )


def _card(row: Mapping[str, Any]) -> Component:
    about = [row["number"], row["store"], aim(dict(row))]
    return html.Li(
        [
            html.Div(" · ".join(part for part in about if part), className="lane-about"),
            link(row["title"], action_of(dict(row)), className="lane-title stretched-link"),
            html.Div([html.Span(row["owner"] or formats.NOTHING), *_when(row)]),
        ],
        className="lane-card" + (" lane-late" if row["late"] else ""),
    )


def _when(row: Mapping[str, Any]) -> list[Component]:
    """When it is due, or what is known of its effect."""
    if row["state"] in UNDONE:
        due = _("until {day}", day=formats.day(row["due_on"], "short"))
        return [html.Span(due), *([badge(_("Overdue"), "bad")] if row["late"] else [])]
    if row["state"] == "done" and row["verdict"]:
        verdict = row["verdict"]
        return [badge(word("verdict", verdict), EFFECT_TONES[verdict])]
    return [html.Span(_("done {day}", day=formats.day(row["done_on"], "short")))]
