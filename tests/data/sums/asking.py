"""The same question asked of the sums and of the rows."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.metrics import (  # noqa: F401  (they enter themselves)
    METRICS,
    followups,
    health,
    people,
    retention,
    satisfaction,
)
from data.metrics.followups import listing as followups_listing
from data.metrics.followups import narrowing
from data.metrics.followups.owed import BY, KEYS, Owed
from data.metrics.satisfaction import listing as satisfaction_listing
from data.metrics.satisfaction.answers import BY as ANSWERS_BY
from data.metrics.satisfaction.answers import Answers
from data.metrics.satisfaction.factors import sums
from data.models import CallAttempt, Followup, RepairOrder, StaleDay, SurveyResponse
from data.scope import Scope
from data.sums import refresh as refreshed
from data.sums.answered import ANSWERED
from data.sums.answers import given_by
from data.sums.delivered import DELIVERED
from data.sums.due import DUE
from data.sums.faulty import FAULTY_ANSWERS, FAULTY_CALLS, FAULTY_ORDERS, completed_by
from data.sums.heard import HEARD
from data.sums.invited import BY_DAY, INVITED, NAMES, asked, inviting
from data.sums.reading import Question, added_up
from data.sums.repaired import REPAIRED, handed_back
from data.sums.tried import BY_RULE, TRIED, made_by
from data.sums.unreached import UNREACHED, in_vain
from tests.factories import at

SUMMED = (
    *("followups_due", "attempt_rate", "contact_rate", "completion_rate", "on_time_rate"),
    *("callback_funnel", "attempts_per_completion"),
    *("csat_t2b", "csat_t1b", "dissatisfied_rate", "nps", "csi_index", "dimension_scores"),
    *("call_length_compliance", "caller_independence", "blank_answer_rate"),
    *("unreached_reasons", "scores_by_caller", "response_rate", "unreached_bounds"),
    *("agent_scorecard", "adviser_scorecard", "solicitation_lift", "followup_coverage"),
    *("reach_by_hour", "fixed_right_first_time", "data_health"),
)

CALLS = (
    *("due", "matured", "attempted", "connected", "completed", "on_time"),
    *("tries", "done", "first"),
)
ANSWERS = (
    *("given", "worded", "n", "content", "top", "discontent"),
    *("asked_nps", "promoters", "detractors"),
)
CALLS_LIST = (followups_listing.listing, narrowing.SUMS, ("number", ""))
ANSWERS_LIST = (satisfaction_listing.listing, satisfaction_listing.SUMS, ("store", ""))
SCORES_BY = (None, "store_id", "answered_on")
INVITED_BY = ("store_id", "due_on")
UNREACHED_BY = ("store_id", "due_on", "rule_id", "result")
NOW = at("2026-03-31T10:00")
TRIED_BY = ("store_id", "tried_on", "hour", "rule_id")
REPAIRED_BY = ("store_id", "delivered_on")
FAULTY = {
    "delivered_on": (DELIVERED, FAULTY_ORDERS, RepairOrder, handed_back),
    "due_on": (DUE, FAULTY_CALLS, Followup, completed_by),
    "answered_on": (ANSWERED, FAULTY_ANSWERS, SurveyResponse, lambda as_of: [given_by(as_of)]),
}


def refresh(session: Session, now: datetime = NOW) -> int:
    """Work out the sums of what the session has written."""
    session.flush()
    return refreshed(now=now, within=session.connection())


def stale(session: Session, ledger: str) -> set[date]:
    """The days that are noted as changed."""
    query = select(StaleDay.day).where(StaleDay.ledger == ledger)
    return set(session.scalars(query.distinct()))


class Narrow(NamedTuple):
    """What a question is about, besides its moment."""

    stores: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    drill: tuple[tuple[str, str], ...] = ()


EVERYTHING = Narrow()


def unlike(session: Session, as_of: datetime, narrow: Narrow = EVERYTHING) -> list[str]:
    """The metrics whose answers by the sums are not those of the rows."""
    kept, rows = _scopes(as_of, narrow)
    return [
        f"{code} {options}"
        for code in SUMMED
        for options in _options(code)
        if _told(session, kept, code, options) != _told(session, rows, code, options)
    ]


def _told(session: Session, scope: Scope, code: str, options: dict[str, str]) -> tuple[Any, ...]:
    answer = METRICS[code](session, scope, **options)
    return answer.frame.to_json(), answer.summary


def unlisted(session: Session, as_of: datetime, narrow: Narrow = EVERYTHING) -> list[str]:
    """The lists whose second row or length is another when every row is looked at: by searching
    for an empty word."""
    scope, _rows = _scopes(as_of, narrow)
    return [
        f"{one.__module__} {kind}"
        for one, kinds, word in (CALLS_LIST, ANSWERS_LIST)
        for kind in kinds
        if _listed(session, one, scope, kind) != _listed(session, one, scope, kind, find=[word])
    ]


def _listed(session: Session, one: Any, scope: Scope, kind: str, **more: Any) -> Any:
    drill = (("kind", kind),) if kind else ()
    narrow = replace(scope, drill=(*scope.drill, *drill))
    return one(session, narrow, start=1, count=1, **more)


def unequal(
    session: Session, as_of: datetime, narrow: Narrow = EVERYTHING, *, only: str = ""
) -> list[str]:
    """The keys, or those that begin so, by which the sums themselves are not those of the rows."""
    kept, rows = _scopes(as_of, narrow)
    every = (
        *((_calls, BY), (_heard, BY), (_unreached, UNREACHED_BY), (_answers, ANSWERS_BY)),
        *((_scores, SCORES_BY), (_invitations, INVITED_BY)),
        *((_tried, TRIED_BY), (_repaired, REPAIRED_BY), (_faulty, FAULTY)),
    )
    return [
        f"{one.__name__} {by}"
        for one, keys in every
        for by in keys
        if str(by).startswith(only) and one(session, kept, by) != one(session, rows, by)
    ]


def _calls(session: Session, scope: Scope, by: str | None) -> set[Any]:
    return set(Owed(scope).added_up(session, str(by), *CALLS))


def _heard(session: Session, scope: Scope, by: str | None) -> set[Any]:
    names = HEARD.columns[len(HEARD.keys) :]
    return set(Owed(scope).sums(session, HEARD, [KEYS[str(by)]], *names))


def _unreached(session: Session, scope: Scope, by: str | None) -> set[Any]:
    owed = Owed(scope, called_off=True)
    return set(owed.sums(session, UNREACHED, [str(by)], "tries", only=in_vain(scope.as_of)))


def _answers(session: Session, scope: Scope, by: str | None) -> set[Any]:
    return set(Answers(scope).added_up(session, str(by), *ANSWERS))


def _scores(session: Session, scope: Scope, by: str | None) -> set[Any]:
    return {(key, code, *held.values()) for key, code, held in sums(session, scope, by)}


def _invitations(session: Session, scope: Scope, by: str | None) -> set[Any]:
    key = str(by)
    rows = [inviting(), *asked(), *scope.where(Followup, Followup.due_on)]
    found = added_up(session, scope, Question(INVITED, BY_DAY, [key], NAMES, rows, []))
    return {row for row in found if any(row[1:])}


def _tried(session: Session, scope: Scope, by: str | None) -> set[Any]:
    tries = CallAttempt
    rows = [*made_by(scope.as_of), *scope.where(tries, tries.tried_on)]
    names = ("tries", "connected")
    return set(added_up(session, scope, Question(TRIED, BY_RULE, [str(by)], names, rows, [])))


def _repaired(session: Session, scope: Scope, by: str | None) -> set[Any]:
    order = RepairOrder
    rows = [*handed_back(scope.as_of), *scope.where(order, order.delivered_on)]
    names = ("delivered", "reworked")
    return set(added_up(session, scope, Question(DELIVERED, REPAIRED, [str(by)], names, rows, [])))


def _faulty(session: Session, scope: Scope, by: str | None) -> set[Any]:
    ledger, kind, model, known = FAULTY[str(by)]
    rows = [*known(scope.as_of), *scope.where(model, getattr(model, str(by)))]
    names = kind.columns[len(kind.keys) :]
    return set(added_up(session, scope, Question(ledger, kind, ["store_id", by], names, rows, [])))


def _scopes(as_of: datetime, narrow: Narrow) -> tuple[Scope, Scope]:
    live, rows = (Scope(as_of=as_of, live=live, **narrow._asdict()) for live in (True, False))
    return live, rows


def _options(code: str) -> list[dict[str, str]]:
    """None, and each value of each option."""
    known = METRICS[code].options
    return [{}, *({key: value} for key, values in known.items() for value in values[1:])]
