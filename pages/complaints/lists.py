"""The lists of the complaints page: all cases, those next to be late, and the two red lists."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from dashboard import urls
from dashboard.i18n import language
from dashboard.widgets import Ask, Column, Rows, Table
from data.lookups import Session
from data.metrics import complaints
from data.metrics.complaints.listing import listing
from data.scope import Scope

Listing = Callable[[Session, Scope, Ask], Rows]


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


NUMBER = Column(field="number", title="Number", kind="link", find=True, width=118)
STORE = Column(field="store", title="Store", width=70)
SEVERITY = Column(field="severity", title="Severity", kind="badge", words="severity", width=110)
TOPIC = Column(field="topic", title="Category")
OWNER = Column(field="owner", title="Owner", find=True, width=110)
STATE = Column(field="state", title="State", kind="word", words="state", width=150)
OPENED = Column(field="opened_at", title="Opened", kind="day", width=136)
DEADLINE = Column(field="close_due_at", title="Time left", kind="until", width=150)
SET = Column(field="assigned_due_on", title="Deadline set", kind="day", width=136)

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
