"""The calls behind the figures, narrowed by whatever was clicked."""

from typing import Any

from dashboard import urls
from dashboard.i18n import language
from dashboard.widgets import Ask, Column, Rows, Table
from data.lookups import Session
from data.metrics import matters
from data.metrics.followups.listing import listing
from data.scope import Scope

TONES = {
    "planned": "quiet",
    "due": "info",
    "completed": "good",
    "unreachable": "warn",
    "refused": "warn",
    "invalid_number": "warn",
    "cancelled": "quiet",
}


def rows(session: Session, scope: Scope, ask: Ask) -> Rows:
    """The calls of the scope, the latest first."""
    sort = [(_rule() if field == "rule" else field, down) for field, down in ask.sort]
    found, total = listing(
        session, scope, start=ask.start, count=ask.count, sort=sort, find=ask.find
    )
    return Rows([{**row, "rule": row[_rule()]} for row in found], total)


def call_of(row: dict[str, Any]) -> str:
    """The address of the call in this row."""
    return urls.followup(row["number"], row["store"])


def _rule() -> str:
    return "rule_name_zh" if language() == "zh" else "rule_name"


CALLS = Table(
    name="followups-calls",
    title="Calls",
    columns=(
        Column(field="number", title="Number", kind="link", find=True, width=130),
        Column(field="store", title="Store", width=60),
        Column(field="rule", title="Rule", width=130),
        Column(field="due_at", title="Due", kind="moment", width=185),
        Column(field="state", title="State", kind="badge", words="followup", tones=TONES),
        Column(field="completed_at", title="Completed at", kind="moment", width=185),
        Column(field="talk", title="Length", kind="duration", width=80),
        Column(field="overall", title="Mark", kind="number", width=70),
        Column(field="agent", title="Agent", find=True, width=90),
    ),
    rows=rows,
    reads=matters.CALLS | matters.STAFF,
    href=call_of,
    row_id="id",
    sort=(("due_at", True),),
    counts=("{n} callback", "{n} callbacks"),
    empty="No callbacks for these filters.",
    height=400,
)
TABLES = (CALLS,)
