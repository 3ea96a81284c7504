"""The effect of an action: what was counted before and after it, and what follows from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import figures, formats, urls
from dashboard.i18n import _, several
from dashboard.ids import ActionFile
from dashboard.urls import View
from dashboard.widgets import badge, card, link
from dashboard.widgets.parts import BLANK, graph_config, nothing
from dashboard.words import EFFECT_TONES, word
from data.effect import interval
from data.improvements import File
from data.improvements.measuring import Measured
from data.lookups import Session
from data.metrics import Answer, complaints
from data.models import EffectVerdict, ImprovementCheck
from data.scope import Scope

HEIGHT = 280
TINY = 0.001


def effect(file: File) -> Component:
    """The verdict in words, the counts with their days, and the looks at them so far."""
    found = file.measured
    if found is None:
        return card(_("Did it help?"), html.P(_waiting(file), className="headline"), width="full")
    verdict = found.effect.verdict
    said = [
        badge(word("verdict", verdict), EFFECT_TONES[verdict]),
        html.P(sentence(found), className="headline"),
        _further(found),
    ]
    table = _table(found)
    return card(_("Did it help?"), *said, table, *_looks(file.checks), width="full")


def sentence(found: Measured) -> str:
    """What the figures say, in one sentence."""
    told = found.effect
    gaps = {
        "after": formats.number(told.rate_after, 1),
        "before": formats.number(told.rate_before, 1),
        "unit": word("per_unit", found.unit),
    }
    if told.rate_before is None or told.rate_after is None or told.p is None:
        return _("Too little has been counted yet to compare.")
    if told.verdict is EffectVerdict.EFFECTIVE:
        said = _("It helped: {after} per 1,000 {unit} instead of {before}.", **gaps)
        return said + " " + _chance(told.p)
    if told.verdict is EffectVerdict.NOT_EFFECTIVE:
        return _("It did not help: {after} per 1,000 {unit}, {before} before.", **gaps)
    return _("Fewer, but it may be chance: {after} per 1,000 {unit} instead of {before}.", **gaps)


def _chance(p: float) -> str:
    if p < TINY:
        return _("By chance alone that would hardly ever be seen.")
    share = formats.percent(p, 1)
    return _("By chance alone so few would be seen in {share} of cases.", share=share)


def _further(found: Measured) -> Component | None:
    told = found.effect
    if told.verdict is not EffectVerdict.NOT_YET_PROVEN:
        return None
    if told.further is None:
        words = _("The time before holds too little for a proof, however long one waits.")
        if not told.orders_before or not told.orders_after:
            words = _("The days after it have only begun.")
        return html.P(words, className="note")
    gaps = {"n": formats.number(told.further), "unit": word("per_unit", found.unit)}
    words = _("About {n} more {unit} at this rate would prove it in four cases of five.", **gaps)
    return html.P(words, className="note")


def _waiting(file: File) -> str:
    row = file.row
    if not (row.category_id or row.churn_reason or row.dimension):
        return _(
            "This action is aimed at nothing that is counted: give it a category, a reason or a "
            "dimension, and its effect can be seen."
        )
    return _("Counted from the day after it is done: complaints per order, before and after.")


def _table(found: Measured) -> Component:
    told, span, unit = found.effect, found.windows, found.unit
    sides = (
        (_("Before it"), span.before_from, span.before_until, told.before, told.orders_before),
        (_("After it"), span.after_from, span.after_until, told.after, told.orders_after),
    )
    counted = (_counted(unit), word("per_unit", unit))
    heads = ("", _("Days"), *counted, _("per 1,000"), _("95% between"))
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody([_side(*side) for side in sides]),
        ],
        className="stretches effect-table",
    )
    # what scrolls can be scrolled by keys
    return html.Div(table, className="scroll", tabIndex=0)


def _counted(unit: str) -> str:
    names = {
        "orders": _("Complaints"),
        "cases": _("Named the reason"),
        "answers": _("Bad marks"),
    }
    return names[unit]


def _side(name: str, first: date, last: date, count: int, among: int) -> Component:
    low, high = interval(count, among)
    days = _("{first} – {last}", first=formats.day(first), last=formats.day(last))
    ends = _("{low} – {high}", low=formats.number(low, 1), high=formats.number(high, 1))
    rate = formats.number(1000 * count / among, 1) if among else formats.NOTHING
    cells = (
        days if first <= last else formats.NOTHING,
        formats.number(count),
        formats.number(among),
        rate,
        ends if among else formats.NOTHING,
    )
    return html.Tr([html.Th(name, scope="row"), *(html.Td(cell) for cell in cells)])


def _looks(checks: Sequence[ImprovementCheck]) -> list[Component]:
    """What was noted 30, 60 and 90 days after it was done."""
    if not checks:
        return []
    rows = [
        html.Li(
            [
                html.Strong(several("after {n} day", "after {n} days", n=look.days)),
                badge(word("verdict", look.verdict), EFFECT_TONES.get(look.verdict, "quiet")),
                html.Span(_numbers(look.numbers)),
            ]
        )
        for look in checks
    ]
    return [html.Ul(rows, className="looks", title=_("Looks at the effect"))]


def _numbers(said: dict[str, Any]) -> str:
    numbers = {
        name: formats.number(said.get(name))
        for name in ("before", "orders_before", "after", "orders_after")
    }
    return _("{before} of {orders_before} → {after} of {orders_after}", **numbers)


def trend(session: Session, file: File, as_of: datetime) -> list[Component]:
    """Complaints of its category per 1,000 orders of the store, week by week."""
    if file.category is None:
        return []
    scope = _scope(file, as_of)
    answer = complaints.complaints_per_1000_orders(session, scope, grain=_grain(scope))
    view = View(stores=scope.stores, start=scope.start, end=scope.end)
    behind = urls.complaints(view, category=file.category.code, state="all")
    inside = [nothing(_("No complaint of this category in these months."))]
    if answer.summary["numerator"]:
        inside = [*_drawn(answer, file), link(_("The complaints behind it"), behind)]
    return [card(_("Complaints of this category per 1,000 orders"), *inside, width="full")]


def _drawn(answer: Answer, file: File) -> list[Component]:
    drawn = figures.over_time(answer.frame, unit="per_1000")
    graph = dcc.Graph(
        id=ActionFile.TREND,
        figure=BLANK,
        config=graph_config(),
        style={"height": f"{HEIGHT}px"},
        responsive=True,
        className="graph",
    )
    said = [html.P(words, className="note") for words in _explained(answer, file)]
    return [dcc.Store(id=ActionFile.TREND_DRAWN, data=drawn), *said, graph]


def _scope(file: File, as_of: datetime) -> Scope:
    """The store and the category, from the first day compared until now."""
    assert file.category is not None
    scope = Scope(
        as_of=as_of,
        stores=(file.store.code,),
        drill=(("category", file.category.code),),
        zone=file.store.zone,
    )
    first = file.measured.windows.before_from if file.measured else None
    usual = date.fromordinal(scope.today.toordinal() - 182)
    return replace(scope, start=min(first or usual, usual), end=scope.today)


def _grain(scope: Scope) -> str:
    """Weeks; months where there would be too many of them to read."""
    assert scope.start is not None
    return "week" if (scope.today - scope.start).days <= 400 else "month"


def _explained(answer: Answer, file: File) -> list[str]:
    """What the line is, if there is one; that the chart is of the whole store."""
    said = []
    if answer.frame["phase"].nunique() > 1:
        said.append(_("The line marks when an action of this category was done."))
    if file.adviser or file.technician:
        said.append(_("Of the whole store; the effect above is counted for one person alone."))
    return said
