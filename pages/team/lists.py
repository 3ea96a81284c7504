"""The scorecards as tables: everybody by name, and where somebody differs beyond chance."""

from collections.abc import Callable
from typing import Any, cast

from dashboard import urls
from dashboard.i18n import _
from dashboard.widgets import Ask, Column, Rows, Table
from dashboard.words import word
from data.lookups import Session
from data.metrics import Metric, people
from data.scope import Scope

TONES = {"beyond": "info", "within": "quiet", "few": "quiet"}
Listing = Callable[[Session, Scope, Ask], Rows]


def rows(metric: Metric, counted: str) -> Listing:
    """A row a person: each measure by its code, what was counted of `counted`, and a verdict."""

    def listed(session: Session, scope: Scope, ask: Ask) -> Rows:
        found = _records(metric, session, scope)
        cards: dict[str, list[dict[str, Any]]] = {}
        for row in found:
            cards.setdefault(row["key"], []).append(row)
        made = [_card(card, counted, scope) for card in cards.values()]
        for field, down in reversed(ask.sort):
            made.sort(key=lambda row: (row.get(field) is None, row.get(field) or 0), reverse=down)
        return Rows(made[ask.start : ask.start + ask.count], len(made))

    return listed


def _records(metric: Metric, session: Session, scope: Scope) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], metric(session, scope).frame.to_dict("records"))


def _card(card: list[dict[str, Any]], counted: str, scope: Scope) -> dict[str, Any]:
    values = {row["measure"]: row["value"] for row in card}
    of = {row["measure"]: row["denominator"] for row in card}
    differs = [row for row in card if row["verdict"] in ("above", "below")]
    judged = any(row["verdict"] for row in card)
    return {
        **values,
        "key": card[0]["key"],
        "name": card[0]["name"],
        "store": card[0]["store"],
        "counted": of.get(counted, 0),
        "verdict": "beyond" if differs else "within" if judged else "few",
        "differs": " · ".join(_differs(row) for row in differs) or None,
        "scope": scope,
    }


def _differs(row: dict[str, Any]) -> str:
    return _("{measure}: {verdict}", measure=word("measure", row["measure"]),
             verdict=word("standing", row["verdict"]))  # fmt: skip


def _to(drill: Callable[..., str], key: str) -> Callable[[dict[str, Any]], str]:
    """The way to what is behind somebody's card, for the same stores and days."""

    def href(row: dict[str, Any]) -> str:
        scope: Scope = row["scope"]
        view = urls.View(stores=scope.stores, start=scope.start, end=scope.end)
        return drill(view, **{key: row["key"]})

    return href


NAME = Column(field="name", title="Person", kind="link", width=110)
STORE = Column(field="store", title="Store", width=80)
ORDERS = Column(field="counted", title="Orders", kind="number", width=100)
VERDICT = Column(
    field="verdict", title="Against the store", kind="badge", words="standing", tones=TONES,
    width=190, sort=False,
)  # fmt: skip
DIFFERS = Column(field="differs", title="Where it differs", sort=False)
SATISFIED = Column(field="satisfied", title="Satisfied", kind="percent", width=96)
WORKSHOP = (
    NAME,
    STORE,
    ORDERS,
    SATISFIED,
    Column(field="complaints", title="Complaints per 1,000", kind="decimal", width=170),
    Column(field="rework", title="Came back", kind="percent", width=120),
    VERDICT,
    DIFFERS,
)
AGENTS = Table(
    name="team-agents",
    title="Callback agents",
    columns=(
        NAME,
        STORE,
        Column(field="counted", title="Callbacks", kind="number", width=100),
        Column(field="completed", title="Completed", kind="percent", width=104),
        Column(field="on_time", title="In time", kind="percent", width=90),
        Column(field="contact", title="Reached", kind="percent", width=90),
        Column(field="length", title="Minutes", kind="decimal", width=90),
        SATISFIED,
        Column(field="overall", title="Mean", kind="decimal", width=80),
        VERDICT,
        DIFFERS,
    ),
    rows=rows(people.agent_scorecard, "completed"),
    href=_to(urls.followups, "agent"),
    code="agent_scorecard",
    counts=("{n} person", "{n} people"),
    height=380,
    empty="Nobody called in this period.",
)
ADVISERS = Table(
    name="team-advisers",
    title="Service advisers",
    columns=WORKSHOP,
    rows=rows(people.adviser_scorecard, "complaints"),
    href=_to(urls.satisfaction, "adviser"),
    code="adviser_scorecard",
    counts=("{n} person", "{n} people"),
    height=300,
    empty="No orders with an adviser in this period.",
)
TECHNICIANS = Table(
    name="team-technicians",
    title="Technicians",
    columns=WORKSHOP,
    rows=rows(people.technician_scorecard, "complaints"),
    href=_to(urls.satisfaction, "technician"),
    code="technician_scorecard",
    counts=("{n} person", "{n} people"),
    height=300,
    empty="No orders with a technician in this period.",
)


def _strikes(session: Session, scope: Scope, ask: Ask) -> Rows:
    found = _records(people.strikes, session, scope)
    return Rows(found[ask.start : ask.start + ask.count], len(found))


STRIKES = Table(
    name="team-strikes",
    title="Verified conduct complaints",
    columns=(
        Column(field="name", title="Person", sort=False),
        Column(field="store", title="Store", width=80, sort=False),
        Column(field="count", title="Complaints", kind="number", width=110, sort=False),
        Column(field="step", title="What follows", kind="word", words="strike", sort=False),
        Column(field="latest", title="Latest", kind="day", width=136, sort=False),
    ),
    rows=_strikes,
    short=True,
    code="strikes",
    counts=("{n} person", "{n} people"),
    empty="No verified complaint about anybody's conduct.",
)
TABLES = (AGENTS, ADVISERS, TECHNICIANS, STRIKES)
