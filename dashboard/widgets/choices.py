"""What the reader may choose about a chart without leaving it. The choice stands in the address."""

from dataclasses import dataclass

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.i18n import _
from dashboard.widgets.parts import attributes
from dashboard.words import word
from data.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to choose: its key in the address, the codes there are, and which is the usual.

    Without one the first is the usual. `words` names their word list. Several charts may follow
    the same choice.
    """

    key: str
    title: str
    values: tuple[str, ...]
    words: str
    usual: str = ""

    @property
    def standard(self) -> str:
        """The usual one, which goes without saying."""
        return self.usual or self.values[0]

    def of(self, scope: Scope) -> str:
        """What the address asks for; what it cannot ask for counts as not asked."""
        asked = (code for code in scope.asked(self.key) if code in self.values)
        return next(asked, self.standard)

    def says(self, code: str | None) -> bool:
        """Whether `code` is one that the address has to say."""
        return code in self.values and code != self.standard

    def card(self, scope: Scope) -> Component:
        """Its buttons, side by side; `callbacks.choices` keeps them and the address together."""
        title = _(self.title)
        buttons = dbc.RadioItems(
            id=ids.choice(self.key),
            options=[{"value": code, "label": word(self.words, code)} for code in self.values],
            value=self.of(scope),
            className="btn-group",
            inputClassName="btn-check",
            labelClassName="btn btn-sm btn-outline-primary",
            labelCheckedClassName="active",
        )
        inside = [html.Span(title, className="choice-title"), buttons]
        said = attributes(aria_label=title)
        return html.Div(inside, className="choice", role="group", **said)
