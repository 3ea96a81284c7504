"""Can the answers be believed: who called, how long, and what was left blank."""

from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import BY, KEYS, Counted, Owed, share_of
from data.metrics.matters import CALLS, STAFF
from data.metrics.trend import GRAINS
from data.scope import Scope
from data.sums.heard import HEARD


@metric(
    "call_length_compliance",
    "Calls of a proper length",
    unit="share",
    reads=CALLS | STAFF,
    grain=GRAINS,
    by=BY,
)
def call_length_compliance(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Completed calls that took between 5 and 10 minutes (a setting) ÷ completed calls whose
    length is known; `unknown` are the others. `short_full_marks` are completed calls of less than
    a minute in which everything got the best mark. By the day they are due.
    """
    names = ("proper", "timed", "completed", "short")
    found = _of_completed(session, scope, by, *names)
    answer = share_of(session, [(*row[:3], 0) for row in found], scope, grain, by)
    timed, completed, short = (sum(row[place] for row in found) for place in (2, 3, 4))
    beside = {"short_full_marks": short, "unknown": completed - timed}
    return Answer(answer.frame, answer.summary | beside)


def _of_completed(session: Session, scope: Scope, by: str, *names: str) -> Counted:
    """Sums of the completed calls, the third of them how many there are, where there are any."""
    found = Owed(scope).sums(session, HEARD, [KEYS[by]], *names)
    return [row for row in found if row[3]]


@metric(
    "caller_independence",
    "Called by somebody else",
    unit="share",
    reads=CALLS | STAFF,
    grain=GRAINS,
    by=BY,
)
def caller_independence(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Completed calls whose caller is not the service adviser of the order ÷ completed calls whose
    caller and adviser are known; `unknown` are the others, also calls without an order. By the
    day they are due.
    """
    found = _of_completed(session, scope, by, "apart", "named", "completed")
    answer = share_of(session, [(*row[:3], 0) for row in found], scope, grain, by)
    unknown = sum(completed - named for _, _, named, completed in found)
    return Answer(answer.frame, answer.summary | {"unknown": unknown})


@metric(
    "blank_answer_rate",
    "Questions left blank",
    unit="share",
    reads=CALLS | STAFF,
    grain=GRAINS,
    by=BY,
)
def blank_answer_rate(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Required questions left blank without a remark ÷ required questions asked, of all callbacks
    that were answered. A blank is no answer, not a zero. By the day the callback is due.
    """
    found = Owed(scope).sums(session, HEARD, [KEYS[by]], "blank", "asked")
    counted = [(*row, 0) for row in found if row[2]]
    return share_of(session, counted, scope, grain, by)
