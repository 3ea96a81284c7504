"""The six steps of winning a customer back: what was done, when, and by whom."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.i18n import _, later
from dashboard.icons import Icon
from dashboard.widgets import icon
from dashboard.words import word
from data.churn import Case
from data.models import ChurnState, Event

STEPS: tuple[tuple[str, Icon, tuple[str, ...]], ...] = (
    (later("Selected"), "funnel", ("selected",)),
    (later("File looked through"), "search", ("analysed", "held_out")),
    (later("Asked for the reason"), "telephone", ("asked",)),
    (later("Reason counted"), "bar-chart", ("counted",)),
    (later("Mended, and told"), "megaphone", ("told",)),
    (later("How it ended"), "flag", ("won_back", "returned", "lost")),
)
WAY = ("selected", "analysed", "asked", "counted", "acted_on")
ENDS = (ChurnState.WON_BACK.value, ChurnState.RETURNED.value, ChurnState.LOST.value)


def steps(case: Case) -> Component:
    """Each step with its entry of the history, or that it is still to come."""
    reached = WAY.index(case.step) if case.step in WAY else 0
    rows = [_step(case, *step, done=place <= reached) for place, step in enumerate(STEPS)]
    return html.Ol(rows, className="timeline churn-steps")


def _step(case: Case, title: str, shape: Icon, kinds: Sequence[str], *, done: bool) -> Component:
    entry = next((one for one in reversed(case.history) if one.kind in kinds), None)
    name = word("step", entry.kind) if entry and entry.kind in ENDS else _(title)
    return html.Li(
        [
            icon("check-circle" if entry or done else shape),
            html.Div(
                [
                    html.Div(name, className="timeline-what"),
                    *_said(case, kinds[0]),
                    html.Div(_when(entry, case, done), className="timeline-when"),
                ]
            ),
        ],
    )


def _when(entry: Event | None, case: Case, done: bool) -> list[Component]:
    """When it was done and by whom; steps that were read in from elsewhere do not say."""
    if entry is None:
        return [html.Span(_("This is done") if done else _("Still to come"))]
    by = _("Aftercare") if entry.actor == "system" else case.actors.get(entry.actor, entry.actor)
    moment = formats.moment(entry.at, case.store.zone)
    return [html.Time(moment, dateTime=entry.at.isoformat()), html.Span(by)]


def _said(case: Case, kind: str) -> list[Component]:
    """What is known of this step, in words."""
    row = case.case
    asked = [word("reason", row.reason), row.reason_words] if row.reason else []
    known: dict[str, list[Any]] = {
        "analysed": [row.analysis],
        "asked": asked,
        "counted": [case.action and f"{case.action.number} {case.action.title}"],
        "told": [case.sentence],
        "won_back": [row.returned_on and formats.day(row.returned_on), row.lost_because],
    }
    return [html.P(words) for words in known.get(kind, []) if words]
