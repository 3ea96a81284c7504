"""Is anything wrong with the data, how much of it, and which numbers it could move."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from pandas import DataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.health import summed
from data.metrics.health.faults import FAULTS, Check, Fault, checks
from data.metrics.health.listing import listing
from data.metrics.health.subjects import batches
from data.metrics.health.summed import Found
from data.metrics.matters import CALLS, CASES
from data.models import ImportBatch
from data.scope import Scope

__all__ = ["FAULTS", "Fault", "data_health", "listing", "moved"]

COLUMNS = ["fault", "count", "of", "share", "newest", "matters_at", "matters", "moves"]


@metric("data_health", "Data health", unit="faults", reads=CALLS | CASES)
def data_health(session: Session, scope: Scope) -> Answer:
    """Faults in the data of the period: of how many records how many have it, its share, and the
    newest day. A fault matters from the share in `matters_at` on: then the metrics in `moves` may
    be wrong. Orders and rows of imports go by their day, complaints by the day they were opened,
    calls by the day they are due; calendars are looked at for the 60 days ahead.
    """
    found = _counted(session, scope)
    rows = [_row(fault, found[fault.code]) for fault in FAULTS]
    answer = DataFrame(rows, columns=COLUMNS)
    return Answer(
        answer,
        {
            "faults": int((answer["count"] > 0).sum()),
            "value": int(answer["matters"].sum()),
        },
    )


def moved(answer: Answer) -> dict[str, list[dict[str, Any]]]:
    """For each metric that a fault may move: the rows of those faults."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in answer.frame[answer.frame["matters"]].to_dict("records"):
        for code in str(row["moves"]).split(", "):
            found.setdefault(code, []).append({str(key): value for key, value in row.items()})
    return found


def _row(fault: Fault, found: Found) -> dict[str, Any]:
    count, of, newest = found
    return {
        "fault": fault.code,
        "count": count,
        "of": of,
        "share": count / of if of else None,
        "newest": newest,
        "matters_at": fault.matters,
        "matters": fault.moved(count, of),
        "moves": ", ".join(fault.moves),
    }


def _counted(session: Session, scope: Scope) -> dict[str, Found]:
    """Every fault counted: from the sums, or the faults of one kind of record in one question."""
    found = summed.counted(session, scope)
    left = [check for check in checks(session, scope) if check.fault.code not in found]
    by_kind = sorted(left, key=lambda check: id(check.fault.subject))
    for _, same in groupby(by_kind, key=lambda check: id(check.fault.subject)):
        found |= _of_one_kind(session, scope, list(same))
    refused = found["refused_rows"]
    return found | {"refused_rows": refused._replace(of=_read(session, scope))}


def _of_one_kind(session: Session, scope: Scope, asked: Sequence[Check]) -> dict[str, Found]:
    subject = asked[0].fault.subject
    columns = [column for check in asked for column in _columns(check)]
    row = session.execute(subject.source(select(*columns), scope)).one()
    parts = zip(row[0::3], row[1::3], row[2::3], strict=True)
    return {
        check.fault.code: Found(count, of, _day(newest, scope))
        for check, (count, of, newest) in zip(asked, parts, strict=True)
    }


def _columns(check: Check) -> Iterable[Any]:
    yield func.count().filter(check.wrong)
    yield func.count().filter(check.of)
    yield func.max(check.fault.subject.day).filter(check.wrong)


def _day(newest: Any, scope: Scope) -> date | None:
    if isinstance(newest, datetime):
        return newest.astimezone(ZoneInfo(scope.zone)).date()
    return newest if isinstance(newest, date) else None


def _read(session: Session, scope: Scope) -> int:
    """How many rows the imports of the scope have read."""
    query = select(ImportBatch.counts).where(*batches(scope))
    return sum(int(counts.get("read", 0)) for counts in session.scalars(query))
