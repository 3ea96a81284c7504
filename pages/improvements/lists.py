"""The list of improvement actions."""

from typing import Any

from dashboard import assigning, urls
from dashboard.i18n import language
from dashboard.widgets import Ask, Column, Rows, Table
from dashboard.words import ACTION_TONES, EFFECT_TONES, word
from data.lookups import Session
from data.metrics.improvements.listing import listing
from data.scope import Scope


def rows(session: Session, scope: Scope, ask: Ask) -> Rows:
    """The actions of the scope, with what each is aimed at in words."""
    found, total = listing(
        session, scope, start=ask.start, count=ask.count, sort=ask.sort, find=ask.find
    )
    return Rows([row | _shown(row) for row in found], total)


def action_of(row: dict[str, Any]) -> str:
    """The address of the action in this row."""
    return urls.improvement(row["number"], row["store"])


def aim(row: dict[str, Any]) -> str | None:
    """What the action in this row is to lessen."""
    if row["reason"]:
        return word("reason", row["reason"])
    if row["dimension"]:
        return word("dimension", row["dimension"])
    name: str | None = row["category_name_zh" if language() == "zh" else "category_name"]
    return name


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {"aim": aim(row), "late": "overdue" if row["late"] else None}


ALL = Table(
    name=assigning.ACTIONS.table,
    title="All actions",
    columns=(
        Column(field="number", title="Number", kind="link", find=True, width=106),
        Column(field="store", title="Store", width=66),
        Column(field="title", title="What is to be done", find=True),
        Column(field="aim", title="Aimed at", sort=False, width=124),
        Column(field="owner", title="Owner", find=True, width=96),
        Column(
            field="state",
            title="State",
            kind="badge",
            words="action_state",
            tones=ACTION_TONES,
            width=132,
        ),
        Column(field="due_on", title="Deadline", kind="day", width=136),
        Column(
            field="late",
            title="Late",
            kind="badge",
            words="due",
            tones={"overdue": "bad"},
            sort=False,
            width=104,
        ),
        Column(
            field="verdict",
            title="Effect",
            kind="badge",
            words="verdict",
            tones=EFFECT_TONES,
            width=150,
        ),
    ),
    rows=rows,
    href=action_of,
    row_id="id",
    select=True,
    sort=(("due_on", True),),
    counts=("{n} action", "{n} actions"),
    empty="No actions for these filters.",
)
TABLES = (ALL,)
