"""A clock explained: what is allowed, what is used, and which stretches counted."""

from datetime import datetime, timedelta
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.i18n import _, several
from dashboard.widgets.parts import attributes, badge, icon
from dashboard.words import word
from data.clock import Segment, Unit
from data.metrics.complaints.case import Running

MOST = 60
UNITS = {
    Unit.HOURS: ("{n} hour", "{n} hours"),
    Unit.WORKING_HOURS: ("{n} working hour", "{n} working hours"),
    Unit.DAYS: ("{n} day", "{n} days"),
    Unit.WORKING_DAYS: ("{n} working day", "{n} working days"),
    Unit.MONTHS: ("{n} calendar month", "{n} calendar months"),
}


def clock(title: str, running: Running | None, *, as_of: datetime, zone: str) -> Component:
    """One clock of a case, with the stretches that counted and those that did not."""
    if running is None:
        words = _("No target: the case has neither a severity nor a deadline of its own.")
        return html.Div([html.H3(title), html.P(words, className="note")], className="clock")
    return html.Div(
        [
            html.Div([html.H3(title), _verdict(running, as_of)], className="clock-head"),
            html.P(_allowed(running, zone), className="clock-words"),
            _bar(running),
            _unsure(running),
            _why(running, zone),
        ],
        className="clock",
    )


def _verdict(running: Running, as_of: datetime) -> Component:
    if running.stopped_at:
        words = _("Missed") if running.missed else _("In time")
        return badge(words, "bad" if running.missed else "good")
    if running.missed:
        over = formats.duration(max(as_of - running.due_at, timedelta(0)))
        return badge(_("{time} over", time=over), "bad")
    left = _("{time} left", time=formats.duration(running.due_at - as_of))
    return badge(left, "warn" if (running.share or 0) >= 0.75 else "info")


def _allowed(running: Running, zone: str) -> str:
    due = formats.moment(running.due_at, zone)
    if running.term is None:
        return _("Due {due}, the deadline that came with the case.", due=due)
    allowed = several(*UNITS[running.term.unit], n=running.term.amount)
    if running.share is None:
        return _("{allowed}, due {due}.", allowed=allowed, due=due)
    used = formats.percent(running.share, 0)
    return _("{allowed}, due {due}; {used} of it used.", allowed=allowed, due=due, used=used)


def _bar(running: Running) -> Component | None:
    """The share used, as far as it fits; words above say the same."""
    if running.share is None:
        return None
    width = f"{min(running.share, 1) * 100:.1f}%"
    tone = "bad" if running.missed else "warn" if running.share >= 0.75 else "info"
    inner = html.Div(className=f"gauge-fill gauge-{tone}", style={"width": width})
    return html.Div(inner, className="gauge", **attributes(aria_hidden="true"))


def _unsure(running: Running) -> Component | None:
    if not running.unsure:
        return None
    words = _("The calendar is not loaded that far: the deadline may still move.")
    return html.P([icon("calendar-x"), words], className="note")


def _why(running: Running, zone: str) -> Component:
    """The list behind "why does it stand here"."""
    shown = running.pieces[-MOST:]
    left_out = len(running.pieces) - len(shown)
    rows = [html.Tr([html.Td(said) for said in _row(piece, zone)]) for piece in shown]
    heads = [html.Th(said) for said in (_("From"), _("To"), _("Length"), _("Counts"), _("Why"))]
    more = several("{n} earlier stretch", "{n} earlier stretches", n=left_out) if left_out else ""
    return html.Details(
        [
            html.Summary(_("Why does it stand here?")),
            html.P(more, className="note") if more else None,
            html.Div(
                html.Table(
                    [html.Thead(html.Tr(heads)), html.Tbody(rows)], className="list stretches"
                ),
                className="scroll",
            ),
        ]
    )


def _row(piece: Segment, zone: str) -> list[Any]:
    reason = word("stretch", piece.reason)
    label = word("pause", piece.label) if piece.label else ""
    return [
        formats.moment(piece.start, zone),
        formats.moment(piece.end, zone),
        formats.duration(piece.end - piece.start),
        badge(_("counts"), "info") if piece.counted else badge(_("does not count"), "quiet"),
        f"{reason} ({label})" if label else reason,
    ]
