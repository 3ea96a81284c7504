"""Complaints: what is open, how old, how near its deadline, what it is about, and how it ends."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from dash import html
from dash.development.base_component import Component

from dashboard import assigning, figures, headlines, urls
from dashboard.i18n import _, language
from dashboard.urls import View
from dashboard.widgets import Ask, Chart, Column, Rows, Table, Tile, board, page_head
from data.lookups import Session
from data.metrics import complaints
from data.metrics.complaints.listing import listing
from data.scope import Scope

PATH = "/complaints"
NAME = "Complaints"
GROUP = "today"
ICON = "chat-left-dots"

Listing = Callable[[Session, Scope, Ask], Rows]


def narrowed(**drill: str) -> Callable[[View], str]:
    """The way to the list, narrowed by `drill`."""
    return lambda view: urls.complaints(view, **drill)


def whole(view: View, **drill: Any) -> str:
    """The way to all complaints of the period behind a point, open or not."""
    return urls.complaints(view, **{"state": "all", **drill})


def rows(**drill: str) -> Listing:
    """The rows of a list that is always narrowed by `drill`."""

    def listed(session: Session, scope: Scope, ask: Ask) -> Rows:
        narrow = replace(scope, drill=(*scope.drill, *drill.items())) if drill else scope
        sort = [(_topic() if field == "topic" else field, down) for field, down in ask.sort]
        found, total = listing(
            session, narrow, start=ask.start, count=ask.count, sort=sort, find=ask.find
        )
        return Rows([{**row, "topic": row[_topic()]} for row in found], total)

    return listed


def at_risk(session: Session, scope: Scope, ask: Ask) -> Rows:
    """Open cases near their deadline, the nearest first, with how such cases fared before."""
    answer = complaints.complaints_at_risk(session, scope)
    shown = answer.frame.iloc[ask.start : ask.start + ask.count].rename(columns={_topic(): "topic"})
    found = cast(list[dict[str, Any]], shown.to_dict("records"))
    return Rows(found, answer.summary["count"])


def case_of(row: dict[str, Any]) -> str:
    """The address of the case in this row."""
    return urls.complaint(row["number"], row["store"])


def _topic() -> str:
    return "category_name_zh" if language() == "zh" else "category_name"


NUMBER = Column(field="number", title="Number", kind="link", find=True, width=130)
STORE = Column(field="store", title="Store", width=70)
SEVERITY = Column(field="severity", title="Severity", kind="badge", words="severity", width=110)
TOPIC = Column(field="topic", title="Category")
OWNER = Column(field="owner", title="Owner", find=True)
STATE = Column(field="state", title="State", kind="word", words="state", width=140)
OPENED = Column(field="opened_at", title="Opened", kind="day", width=120)
DEADLINE = Column(field="close_due_at", title="Deadline of the target", kind="until", width=170)
SET = Column(field="assigned_due_on", title="Deadline set", kind="day", width=120)

TILES = (
    Tile(
        name="complaints-open",
        title="Open complaints",
        metric=complaints.complaint_ageing,
        value="open",
        note="awaiting_recontact",
        says="{n} more solved, not yet re-contacted",
        drill=narrowed(),
    ),
    Tile(
        name="complaints-breached",
        title="Past their deadline",
        metric=complaints.complaint_ageing,
        value="breached",
        alarm="bad",
        drill=narrowed(target="breached"),
    ),
    Tile(
        name="complaints-at-risk",
        title="About to be late",
        metric=complaints.complaint_ageing,
        value="at_risk",
        alarm="warn",
        drill=narrowed(target="75-100"),
    ),
    Tile(
        name="complaints-first-reply",
        title="First reply in time",
        metric=complaints.first_reply_compliance,
        drill=whole,
    ),
    Tile(
        name="complaints-closure",
        title="Solved in time",
        metric=complaints.closure_compliance,
        drill=whole,
    ),
    Tile(
        name="complaints-per-1000",
        title="Complaints per 1,000 orders",
        metric=complaints.complaints_per_1000_orders,
        drill=whole,
    ),
)

CHARTS = (
    Chart(
        name="complaints-ageing",
        title="Open complaints by age and severity",
        metric=complaints.complaint_ageing,
        figure=figures.ageing,
        headline=headlines.ageing,
        drill=urls.complaints,
        empty="No open complaints.",
    ),
    Chart(
        name="complaints-target",
        title="Open complaints by share of their time used",
        metric=complaints.complaint_ageing,
        options={"by": "target"},
        figure=figures.ageing,
        drawn={"by": "target"},
        headline=headlines.at_risk,
        drill=urls.complaints,
        empty="No open complaints.",
    ),
    Chart(
        name="complaints-reply-trend",
        title="First reply in time, by week opened",
        metric=complaints.first_reply_compliance,
        figure=figures.rate_over_time,
        aims=True,
        headline=headlines.rate("{value} of {n} were answered in time"),
        drill=whole,
    ),
    Chart(
        name="complaints-closure-trend",
        title="Solved in time, by week opened",
        metric=complaints.closure_compliance,
        figure=figures.rate_over_time,
        aims=True,
        headline=headlines.beside_naive("{value} of {n} were solved in time"),
        drill=whole,
    ),
    Chart(
        name="complaints-main-categories",
        title="What it is about",
        metric=complaints.category_pareto,
        figure=figures.pareto,
        headline=headlines.heaviest,
        drill=whole,
    ),
    Chart(
        name="complaints-categories",
        title="What exactly",
        metric=complaints.category_pareto,
        options={"level": "2"},
        figure=figures.pareto,
        headline=headlines.heaviest,
        drill=whole,
        height=320,
    ),
    Chart(
        name="complaints-origin",
        title="Where it comes from",
        metric=complaints.complaint_origins,
        figure=figures.shares,
        drawn={"label": "origin", "words": "origin"},
        headline=headlines.most("origin", "origin"),
        drill=whole,
        width="third",
    ),
    Chart(
        name="complaints-causes",
        title="Why deadlines were missed",
        metric=complaints.breach_causes,
        figure=figures.shares,
        drawn={"label": "cause", "words": "cause"},
        headline=headlines.most("cause", "cause"),
        drill=whole,
        width="third",
    ),
    Chart(
        name="complaints-hand-offs",
        title="Changes of owner",
        metric=complaints.hand_offs,
        figure=figures.shares,
        drawn={"label": "changes"},
        headline=headlines.hand_offs,
        drill=lambda view, changes="": whole(view, hand_offs=changes),
        width="third",
    ),
    Chart(
        name="complaints-repeats",
        title="Repeated within 90 days, by week opened",
        metric=complaints.repeat_rate,
        figure=figures.rate_over_time,
        aims=True,
        headline=headlines.rate("{value} of {n} were repeats"),
        drill=whole,
    ),
    Chart(
        name="complaints-overrun",
        title="How far past the deadline",
        metric=complaints.overrun,
        figure=figures.spread,
        headline=headlines.overrun,
        drill=lambda view, severity="": whole(view, severity=severity, target="breached"),
        empty="No complaint missed its deadline.",
    ),
)

CASES = Table(
    name="complaints-cases",
    title="Cases",
    columns=(NUMBER, STORE, SEVERITY, TOPIC, OWNER, STATE, OPENED, DEADLINE, SET),
    rows=rows(),
    href=case_of,
    row_id="id",
    select=True,
    sort=(("close_due_at", False),),
    counts=("{n} complaint", "{n} complaints"),
    empty="No complaints for these filters.",
)
RED = (NUMBER, SEVERITY, TOPIC, OWNER, DEADLINE)
PROMISED = Table(
    name="complaints-promised",
    title="Promised, nothing done",
    columns=RED,
    rows=rows(kind="promised", state="open"),
    href=case_of,
    short=True,
    sort=(("close_due_at", False),),
    counts=("{n} complaint", "{n} complaints"),
    empty="Every promise was kept or explained.",
    width="half",
)
POSTPONED = Table(
    name="complaints-postponed",
    title="No answer, but postponed",
    columns=RED,
    rows=rows(kind="postponed", state="open"),
    href=case_of,
    short=True,
    sort=(("close_due_at", False),),
    counts=("{n} complaint", "{n} complaints"),
    empty="Nobody was put off without an answer.",
    width="half",
)
AT_RISK = Table(
    name="complaints-at-risk-list",
    title="Next to be late",
    columns=(
        NUMBER,
        SEVERITY,
        TOPIC,
        OWNER,
        DEADLINE,
        Column(field="chance", title="Chance to be late", kind="percent", width=130, sort=False),
        Column(field="comparable", title="of earlier cases", kind="number", width=120, sort=False),
    ),
    rows=at_risk,
    href=case_of,
    short=True,
    code="complaints_at_risk",
    counts=("{n} complaint", "{n} complaints"),
    empty="No complaint is about to be late.",
    first=8,
)
TABLES = (CASES, AT_RISK, PROMISED, POSTPONED)


def layout(*, scope: Scope) -> Component:
    """The page."""
    return html.Div(
        [
            page_head(_(NAME)),
            html.Div([tile.card() for tile in TILES], className="tiles"),
            board(*(chart.card() for chart in CHARTS[:2])),
            board(CASES.card()),
            assigning.bar(),
            board(AT_RISK.card(), PROMISED.card(), POSTPONED.card()),
            board(*(chart.card() for chart in CHARTS[2:])),
            assigning.dialog(),
        ]
    )
