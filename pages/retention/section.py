"""A part of the retention page: a heading, a line about it, what is chosen there, and its cards."""

from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import _
from dashboard.widgets import Chart, Choice, Table, board, further
from data.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One question, and the cards that answer it. `choices` govern the charts that follow them."""

    title: str
    says: str = ""
    choices: tuple[Choice, ...] = ()
    cards: tuple[Chart | Table, ...]

    def body(self, scope: Scope) -> list[Component]:
        """Its place on the page."""
        chosen = [choice.card(scope) for choice in self.choices]
        shown: list[Any] = [
            html.H2(_(self.title), className="section"),
            html.P(_(self.says), className="section-lead") if self.says else None,
            html.Div(chosen, className="choices") if chosen else None,
            board(*further(self.cards)),
        ]
        return [part for part in shown if part is not None]
