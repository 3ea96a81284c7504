"""The overview: is anything wrong, is it getting worse, and what must be decided today."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import urls
from dashboard.i18n import _, language
from dashboard.urls import View
from dashboard.widgets import Ask, Column, Rows, Table, Tile, board, icon, page_head
from data.lookups import Session
from data.metrics import complaints, followups, improvements, retention, satisfaction
from data.metrics.complaints.listing import pressing
from data.metrics.improvements import listing as actions
from data.scope import Scope

PATH = "/"
NAME = "Overview"
GROUP = "today"
ICON = "speedometer2"

OVERDUE_ACTION = "action_overdue"


def narrowed(**drill: str) -> Callable[[View], str]:
    """The way to the complaints, narrowed by `drill`."""
    return lambda view: urls.complaints(view, **drill)


def decisions(session: Session, scope: Scope, ask: Ask) -> Rows:
    """Open cases that nobody owns, that are late or soon will be, each once with its first reason;
    then the improvement actions that are overdue.
    """
    cases, waiting = pressing(session, scope, start=ask.start, count=ask.count)
    after = max(ask.start - waiting, 0)
    late, overdue = _overdue_actions(session, scope, start=after, count=ask.count - len(cases))
    return Rows([*({**row, "topic": _topic(row)} for row in cases), *late], waiting + overdue)


def _overdue_actions(
    session: Session, scope: Scope, *, start: int, count: int
) -> tuple[list[dict[str, Any]], int]:
    late = replace(scope, drill=(("due", "overdue"),))
    found, total = actions.listing(session, late, start=start, count=count)
    rows = [
        {
            **row,
            "why": OVERDUE_ACTION,
            "severity": None,
            "topic": row["title"],
            "close_due_at": scope.local_midnight(row["due_on"] + timedelta(days=1)),
        }
        for row in found
    ]
    return rows, total


def record_of(row: dict[str, Any]) -> str:
    """The address of the case or the action in this row."""
    if row["why"] == OVERDUE_ACTION:
        return urls.improvement(row["number"], row["store"])
    return urls.complaint(row["number"], row["store"])


def _topic(row: dict[str, Any]) -> Any:
    return row["category_name_zh" if language() == "zh" else "category_name"]


def missed(kind: str) -> Callable[[View], str]:
    """The way to the callbacks that were missed in this way."""
    return lambda view: urls.followups(view, kind=kind)


TILES = (
    Tile(
        name="overview-completion",
        title="Callbacks completed",
        metric=followups.completion_rate,
        drill=missed("missed"),
    ),
    Tile(
        name="overview-on-time",
        title="Callbacks completed in time",
        metric=followups.on_time_rate,
        drill=missed("late"),
    ),
    Tile(
        name="overview-satisfaction",
        title="Satisfied customers",
        metric=satisfaction.csat_t2b,
        drill=urls.satisfaction,
    ),
    Tile(
        name="overview-kept",
        title="Customers kept",
        metric=retention.keep_rate,
        drill=urls.retention,
    ),
    Tile(
        name="overview-open",
        title="Open complaints",
        metric=complaints.complaint_ageing,
        value="open",
        drill=narrowed(),
        note="awaiting_recontact",
        says="{n} more solved, not yet re-contacted",
    ),
    Tile(
        name="overview-breached",
        title="Past their deadline",
        metric=complaints.complaint_ageing,
        value="breached",
        alarm="bad",
        drill=narrowed(target="breached"),
    ),
    Tile(
        name="overview-at-risk",
        title="About to be late",
        metric=complaints.complaint_ageing,
        value="at_risk",
        alarm="warn",
        drill=narrowed(target="75-100"),
    ),
    Tile(
        name="overview-per-1000",
        title="Complaints per 1,000 orders",
        metric=complaints.complaints_per_1000_orders,
        drill=narrowed(state="all"),
    ),
    Tile(
        name="overview-first-reply",
        title="First reply in time",
        metric=complaints.first_reply_compliance,
        drill=narrowed(state="all"),
    ),
    Tile(
        name="overview-closure",
        title="Solved in time",
        metric=complaints.closure_compliance,
        drill=narrowed(state="all"),
    ),
    Tile(
        name="overview-right-first-time",
        title="Fixed right first time",
        metric=satisfaction.fixed_right_first_time,
        drill=urls.satisfaction,
    ),
    Tile(
        name="overview-overdue-actions",
        title="Overdue actions",
        metric=improvements.action_status,
        value="overdue",
        alarm="bad",
        drill=lambda view: urls.improvements(view, due="overdue"),
        note="due_in_7_days",
        says="{n} more due within seven days",
    ),
)

DECISIONS = Table(
    name="overview-decisions",
    title="What needs a decision today",
    columns=(
        Column(field="number", title="Number", kind="link"),
        Column(field="why", title="Why", kind="badge", words="attention", tones={
            "unowned": "warn", "breached": "bad", "near": "warn", OVERDUE_ACTION: "bad",
        }),
        Column(field="severity", title="Severity", kind="badge", words="severity"),
        Column(field="topic", title="What it is about"),
        Column(field="store", title="Store"),
        Column(field="owner", title="Owner"),
        Column(field="close_due_at", title="Deadline", kind="until"),
        Column(field="assign", title="", kind="action", says="Assign"),
    ),
    rows=decisions,
    href=record_of,
    short=True,
    first=10,
    counts=("{n} thing waits for somebody", "{n} things wait for somebody"),
    empty="Nothing waits for a decision: every case and action has an owner and is in time.",
)  # fmt: skip
TABLES = (DECISIONS,)


def layout(*, scope: Scope) -> Component:
    """The page."""
    return html.Div(
        [
            page_head(_(NAME), _wall()),
            html.Div([tile.card() for tile in TILES], className="tiles"),
            board(DECISIONS.card()),
        ]
    )


def _wall() -> Component:
    """The way to the same figures for a television."""
    said = [icon("tv"), html.Span(_("Wall screen"))]
    return html.A(said, href=urls.wall(), target="_blank", className="btn btn-outline-primary")
