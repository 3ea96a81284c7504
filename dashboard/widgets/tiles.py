"""A tile: one number, what it should be, whether it really changes, and the way to the list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dashboard import formats, headlines, ids
from dashboard.figures.base import FEW
from dashboard.i18n import _
from dashboard.urls import View
from dashboard.widgets import parts
from dashboard.widgets.still import still
from data import answers
from data.lookups import Session, Target
from data.metrics import Answer, Metric
from data.scope import Scope

WIDE, HIGH, EDGE = 120.0, 32.0, 3.0
TREND = 14


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One number of a metric's summary.

    value: its key there. alarm: the tone of any value above 0 ("bad", "warn"), for counts that
    should be none. drill: the page behind it, a function of the view. note: the key of a second
    number said below, with the sentence that says it, which has the gap {n}.
    """

    name: str
    title: str
    metric: Metric
    drill: Callable[[View], str]
    value: str = "value"
    unit: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    alarm: str | None = None
    note: str | None = None
    says: str = ""

    def card(self) -> Component:
        """Its place on a page, to be filled by `callbacks.widgets`; built once in each language."""
        return parts.once(self._cards, self._card)

    @cached_property
    def _cards(self) -> dict[str, Component]:
        return {}

    def _card(self) -> Component:
        title = _(self.title)
        head = html.Header(
            [
                still(html.H2(parts.titled(title, self.metric.code))),
                parts.mark(self.name, self.metric.code),
            ],
            className="widget-head",
        )
        inside = html.Div(id=ids.tile(self.name), className="tile-body")
        box = html.Div(
            [head, inside, parts.again(ids.Kind.TILE, self.name)],
            id=ids.card(ids.Kind.TILE, self.name),
            className=parts.LOADING,
            **parts.attributes(data_shown=""),
        )
        return html.Section(box, className="tile", **parts.attributes(aria_label=title))

    def ask(self, session: Session, scope: Scope) -> Answer:
        """What the metric says about `scope`."""
        return answers.ask(self.metric, session, scope, **self.options)

    def fill(
        self, answer: Answer, view: View, target: Target | None = None, was: Answer | None = None
    ) -> list[Any]:
        """The number, its trend, and what they mean. `was` is the answer to compare with."""
        value = answer.summary.get(self.value)
        shown = formats.measure(value, self._unit)
        look = f"tile-value stretched-link{_few(answer)}"
        return [
            html.Div(
                [
                    parts.link(
                        shown,
                        self.drill(view),
                        className=look,
                    ),
                    _sparkline(answer, target),
                ],
                className="tile-number",
            ),
            html.Div(self._judged(value, target), className="tile-judged"),
            html.Div(self._further(answer, target, was), className="tile-further"),
        ]

    @property
    def _unit(self) -> str:
        return self.unit or self.metric.unit

    def _judged(self, value: float | None, target: Target | None) -> Any:
        if formats.missing(value) or value is None:
            return parts.badge(_("Nothing counted yet"))
        if self.alarm:
            return self._alarmed(value)
        if target is None or self.value != "value":
            return None
        words = {
            True: _("Target {value} met", value=formats.aim(target.value, self._unit)),
            False: _("Target {value} missed", value=formats.aim(target.value, self._unit)),
        }
        met = target.met(value)
        return parts.badge(words[met], "good" if met else "bad")

    def _alarmed(self, value: float) -> Any:
        return (
            parts.badge(_("Needs action"), self.alarm or "bad")
            if value
            else (parts.badge(_("None"), "good"))
        )

    def _further(self, answer: Answer, target: Target | None, was: Answer | None) -> list[Any]:
        counted = "signal" in answer.frame and answer.summary.get("denominator")
        change = headlines.change(answer, target) if counted else ""
        real = "changed" if change in ("better", "worse", "change") else ""
        said = [_of(answer), self._noted(answer), self._compared(was)]
        told = [html.Div(_told(change), className=real)] if change else []
        return told + [html.Div(words) for words in said if words]

    def _noted(self, answer: Answer) -> str:
        if self.note is None or formats.missing(answer.summary.get(self.note)):
            return ""
        return _(self.says, n=formats.number(answer.summary[self.note]))

    def _compared(self, was: Answer | None) -> str:
        if was is None:
            return ""
        return _("Before: {value}", value=formats.measure(was.summary.get(self.value), self._unit))


def _of(answer: Answer) -> str:
    """What a share was counted from; what is not due yet stands beside it."""
    told = answer.summary
    if not told.get("denominator"):
        return ""
    if "numerator" not in told:
        return _("n = {n}", n=formats.number(told["denominator"]))
    numbers = {name: formats.number(told[name]) for name in ("numerator", "denominator", "not_due")}
    if told["not_due"]:
        return _("{numerator} of {denominator} · {not_due} not yet due", **numbers)
    return _("{numerator} of {denominator}", **numbers)


def _few(answer: Answer) -> str:
    """A share of so few that it is written in grey."""
    return " few" if (answer.summary.get("denominator") or FEW) < FEW else ""


def _told(change: str) -> str:
    return {
        "better": _("A real change for the better"),
        "worse": _("A real change for the worse"),
        "change": _("A real change"),
        "same": _("No real change"),
        "early": _("Too early to tell"),
        "few": _("Too few to tell a change"),
    }[change]


def _sparkline(answer: Answer, target: Target | None) -> Component | None:
    """The latest finished periods as a line. It is a mask, so it takes the theme's colour."""
    frame = answer.frame
    if "period" not in frame or "value" not in frame:
        return None
    finished = frame[frame["finished"].astype(bool)] if "finished" in frame else frame
    values = [float(value) for value in finished["value"].dropna().tolist()[-TREND:]]
    if len(values) < 2:
        return None
    url = f'url("data:image/svg+xml,{quote(_svg(values, target.value if target else None))}")'
    style = {"maskImage": url, "WebkitMaskImage": url}
    return html.Div(className="spark", style=style, **parts.attributes(aria_hidden="true"))


def _svg(values: Sequence[float], target: float | None) -> str:
    low = min([*values, *([] if target is None else [target])])
    high = max([*values, *([] if target is None else [target])])
    steps = [_place(index, value, len(values), low, high) for index, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in steps)
    aim = "" if target is None else _level(_place(0, target, len(values), low, high)[1])
    x, y = steps[-1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE:.0f}" height="{HIGH:.0f}">{aim}'
        f'<polyline points="{line}" fill="none" stroke="#000" stroke-width="1.5" '
        f'stroke-linejoin="round"/><circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/></svg>'
    )


def _level(y: float) -> str:
    return (
        f'<line x1="0" x2="{WIDE:.0f}" y1="{y:.1f}" y2="{y:.1f}" stroke="#000" '
        'stroke-opacity=".4" stroke-dasharray="3 3"/>'
    )


def _place(index: int, value: float, count: int, low: float, high: float) -> tuple[float, float]:
    x = EDGE + index * (WIDE - 2 * EDGE) / max(count - 1, 1)
    part = (value - low) / (high - low) if high > low else 0.5
    return x, HIGH - EDGE - part * (HIGH - 2 * EDGE)
