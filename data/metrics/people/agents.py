"""What the callbacks of each agent come to."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import Owed
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
from data.scope import Scope
from data.sums.answers import TOP
from data.sums.heard import HEARD

STEPS = ("completed", "on_time", "connected")
MARKS = ("n", "content", "total", "squares", "short")
Rows = Sequence[Sequence[int]]  # agent, answers, content ones, their sum, squares, short calls
SHARES, LENGTH, JUDGED = ("completed", "on_time", "contact"), ("length",), ("satisfied", "overall")
MEASURES = (*SHARES, *LENGTH, *JUDGED)


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
    wanted = MEASURES if measure == ALL else (measure,)
    every = [
        found
        for codes, counted in ((SHARES, _handled), (LENGTH, _lengths), (JUDGED, _answered))
        if not {*codes}.isdisjoint(wanted)
        for found in counted(session, owed)
    ]
    return answer(session, scope, "agent", [each for each in every if each.code in wanted])


def _handled(session: Session, owed: Owed) -> list[Measure]:
    sums = owed.added_up(session, "agent", "matured", "due", *STEPS)
    rows = [(id_, matured, due - matured, *steps) for id_, matured, due, *steps in sums if id_]
    return [
        Measure(code, "share", SHARE, {row[0]: Found(row[place], *row[1:3]) for row in rows})
        for place, code in enumerate(SHARES, start=3)
    ]


def _lengths(session: Session, owed: Owed) -> list[Measure]:
    sums = owed.sums(session, HEARD, ["agent_id"], "seconds", "timed", "seconds_squared")
    lengths = {
        id_: Found(seconds / 60, timed, squares=squares / 3600)
        for id_, seconds, timed, squares in sums if id_
    }  # fmt: skip
    return [Measure("length", "minutes", MEAN, lengths)]


def _answered(session: Session, owed: Owed) -> list[Measure]:
    """Marks; those of short calls with full marks are the agent's own, but nobody's yardstick."""
    sums = owed.sums(session, HEARD, ["agent_id"], *MARKS)
    rows = [row for row in sums if row[0] and row[1]]
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
