"""The monthly callback report (客户回访月报): what happened, what was said, what is done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from dashboard import formats, urls
from dashboard.i18n import _, language
from dashboard.reports import parts
from dashboard.reports.parts import Row
from dashboard.reports.shape import Chart, Report, Section, Table
from dashboard.words import word
from data import lookups
from data.exporting import Column, Kind
from data.lookups import Session
from data.metrics import Metric, complaints, followups, improvements, retention, satisfaction
from data.metrics.satisfaction.listing import listing as answers
from data.models import ImprovementKind
from data.months import months_after
from data.scope import Scope

NUMBERS: tuple[Metric, ...] = (
    followups.followups_due,
    followups.attempt_rate,
    followups.contact_rate,
    followups.completion_rate,
    followups.on_time_rate,
    satisfaction.csat_t2b,
    satisfaction.dissatisfied_rate,
    satisfaction.nps,
    satisfaction.fixed_right_first_time,
    complaints.complaints_per_1000_orders,
    complaints.first_reply_compliance,
    complaints.closure_compliance,
    complaints.resolution_satisfaction,
    retention.keep_rate,
    improvements.action_on_time,
    improvements.customers_informed_rate,
)
BEST = 3  # dimensions named as strengths, and as weaknesses
MOST_WORDS = 60  # of customers
CORRECTIVE = (ImprovementKind.IMMEDIATE, ImprovementKind.CORRECTIVE)
PREVENTIVE = (ImprovementKind.PREVENTIVE, ImprovementKind.IMPROVEMENT, ImprovementKind.TRAINING)


def month_scope(month: date, *, stores: Sequence[str], zone: str, as_of: datetime) -> Scope:
    """The slice a month's report speaks for."""
    last = months_after(month, 1) - timedelta(days=1)
    return Scope(as_of=as_of, stores=tuple(stores), start=month, end=last, zone=zone)


def monthly(session: Session, scope: Scope, *, name: str) -> Report:
    """The report on the month of `scope`, of the store or group called `name`."""
    assert scope.start is not None
    return Report(
        title=_("Monthly callback report · {month}", month=formats.day(scope.start, "month")),
        about=_about(scope, name),
        zone=scope.zone,
        sections=(
            _summary(session, scope),
            _callbacks(session, scope),
            _satisfaction(session, scope),
            _complaints(session, scope),
            _improvements(session, scope),
        ),
    )


def _about(scope: Scope, name: str) -> list[str]:
    at = formats.moment(scope.as_of, scope.zone)
    said = [_("{name} · figures as of {moment}", name=name, moment=at)]
    if scope.end is not None and scope.end >= scope.today:
        said.append(_("This month is not over: its figures will change."))
    return said


def _summary(session: Session, scope: Scope) -> Section:
    assert scope.start is not None
    before = replace(
        scope, start=months_after(scope.start, -1), end=scope.start - timedelta(days=1)
    )
    targets = lookups.targets(session, scope)
    rows = [
        parts.summary_row(
            metric, metric(session, scope), targets.get(metric.code), metric(session, before)
        )
        for metric in NUMBERS
    ]
    empty = _("Nothing was counted in this month.")
    table = Table(_("The month in numbers"), parts.summary_columns(), rows, empty)
    words = _("“Not yet due” is not late; what is open and past its time counts as missed.")
    return Section(_("Summary"), (words,), (table,))


def _callbacks(session: Session, scope: Scope) -> Section:
    nothing = _("No callback was due in this month.")
    weekly = _two_rates(session, scope)
    columns = [
        Column("name", _("Week from")),
        Column("due", _("Matured"), Kind.NUMBER),
        Column("completed", _("Completed"), Kind.SHARE),
        Column("on_time", _("Completed in time"), Kind.SHARE),
        Column("not_due", _("Not yet due"), Kind.NUMBER),
    ]
    chart = Chart("line", "name", ("completed", "on_time"), share=True)
    agents = parts.rows_of(followups.completion_rate(session, scope, by="agent"))
    unreached = parts.rows_of(followups.unreached_reasons(session, scope))
    return Section(
        _("Callbacks"),
        tables=(
            Table(_("Completed and in time, by week"), columns, weekly, nothing, chart),
            Table(
                _("Completed, by agent"),
                parts.rate_columns(_("Agent")),
                [{**row, "name": _person(row)} for row in agents],
                nothing,
            ),
            Table(
                _("Why customers were not reached"),
                [
                    Column("name", _("Result of the try")),
                    Column("count", _("Number of tries"), Kind.NUMBER),
                    Column("share", _("Share"), Kind.SHARE),
                ],
                [{**row, "name": word("result", row["result"])} for row in unreached],
                _("Every try reached the customer."),
            ),
        ),
    )


def _two_rates(session: Session, scope: Scope) -> list[Row]:
    completed = parts.by_week(followups.completion_rate(session, scope))
    in_time = parts.rows_of(followups.on_time_rate(session, scope))
    found = {row["period"]: row["value"] for row in in_time}
    return [
        {
            "name": row["name"],
            "due": row["denominator"],
            "completed": row["value"],
            "on_time": found.get(row["period"]),
            "not_due": row["not_due"],
        }
        for row in completed
    ]


def _person(row: Row) -> str:
    return str(row["name"] or _("Nobody yet"))


def _satisfaction(session: Session, scope: Scope) -> Section:
    nothing = _("No questionnaire was answered in this month.")
    dimensions = _dimensions(session, scope)
    columns = [
        Column("name", _("Dimension")),
        Column("mean", _("Mean (1 to 5)"), Kind.NUMBER),
        Column("value", _("Satisfied"), Kind.SHARE),
        Column("n", _("Answers"), Kind.NUMBER),
    ]
    weeks = parts.by_week(satisfaction.csat_t2b(session, scope))
    return Section(
        _("Satisfaction"),
        _strengths(dimensions),
        (
            Table(
                _("Satisfied customers, by week"),
                parts.rate_columns(_("Week from")),
                weeks,
                nothing,
                Chart("line", "name", ("value",), share=True),
            ),
            Table(
                _("The fourteen dimensions"),
                columns,
                dimensions,
                nothing,
                Chart("bar", "name", ("value",), share=True),
            ),
            _words(session, scope),
        ),
    )


def _dimensions(session: Session, scope: Scope) -> list[Row]:
    rows = parts.rows_of(satisfaction.dimension_scores(session, scope))
    counted = [row for row in rows if row["n"]]
    return [{**row, "name": word("dimension", row["dimension"])} for row in counted]


def _strengths(dimensions: list[Row]) -> list[str]:
    """What is best and what is worst, where there are enough dimensions to tell."""
    if len(dimensions) < 2 * BEST:
        return []
    ordered = sorted(dimensions, key=lambda row: -row["mean"])
    best, worst = ordered[:BEST], ordered[-BEST:][::-1]
    return [
        _("Strengths: {names}.", names=_listed(best)),
        _("Weaknesses: {names}.", names=_listed(worst)),
    ]


def _listed(rows: list[Row]) -> str:
    comma = "、" if language() == "zh" else ", "
    said = [
        _("{name} ({mean})", name=row["name"], mean=formats.number(row["mean"], 2)) for row in rows
    ]
    return comma.join(said)


def _words(session: Session, scope: Scope) -> Table:
    narrow = replace(scope, drill=(("kind", "words"),))
    found, total = answers(session, narrow, count=MOST_WORDS)
    columns = [
        Column("answered_at", _("Answered"), Kind.MOMENT),
        Column("store", _("Store")),
        Column("overall", _("Overall"), Kind.NUMBER),
        Column("comment", _("In the customer's words")),
    ]
    title = _("Words of customers ({shown} of {n})", shown=len(found), n=formats.number(total))
    return Table(title, columns, found, _("No customer added words of their own."))


def _complaints(session: Session, scope: Scope) -> Section:
    names = "name_zh" if language() == "zh" else "name"
    pareto = parts.rows_of(complaints.category_pareto(session, scope, level="2"))
    categories = [
        Column("name", _("Category")),
        Column("count", _("Complaints"), Kind.NUMBER),
        Column("share", _("Share"), Kind.SHARE),
        Column("cumulative", _("Running share"), Kind.SHARE),
    ]
    return Section(
        _("Complaints"),
        (_ageing_words(session, scope),),
        (
            Table(
                _("Complaints by category"),
                categories,
                [{**row, "name": row[names] or _("Without a category")} for row in pareto],
                _("No complaint was opened in this month."),
                Chart("bar", "name", ("count",)),
            ),
            _ageing(session, scope),
            parts.late_cases(session, scope),
        ),
    )


def _ageing_words(session: Session, scope: Scope) -> str:
    told = complaints.complaint_ageing(session, scope).summary
    return _(
        "{open} open, {breached} past their deadline, {at_risk} soon; {awaiting} solved and not "
        "yet re-contacted.",
        open=told["open"],
        breached=told["breached"],
        at_risk=told["at_risk"],
        awaiting=told["awaiting_recontact"],
    )


def _ageing(session: Session, scope: Scope) -> Table:
    rows = parts.rows_of(complaints.complaint_ageing(session, scope))
    columns = [
        Column("age", _("Days open")),
        Column("severity", _("Severity")),
        Column("count", _("Complaints"), Kind.NUMBER),
    ]
    said: list[dict[str, Any]] = [
        {
            "age": word("bucket", row["bucket"]),
            "severity": word("severity", row["severity"]) if row["severity"] else "",
            "count": row["count"],
        }
        for row in rows
        if row["count"]
    ]
    return Table(_("Age of open complaints"), columns, said, _("No open complaints."))


def _improvements(session: Session, scope: Scope) -> Section:
    told = improvements.action_status(session, scope).summary
    effects = improvements.action_effectiveness(session, scope).summary
    words = (
        _(
            "{open} open, {in_progress} in progress, {done} done; {overdue} overdue.",
            **{name: told[name] for name in ("open", "in_progress", "done", "overdue")},
        ),
        _(
            "Of {n} actions whose effect was due to be seen, {helped} helped.",
            n=effects["denominator"],
            helped=effects["numerator"],
        ),
    )
    corrective = parts.measures(
        session, scope, _("Corrective measures"), CORRECTIVE, _("No corrective measures are open.")
    )
    preventive = parts.measures(
        session, scope, _("Preventive measures"), PREVENTIVE, _("No preventive measures are open.")
    )
    return Section(_("Corrective and preventive measures"), words, (corrective, preventive))


def month_of(name: str) -> date | None:
    """The first day of the month called so (2026-10); None if there is none."""
    return urls.day_in(f"{name}-01")
