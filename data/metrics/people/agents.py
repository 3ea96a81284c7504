"""What the callbacks of each agent come to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import Owed
from data.metrics.followups.truth import RESPONSE, TOP, short_full_marks
from data.metrics.matters import CALLS, STAFF
from data.metrics.people.scorecard import (
    ALL,
    MEAN,
    SHARE,
    Counts,
    Found,
    Measure,
    answer,
    whole_store,
)
from data.models import Followup, SurveyResponse
from data.norms import norm
from data.scope import Scope

CONTENT = 4
Rows = Sequence[Sequence[int]]  # agent, answers, content ones, their sum, squares, short calls
MEASURES = ("completed", "on_time", "contact", "length", "satisfied", "overall")


@metric(
    "agent_scorecard",
    "Scorecard of the callback agents",
    unit="share",
    reads=CALLS | STAFF,
    measure=(ALL, *MEASURES),
)
def agent_scorecard(session: Session, scope: Scope, *, measure: str = ALL) -> Answer:
    """For each agent: callbacks completed, completed in time and reached ÷ matured; the mean length
    of completed calls; the share of 4s and 5s and the mean of the overall answers. Each beside the
    limits of chance (three standard deviations for the agent's own number) around what is usual in
    the agent's store, where calls of less than a minute with full marks do not count: `verdict`
    says above, within or below, and nothing under 30. By the day the callbacks are due.
    """
    owed = Owed(whole_store(scope, "agent"))
    every = [*_handled(session, owed), *_answered(session, owed)]
    wanted = [each for each in every if measure in (ALL, each.code)]
    return answer(session, scope, "agent", wanted)


def _handled(session: Session, owed: Owed) -> list[Measure]:
    seconds = Followup.talk_s
    timed = owed.completed & seconds.is_not(None)
    query = _by_agent(
        owed,
        func.count().filter(owed.matured),
        func.count().filter(~owed.matured),
        *(
            func.count().filter(met & owed.matured)
            for met in (owed.completed, owed.on_time, owed.connected)
        ),
        func.count().filter(timed),
        func.sum(seconds).filter(timed),
        func.sum(seconds * seconds).filter(timed),
    )
    rows = [[int(value or 0) for value in row] for row in session.execute(query)]
    shares = [
        Measure(code, "share", SHARE, {row[0]: Found(row[place], row[1], row[2]) for row in rows})
        for place, code in enumerate(("completed", "on_time", "contact"), start=3)
    ]
    length = {row[0]: Found(row[7] / 60, row[6], squares=row[8] / 3600) for row in rows}
    return [*shares, Measure("length", "minutes", MEAN, length)]


def _answered(session: Session, owed: Owed) -> list[Measure]:
    """Marks; those of short calls with full marks are the agent's own, but nobody's yardstick."""
    overall, short = (
        SurveyResponse.overall,
        short_full_marks(norm(session, "call_length")["short_s"]),
    )
    query = (
        _by_agent(
            owed,
            func.count(),
            func.count().filter(overall >= CONTENT),
            func.sum(overall),
            func.sum(overall * overall),
            func.count().filter(short),
        )
        .join(*RESPONSE)
        .where(owed.completed, overall.is_not(None))
    )
    rows = [[int(value or 0) for value in row] for row in session.execute(query)]
    content, marks = _content(rows), _marks(rows)
    sober = [
        (id_, n - k, good - k, total - TOP * k, squares - TOP * TOP * k, 0)
        for id_, n, good, total, squares, k in rows
    ]
    return [
        Measure("satisfied", "share", SHARE, content, _content(sober)),
        Measure("overall", "points", MEAN, marks, _marks(sober)),
    ]


def _content(rows: Rows) -> Counts:
    return {id_: Found(good, n) for id_, n, good, *_ in rows}


def _marks(rows: Rows) -> Counts:
    return {id_: Found(total, n, squares=squares) for id_, n, _, total, squares, _ in rows}


def _by_agent(owed: Owed, *columns: Any) -> Select[Any]:
    query = select(Followup.agent_id, *columns).select_from(Followup)
    return query.where(*owed.where, Followup.agent_id.is_not(None)).group_by(Followup.agent_id)
