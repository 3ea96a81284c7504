"""Why customers leave, who is won back, and what keeps them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from dashboard import figures, headlines, urls
from dashboard.frames import records
from dashboard.headlines import beside, calling, winning_back
from dashboard.i18n import later
from dashboard.urls import View
from dashboard.widgets import Ask, Chart, Column, Rows, Table
from data.defaults import RESTING_RULES, RULES
from data.lookups import Session
from data.metrics import retention
from data.metrics.trend import next_period
from data.scope import Scope
from pages.retention.section import Section

INVITATIONS = ("visit_gap", "care_date", "churn")
INVITING = tuple(
    code for code, _en, _zh, trigger, *_ in (*RULES, *RESTING_RULES) if trigger in INVITATIONS
)


def calls(view: View, start: str = "", kind: str = "") -> str:
    """The way to the invitations of a month that were tried, or to those that were not."""
    first = urls.day_in(start)
    if first is None:
        return urls.followups(view)
    last = next_period(first, "month") - timedelta(days=1)
    kinds = (("kind", kind),) if kind else ()
    narrow = (*kinds, *(("rule", code) for code in INVITING))
    return urls.followups() + urls.search_for(replace(view, start=first, end=last, drill=narrow))


def ours_to_mend(session: Session, scope: Scope, ask: Ask) -> Rows:
    """The reasons that are ours, the most frequent first."""
    found = retention.churn_reasons(session, scope).frame
    ours = found[(found["kind"] == "internal") & (found["count"] > 0)]
    rows = records(ours.sort_values("count", ascending=False))
    listed = [{"reason": row["key"], "stores": scope.stores, **row} for row in rows]
    return Rows(listed[ask.start : ask.start + ask.count], len(listed))


def cases_of(row: dict[str, Any]) -> str:
    """The address of the cases of this reason, where an improvement is opened."""
    return urls.churn_cases(View(stores=row["stores"]), reason=row["reason"])


WHY = (
    Chart(
        name="retention-steps",
        title="Where the cases stand",
        metric=retention.churn_steps,
        figure=figures.churn_steps,
        headline=winning_back.steps,
        drill=urls.churn_cases,
        empty="No vehicle is to be won back yet: select some from a list of those that stay away.",
        height=340,
    ),
    Chart(
        name="retention-reasons",
        title="Why they stay away, asked in the period",
        metric=retention.churn_reasons,
        figure=figures.churn_reasons,
        headline=winning_back.reasons,
        drill=urls.churn_cases,
        empty="Nobody was asked for a reason in this period.",
        height=340,
    ),
    Table(
        name="retention-ours",
        title="Reasons that are ours to mend",
        columns=(
            Column(field="reason", title="Reason", kind="word", words="reason"),
            Column(field="count", title="Named by", kind="number"),
            Column(field="share", title="Share", kind="percent"),
            Column(field="year_yuan", title="Brought a year", kind="yuan"),
            Column(field="improve", title="", kind="action", says="Improve this"),
        ),
        rows=ours_to_mend,
        href=cases_of,
        short=True,
        first=4,
        code="churn_reasons",
        counts=("{n} reason was named", "{n} reasons were named"),
        empty="Nobody named a reason that is ours to mend in this period.",
        width="half",
    ),
    Chart(
        name="retention-won-by-reason",
        title="Came again within 90 days of the call, by reason",
        metric=retention.case_win_back_rate,
        options={"by": "reason"},
        figure=figures.dots,
        drawn={"drill": "reason", "words": "reason"},
        headline=winning_back.win_back,
        drill=urls.churn_cases,
        empty="Nobody was called in this period.",
    ),
)
KEEPING = (
    Chart(
        name="retention-lift",
        title="Came within 30 days of an invitation",
        metric=retention.solicitation_lift,
        figure=figures.lift,
        headline=calling.lift,
        drill=calls,
        empty="No invitation was due in this period.",
        height=340,
    ),
    Chart(
        name="retention-recovery",
        title="Came again after a complaint, by how it was handled",
        metric=retention.service_recovery,
        figure=figures.recovery,
        headline=calling.recovery,
        empty="No vehicle came 13 to 24 months ago.",
        height=340,
    ),
    Chart(
        name="retention-renewal",
        title="Insurances renewed, by month",
        metric=retention.renewal_rate,
        options={"grain": "month"},
        figure=figures.rate_over_time,
        headline=headlines.rate("{value} of {n} policies that ran out were renewed"),
        empty="No policy ran out in this period.",
    ),
    Chart(
        name="retention-renewal-stores",
        title="Insurances renewed, by store",
        metric=retention.renewal_rate,
        options={"by": "store"},
        figure=figures.dots,
        drawn={"drill": "store"},
        headline=beside.stores(later("{value} of {n} policies that ran out were renewed.")),
        empty="No policy ran out in this period.",
    ),
)
SECTIONS = (
    Section(
        title="Why they leave, and who is won back",
        says="Six steps: select, look through the file, ask, count the reasons, mend, and tell.",
        cards=WHY,
    ),
    Section(
        title="What keeps them",
        says="These follow the period chosen above, except for complaints.",
        cards=KEEPING,
    ),
)
