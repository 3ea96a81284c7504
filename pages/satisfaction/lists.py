"""The lists of the satisfaction page: dimensions in words, hot alerts, what customers say."""

from collections.abc import Callable
from typing import Any, cast

from dashboard import formats, urls
from dashboard.i18n import _, language
from dashboard.urls import View
from dashboard.widgets import Ask, Column, Rows, Table
from dashboard.words import word
from data.lookups import Session
from data.metrics import satisfaction
from data.metrics.matters import CALLS, CASES, STAFF
from data.metrics.satisfaction.listing import listing
from data.metrics.satisfaction.repairs import reworked
from data.scope import Scope

Listing = Callable[[Session, Scope, Ask], Rows]

QUADRANT_TONES = {
    "improve": "bad",
    "strength": "good",
    "keep": "info",
    "watch": "warn",
    "average": "quiet",
}
ALERT_TONES = {"in_time": "good", "late": "warn", "open": "bad", "not_due": "quiet"}
MARK_TONES = {"1": "bad", "2": "bad", "3": "warn", "4": "good", "5": "good"}


def answers(*only: str) -> Listing:
    """The rows of a list of answers of these kinds, customers with masked names."""

    def listed(session: Session, scope: Scope, ask: Ask) -> Rows:
        sort = [(_rule() if field == "rule" else field, down) for field, down in ask.sort]
        found, total = listing(
            session, scope, start=ask.start, count=ask.count, sort=sort, find=ask.find, only=only
        )
        return Rows([row | _shown(row) for row in found], total)

    return listed


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    name = row["customer"]
    return {
        "customer": formats.masked_name(name) if name else None,
        "rule": row[_rule()],
        "next": row["complaint"] or _("To the callback"),
    }


def _rule() -> str:
    return "rule_name_zh" if language() == "zh" else "rule_name"


def dimensions(session: Session, scope: Scope, ask: Ask) -> Rows:
    """The dimensions with their number in the figure and what they are: in words."""
    frame = satisfaction.dimension_scores(session, scope).frame
    found = cast(list[dict[str, Any]], frame.to_dict("records"))
    here = {"view": View(stores=scope.stores, start=scope.start, end=scope.end)}
    rows = [
        row | {"no": no, "name": word("dimension", row["dimension"]), "says": _judged(row), **here}
        for no, row in enumerate(found, 1)
        if row["denominator"]
    ]
    order = [*QUADRANT_TONES, None]
    rows.sort(key=lambda row: (order.index(row["quadrant"]), row["value"]))
    return Rows(rows[ask.start : ask.start + ask.count], len(rows))


def _judged(row: dict[str, Any]) -> str:
    return {
        "strength": _("Important and good: this is what customers come for."),
        "improve": _("Important and weak: improving it does most."),
        "keep": _("Good, but matters less: keep it as it is."),
        "average": _("Close to the average: neither a strength nor a weakness."),
        "watch": _("Weak, but matters less: keep an eye on it."),
    }.get(row["quadrant"], _("Too few answers to judge."))


def rework(session: Session, scope: Scope, ask: Ask) -> Rows:
    """The orders that repeat an earlier one."""
    return Rows(*reworked(session, scope, start=ask.start, count=ask.count))


def call_of(row: dict[str, Any]) -> str:
    """The address of the call on which it was said; answers that came without one have none."""
    return urls.followup(row["callback"], row["store"]) if row["callback"] else urls.satisfaction()


def case_or_call(row: dict[str, Any]) -> str:
    """The address of the complaint that followed, or of the call."""
    return urls.complaint(row["complaint"], row["store"]) if row["complaint"] else call_of(row)


def of_dimension(row: dict[str, Any]) -> str:
    """The answers to this dimension, in the same stores and days."""
    return urls.satisfaction(row["view"], dimension=row["dimension"])


READS = CALLS | CASES | STAFF
NUMBER = Column(field="number", title="Callback", kind="link", find=True, width=140)
STORE = Column(field="store", title="Store", width=70)
ANSWERED = Column(field="answered_at", title="Answered", kind="day", width=136)
CUSTOMER = Column(field="customer", title="Customer", sort=False, width=90)
OVERALL = Column(
    field="overall", title="Overall", kind="badge", tones=MARK_TONES, find=True, width=100
)
NPS = Column(field="nps", title="Recommends", kind="number", find=True, width=110)
LOWEST = Column(field="lowest", title="Lowest mark", kind="number", width=110)
COMMENT = Column(field="comment", title="In their words", find=True)
REASON = Column(field="reason", title="Reason", kind="word", words="low", width=130)
ADVISER = Column(field="adviser", title="Adviser", width=100)
RULE = Column(field="rule", title="Rule", width=150)

FACTOR_LIST = Table(
    name="satisfaction-dimension-list",
    title="Strengths and weaknesses",
    columns=(
        Column(field="no", title="No.", kind="number", width=50, sort=False),
        Column(field="name", title="Dimension", kind="link", sort=False),
        Column(field="group", title="Side", kind="word", words="group", sort=False),
        Column(
            field="quadrant", title="Is", kind="badge", words="quadrant", tones=QUADRANT_TONES,
            sort=False,
        ),
        Column(field="says", title="In words", sort=False),
        Column(field="value", title="Satisfied", kind="percent", sort=False),
        Column(field="denominator", title="Answers", kind="number", sort=False),
    ),
    rows=dimensions,
    reads=READS,
    href=of_dimension,
    short=True,
    code="dimension_scores",
    counts=("{n} dimension", "{n} dimensions"),
    empty="Nobody has answered in this period.",
)  # fmt: skip
ALERTS = Table(
    name="satisfaction-alerts-list",
    title="Hot alerts",
    columns=(
        Column(field="next", title="Complaint or callback", kind="link", sort=False),
        STORE,
        ANSWERED,
        CUSTOMER,
        Column(field="overall", title="Overall", kind="badge", tones=MARK_TONES),
        NPS,
        LOWEST,
        COMMENT,
        Column(
            field="alert", title="Done", kind="badge", words="alert", tones=ALERT_TONES, sort=False
        ),
    ),
    rows=answers("alert"),
    reads=READS,
    href=case_or_call,
    short=True,
    code="hot_alerts",
    sort=(("answered_at", True),),
    counts=("{n} hot alert", "{n} hot alerts"),
    empty="No hot alert in this period.",
)
WORDS = Table(
    name="satisfaction-words",
    title="What customers say",
    columns=(NUMBER, STORE, ANSWERED, CUSTOMER, OVERALL, NPS, REASON, COMMENT),
    rows=answers("words"),
    reads=READS,
    href=call_of,
    row_id="id",
    sort=(("overall", False), ("answered_at", True)),
    counts=("{n} comment", "{n} comments"),
    empty="Nobody has said anything in this period.",
)
ANSWERS = Table(
    name="satisfaction-answers",
    title="All answers",
    columns=(NUMBER, STORE, ANSWERED, RULE, ADVISER, CUSTOMER, OVERALL, NPS, LOWEST),
    rows=answers(),
    reads=READS,
    href=call_of,
    row_id="id",
    sort=(("answered_at", True),),
    counts=("{n} answer", "{n} answers"),
    empty="Nobody has answered in this period.",
)
REWORK = Table(
    name="satisfaction-rework",
    title="Came again for the same",
    columns=(
        Column(field="number", title="Order", sort=False),
        Column(field="store", title="Store", sort=False),
        Column(field="delivered_on", title="Delivered", kind="day", sort=False),
        Column(field="earlier", title="Repeats", sort=False),
        Column(field="earlier_on", title="Delivered before", kind="day", sort=False),
        Column(field="adviser", title="Adviser", sort=False),
        Column(field="technician", title="Technician", sort=False),
    ),
    rows=rework,
    reads=READS,
    short=True,
    code="fixed_right_first_time",
    counts=("{n} order came again", "{n} orders came again"),
    empty="No order came again for the same.",
)
TABLES = (FACTOR_LIST, ALERTS, WORDS, ANSWERS, REWORK)
