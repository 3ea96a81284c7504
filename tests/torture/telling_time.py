"""A process that files cases at many moments and says what the figures make of them.

Run as `python -m tests.torture.telling_time COUNT FILE URL…` it fills each empty database and
writes to FILE, for each, what is kept and what is told, as JSON. It goes by the clock and the zone
of its own process, as a server does.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import db
from data.commands.opening import open_case
from data.installing import open_database
from data.metrics.complaints.ageing import complaint_ageing, open_cases
from data.metrics.complaints.compliance import closure_compliance, first_reply_compliance
from data.metrics.followups.calls import reach_by_hour
from data.metrics.followups.completion import on_time_rate
from data.models import Complaint, Store
from data.person import SYSTEM, Person, Role
from data.scope import Scope
from tests import factories

DESK = Person(login="li", name="Li", role=Role.MANAGER, stores=frozenset({1, 2}))
ZONES = {"S1": "Asia/Shanghai", "S2": "America/New_York"}
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
SEVERITIES = ("general", "escalated", "critical", "question")
SECOND = timedelta(seconds=1)
# the days on which the clocks are moved in New York or in Europe, a leap day, a year's end
AWKWARD = ("2024-02-29", "2024-03-10", "2024-03-31", "2024-11-03", "2024-12-31", "2025-03-09",
           "2025-10-26", "2025-11-02", "2025-12-31", "2026-01-31")  # fmt: skip
ASKED = tuple(
    datetime.fromisoformat(text).replace(tzinfo=UTC)
    for text in ("2024-03-10T07:00:00", "2024-11-03T05:59:59", "2025-12-31T16:00:00",
                 "2026-02-28T15:59:59", "2026-04-01T00:00:00")
)  # fmt: skip


def instants(count: int) -> list[datetime]:
    """So many moments: around awkward midnights and leaps of clocks, the others by lot."""
    chance = random.Random(11)
    found = {*_edges()}
    while len(found) < count:
        found.add(BEGIN + SECOND * chance.randrange(int((END - BEGIN).total_seconds())))
    return sorted(sorted(found, key=lambda _moment: chance.random())[:count])


def _edges() -> Iterator[datetime]:
    for zone in (*ZONES.values(), "UTC"):
        for day in AWKWARD:
            midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
            for hours in (0, 1, 2, 3, 24):
                for seconds in (-1, 0, 1):
                    yield midnight + timedelta(hours=hours, seconds=seconds)


def told(url: str, moments: list[datetime]) -> dict[str, Any]:
    """What is kept of the cases, and what the figures say of them at several moments."""
    open_database(url)
    with db.writing(by=SYSTEM) as session:
        for code, zone in ZONES.items():
            factories.store(session, code, zone)
    with db.writing(by=DESK) as session:
        stores = session.scalars(select(Store).order_by(Store.code)).all()
        for number, moment in enumerate(moments):
            _happens(session, stores[number % 2], moment, SEVERITIES[number % 4])
    with db.reading(as_=SYSTEM) as session:
        found = {"kept": _kept(session)}
        for code, zone in ZONES.items():
            for as_of in ASKED:
                scope = Scope(as_of=as_of, stores=(code,), zone=zone)
                found[f"{code} {as_of.isoformat()}"] = answers(session, scope)
    db.close()
    return found


def _happens(session: Session, store: Any, moment: datetime, severity: str) -> None:
    """A case comes in, and a call is due, made and answered at this moment."""
    local = moment.astimezone(ZoneInfo(store.zone)).replace(tzinfo=None)
    given = {"category": "attitude", "severity": severity, "channel": "phone"}
    open_case(session, store_id=store.id, **given, content="x", now=moment)
    call = factories.followup(session, store, local.isoformat(), due_at=moment,
                              completed_at=moment + SECOND * (moment.second % 3 - 1))  # fmt: skip
    factories.attempt(session, call, local.isoformat(), "connected", at=moment)


def _kept(session: Session) -> list[list[str]]:
    columns = (Complaint.number, Complaint.opened_at, Complaint.opened_on, Complaint.reply_due_at,
               Complaint.close_due_at, Complaint.close_half_at)  # fmt: skip
    rows = session.execute(select(*columns).order_by(Complaint.id))
    return [[str(value) for value in row] for row in rows]


def answers(session: Session, scope: Scope) -> dict[str, Any]:
    cases = open_cases(session, scope).sort_values("complaint_id")
    found = {"cases": _rows(cases)}
    for metric, more in (
        (complaint_ageing, {"ages": "all"}),
        (complaint_ageing, {"by": "target"}),
        (first_reply_compliance, {"grain": "week"}),
        (closure_compliance, {"grain": "month"}),
        (on_time_rate, {"grain": "week"}),
        (reach_by_hour, {}),
    ):
        answer = metric(session, scope, **more)
        name = " ".join((metric.code, *more.values()))
        found[name] = [
            _rows(answer.frame),
            {key: str(answer.summary[key]) for key in answer.summary},
        ]
    return found


def _rows(frame: Any) -> list[dict[str, str]]:
    return [{key: str(row[key]) for key in row} for row in frame.to_dict("records")]


def main(count: str, file: str, *urls: str) -> None:
    """Fill each database and write down what is told."""
    moments = instants(int(count))
    Path(file).write_text(json.dumps([told(url, moments) for url in urls]))


if __name__ == "__main__":
    main(*sys.argv[1:])
