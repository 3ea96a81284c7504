"""Parts that both reports have: numbers with what they were counted from, lists of what is open."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard import formats
from dashboard.i18n import _, language
from dashboard.reports.shape import Table
from dashboard.words import word
from data.exporting import Column, Kind
from data.lookups import Session, Target
from data.metrics import Answer, Metric
from data.metrics.complaints.listing import listing as cases
from data.metrics.improvements.listing import listing as actions
from data.models import ImprovementState as State
from data.scope import Scope

MOST = 200
DONE = (State.DONE, State.EFFECTIVE, State.CANCELLED)

Row = dict[str, Any]


def summary_row(
    metric: Metric, answer: Answer, target: Target | None, before: Answer | None
) -> Row:
    """A number with what it was counted from, what it should be, and what it was before."""
    said, unit = answer.summary, metric.unit
    return {
        "title": _(metric.title),
        "value": formats.measure(said.get("value"), unit),
        "numerator": said.get("numerator"),
        "denominator": said.get("denominator"),
        "not_due": said.get("not_due"),
        "target": "" if target is None else formats.aim(target.value, unit),
        "met": "" if target is None else _met(said.get("value"), target),
        "before": formats.measure(before.summary.get("value"), unit) if before else "",
    }


def summary_columns() -> list[Column]:
    """The columns of such rows."""
    return [
        Column("title", _("Indicator")),
        Column("value", _("Value")),
        Column("numerator", _("Of these"), Kind.NUMBER),
        Column("denominator", _("Counted"), Kind.NUMBER),
        Column("not_due", _("Not yet due"), Kind.NUMBER),
        Column("target", _("Target")),
        Column("met", _("Target met")),
        Column("before", _("Month before")),
    ]


def rate_columns(first: str) -> list[Column]:
    """The columns of a share by something."""
    return [
        Column("name", first),
        Column("value", _("Value"), Kind.SHARE),
        Column("numerator", _("Of these"), Kind.NUMBER),
        Column("denominator", _("Counted"), Kind.NUMBER),
        Column("not_due", _("Not yet due"), Kind.NUMBER),
    ]


def rows_of(answer: Answer) -> list[Row]:
    """The rows of a metric's answer."""
    rows: list[Row] = answer.frame.to_dict("records")  # type: ignore[assignment]
    return rows


def by_week(answer: Answer) -> list[Row]:
    """The rows of a trend, each week by its first day; one that is not over says so."""
    return [{**row, "name": _week(row)} for row in rows_of(answer)]


def _week(row: Mapping[str, Any]) -> str:
    first: date = row["period"]
    said = formats.day(first, "short")
    return said if row["finished"] else _("{week} (not over)", week=said)


def late_cases(session: Session, scope: Scope) -> Table:
    """The complaints past their deadline, the longest overdue first."""
    narrow = Scope(
        as_of=scope.as_of, stores=scope.stores, zone=scope.zone, drill=(("target", "breached"),)
    )
    found, total = cases(session, narrow, count=MOST, sort=(("close_due_at", False),))
    columns = [
        Column("number", _("Number")),
        Column("store", _("Store")),
        Column("category", _("Category")),
        Column("severity", _("Severity")),
        Column("owner", _("Owner")),
        Column("due", _("Deadline"), Kind.MOMENT),
        Column("late", _("Days late"), Kind.NUMBER),
    ]
    rows = [_late(row, scope) for row in found]
    title = _("Complaints past their deadline ({n})", n=formats.number(total))
    return Table(title, columns, rows, _("No complaint is past its deadline."))


def _late(row: Mapping[str, Any], scope: Scope) -> Row:
    due = row["close_due_at"]
    return {
        "number": row["number"],
        "store": row["store"],
        "category": named(row, "category"),
        "severity": word("severity", row["severity"]) if row["severity"] else "",
        "owner": row["owner"] or _("Nobody"),
        "due": due,
        "late": round((scope.as_of - due).total_seconds() / 86400, 1),
    }


def named(row: Mapping[str, Any], key: str) -> str:
    """The name of a category in the reader's language."""
    return str(row.get(f"{key}_name_zh" if language() == "zh" else f"{key}_name") or "")


def measures(session: Session, scope: Scope, title: str, kinds: Sequence[str], empty: str) -> Table:
    """The improvement actions of these kinds that are not over, with who does them until when."""
    narrow = Scope(
        as_of=scope.as_of,
        stores=scope.stores,
        zone=scope.zone,
        drill=tuple(("kind", kind) for kind in kinds),
    )
    found, _total = actions(session, narrow, count=MOST)
    over = [row for row in found if row["state"] in DONE and not _recent(row, scope)]
    rows = [_measure(row) for row in found if row not in over]
    columns = [
        Column("number", _("Number")),
        Column("store", _("Store")),
        Column("title", _("What is done")),
        Column("aim", _("Aimed at")),
        Column("owner", _("Owner")),
        Column("due", _("Until"), Kind.DAY),
        Column("state", _("State")),
    ]
    return Table(title, columns, rows, empty)


def _recent(row: Mapping[str, Any], scope: Scope) -> bool:
    """Whether it was done in the time the report is about."""
    done = row["done_at"]
    return done is not None and scope.start is not None and done.date() >= scope.start


def _measure(row: Mapping[str, Any]) -> Row:
    state = word("state", row["state"])
    return {
        "number": row["number"],
        "store": row["store"],
        "title": row["title"],
        "aim": named(row, "category"),
        "owner": row["owner"] or "",
        "due": row["due_on"],
        "state": _("{state}, overdue", state=state) if row["late"] else state,
    }


def _met(value: Any, target: Target) -> str:
    if formats.missing(value):
        return formats.NOTHING
    return _("Yes") if target.met(value) else _("No")
