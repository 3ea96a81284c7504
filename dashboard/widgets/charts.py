"""A chart: a metric drawn, with its headline in words, its definition and the list behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from inspect import Parameter, signature
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from pandas import DataFrame

from dashboard import formats, ids
from dashboard.figures.base import Drawing
from dashboard.headlines import Headline
from dashboard.i18n import _, later
from dashboard.urls import View
from dashboard.widgets import parts
from dashboard.widgets.choices import Choice
from data import answers
from data.lookups import Session, Target
from data.metrics import Answer, Metric
from data.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart's answer, ready for the screen: the figure, the words above it, the card's state."""

    figure: dict[str, Any] | None
    said: list[Any]
    state: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A metric drawn.

    figure: a function of `figures`, called with the answer's frame and `drawn`, and with `target`
    if `aims`. options: what the metric is asked with. choices: those options that the reader
    chooses; the figure is called with them too, and the headline finds them in the summary.
    drill: a function of `urls` that a click calls with the view and the point's keys. least: the
    width in pixels the figure needs; on a narrower screen it scrolls sideways.
    """

    name: str
    title: str
    metric: Metric
    figure: Callable[..., Drawing]
    options: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Choice] = field(default_factory=dict)
    drawn: Mapping[str, Any] = field(default_factory=dict)
    aims: bool = False
    drill: Callable[..., str | None] | None = None
    headline: Headline | None = None
    empty: str = later("Nothing to show in this period.")
    width: str = "half"
    height: int = 260
    least: int = 0

    def card(self) -> Component:
        """Its place on a page, to be filled by `callbacks.widgets`; built once in each language."""
        return parts.once(self._cards, self._card)

    @cached_property
    def _cards(self) -> dict[str, Component]:
        return {}

    def _card(self) -> Component:
        graph = html.Div(parts.graph(self.name, self.height), style={"minWidth": f"{self.least}px"})
        body = html.Div(
            [dcc.Store(id=ids.drawing(self.name)), graph],
            className="widget-body" + self._ways(),
            style={"minHeight": f"{self.height}px"},
            tabIndex=0 if self.least else None,  # what scrolls can be scrolled by keys
        )
        return parts.frame(
            self.name,
            _(self.title),
            body,
            code=self.metric.code,
            width=self.width,
            kind=ids.Kind.CHART,
        )

    def _ways(self) -> str:
        return (" drills" if self.drill else "") + (" scrolls" if self.least else "")

    def ask(self, session: Session, scope: Scope) -> Answer:
        """What the metric says about `scope`."""
        asked = self.asked(scope)
        answer = answers.ask(self.metric, session, scope, **asked)
        chosen = {option: asked[option] for option in self.choices}
        return Answer(answer.frame, {**answer.summary, **chosen})

    def asked(self, scope: Scope) -> dict[str, str]:
        """What the metric is asked with, the reader's choices among it."""
        chosen = {option: choice.of(scope) for option, choice in self.choices.items()}
        return {**self.options, **chosen}

    def draw(self, answer: Answer, target: Target | None = None) -> Drawn:
        """The figure and the words of this answer."""
        if _nothing(answer):
            return Drawn(figure=None, said=[parts.nothing(self._why(answer))], state=parts.EMPTY)
        aim = {"target": target.value if target else None} if self.aims else {}
        chosen = {option: answer.summary[option] for option in self.choices}
        figure = self.figure(answer.frame, **self.drawn, **chosen, **aim)
        return Drawn(figure=figure, said=self._said(answer, target), state=parts.READY)

    def behind(self, view: View, keys: Mapping[str, str]) -> str | None:
        """The address behind the point with these keys; those that `drill` does not take go."""
        if self.drill is None:
            return None
        taken = signature(self.drill).parameters
        anything = any(each.kind is Parameter.VAR_KEYWORD for each in taken.values())
        return self.drill(view, **{k: v for k, v in keys.items() if anything or k in taken})

    def export(self, session: Session, scope: Scope) -> DataFrame:
        """Exactly the rows behind the drawing."""
        return self.ask(session, scope).frame

    def _said(self, answer: Answer, target: Target | None) -> list[Any]:
        headline = self.headline(answer, target) if self.headline else None
        note = _counted(answer)
        return [
            html.P(headline, className="headline") if headline else None,
            html.P(note, className="note") if note else None,
        ]

    def _why(self, answer: Answer) -> str:
        waiting = answer.summary.get("not_due") or 0
        if waiting:
            return _("Nothing is due yet: {n} are still within their time.", n=waiting)
        return _(self.empty)


def _nothing(answer: Answer) -> bool:
    frame = answer.frame
    if answer.summary.get("vehicles") == 0:
        return True
    counted = ["denominator"] if "denominator" in frame else ["value", "count"]
    measured = [name for name in counted if name in frame]
    return frame.empty or (bool(measured) and not frame[measured].fillna(0).any(axis=None))


def _counted(answer: Answer) -> str:
    told = answer.summary
    if "denominator" not in told:
        return ""
    said = [_("n = {n}", n=formats.number(told["denominator"]))]
    if told.get("not_due"):
        said.append(_("{n} not yet due", n=formats.number(told["not_due"])))
    return " · ".join(said)
