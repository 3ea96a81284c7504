"""The drawings as plotly reads them: what it does not know, or would read otherwise, fails."""

import json
from functools import wraps

import plotly.graph_objects as go
from plotly.io.json import to_json_plotly

from dashboard import figures as plain


def checked(drawn):
    """The figure that plotly makes of a drawing, nothing of which it changed or left out."""
    known = go.Figure(drawn)
    assert _said(known) == _said(drawn)
    return known


def _said(drawn):
    said = json.loads(to_json_plotly(drawn))
    del said["layout"]["template"]  # plotly fills an empty one
    return _without_nothing(said)


def _without_nothing(part):
    if isinstance(part, dict):
        said = {key: _without_nothing(value) for key, value in part.items()}
        return {key: value for key, value in said.items() if value not in (None, {}, [])}
    return [_without_nothing(one) for one in part] if isinstance(part, list) else part


class _Figures:
    """`dashboard.figures`, with each drawing checked."""

    def __getattr__(self, name):
        draw = getattr(plain, name)

        @wraps(draw)
        def drawing(*given, **more):
            return checked(draw(*given, **more))

        return drawing


figures = _Figures()
