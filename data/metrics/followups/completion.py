"""Are customers called back: tried, reached, asked, and in time."""

from pandas import DataFrame
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import BY, NONE, Owed, named, with_names
from data.metrics.matters import CALLS, STAFF
from data.metrics.trend import GRAINS, gather
from data.scope import Scope

STEPS = ("due", "attempted", "connected", "completed", "on_time")


@metric(
    "followups_due", "Callbacks due", unit="callbacks", reads=CALLS | STAFF, grain=GRAINS, by=BY
)
def followups_due(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Callbacks whose deadline lies in the period, less those called off and those of customers
    who are not called (fleet and own cars, no calls wished); after service one per vehicle and
    day. `not_due` are those among them whose time is not over yet.
    """
    owed = Owed(scope)
    sums = owed.added_up(session, by, "due", "matured")
    found = [(key, due, due - matured) for key, due, matured in sums]
    total, waiting = (sum(row[place] for row in found) for place in (1, 2))
    summary = {"value": total, "not_due": waiting}
    if by == "period":
        periods = gather([(day, tuple(counts)) for day, *counts in found], scope, grain)
        rows = [(start, over, *counts) for start, over, counts in periods]
        return Answer(DataFrame(rows, columns=["period", "finished", "value", "not_due"]), summary)
    names = named(session, by)
    keyed = [(names.get(key, (NONE,))[0], *counts) for key, *counts in found]
    rows_by = DataFrame(keyed, columns=["key", "value", "not_due"]).groupby("key", as_index=False)
    return Answer(with_names(rows_by.sum(), names), summary)


@metric("attempt_rate", "Tried", unit="share", reads=CALLS | STAFF, grain=GRAINS, by=BY)
def attempt_rate(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Callbacks with at least one attempt ÷ matured callbacks: those whose deadline has passed, or
    that are over. By the day they are due.
    """
    owed = Owed(scope)
    return owed.share(session, "attempted", grain=grain, by=by)


@metric("contact_rate", "Reached", unit="share", reads=CALLS | STAFF, grain=GRAINS, by=BY)
def contact_rate(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Callbacks with a connected call ÷ matured callbacks: those whose deadline has passed, or
    that are over. By the day they are due.
    """
    owed = Owed(scope)
    return owed.share(session, "connected", grain=grain, by=by)


@metric(
    "completion_rate", "Callbacks completed", unit="share", reads=CALLS | STAFF, grain=GRAINS, by=BY
)
def completion_rate(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Callbacks whose questions were answered by the person served or the owner ÷ matured
    callbacks: those whose deadline has passed, or that are over. Open and late is a miss; the
    answers of somebody else complete no callback. By the day they are due.
    """
    owed = Owed(scope)
    return owed.share(session, "completed", grain=grain, by=by)


@metric(
    "on_time_rate",
    "Callbacks completed in time",
    unit="share",
    reads=CALLS | STAFF,
    grain=GRAINS,
    by=BY,
)
def on_time_rate(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Callbacks completed by their deadline ÷ matured callbacks: those whose deadline has passed,
    or that are over. Open and late is a miss; exactly at the deadline is in time. By the day they
    are due.
    """
    owed = Owed(scope)
    return owed.share(session, "on_time", grain=grain, by=by)


@metric("callback_funnel", "From due to completed", unit="callbacks", reads=CALLS)
def callback_funnel(session: Session, scope: Scope) -> Answer:
    """Matured callbacks, and how many of them were tried, reached, completed, and completed in
    time; each with its share of those that are due. By the day they are due.
    """
    met = ("matured", *STEPS[1:], "due")
    found = Owed(scope).added_up(session, "store", *met)
    *sums, due = (sum(row[place] for row in found) for place in range(1, len(met) + 1))
    rows = [
        {"step": step, "count": count, "share": count / sums[0] if sums[0] else None}
        for step, count in zip(STEPS, sums, strict=True)
    ]
    summary = {**dict(zip(STEPS, sums, strict=True)), "not_due": due - sums[0]}
    return Answer(DataFrame(rows, columns=["step", "count", "share"]), summary)
