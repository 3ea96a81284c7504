"""A question of the record form that is answered by one of several buttons, or by its key."""

from collections.abc import Sequence

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.widgets.parts import attributes

FORM = "call"


def choice(
    name: str, label: str, options: Sequence[tuple[str, str]], scale: Sequence[str] = ()
) -> Component:
    """One of several, chosen by a key; it may stay open."""
    title = f"call-{name}-label".replace(".", "-")
    buttons = dbc.RadioItems(
        id=ids.field(FORM, name),
        name=f"call-{name}",
        options=[
            {"label": said, "value": code, "input_id": f"call-{name}-{code}".replace(".", "-")}
            for code, said in options
        ],
        inline=True,
        class_name="choice-buttons",
    )
    group = html.Div(buttons, role="radiogroup", **attributes(aria_labelledby=title))
    look = "choice scale" if scale else "choice"
    return html.Div([html.Div(label, id=title, className="choice-label"), group], className=look,
                    **attributes(data_choice=name))  # fmt: skip
