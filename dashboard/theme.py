"""The look of every chart, said once. Figures name what a colour means, never the colour.

The server draws in the light palette; the browser lays the template over the figure and, in the
dark, exchanges the colours (`look`). So a figure travels without its theme, and the switch needs
no new answer. The same colours stand as variables in assets/house.css; a test holds them together.
"""

from typing import Any

THEMES = ("light", "dark")
COOKIE = "theme"

PALETTE = {  # meaning: (light, dark)
    "ink": ("#1b222a", "#e7ebef"),
    "ink-2": ("#4a5561", "#b4bec8"),
    "ink-3": ("#66717c", "#8f9ba6"),
    "hairline": ("#e2e6ea", "#2a323a"),
    "surface": ("#ffffff", "#171c22"),
    "data": ("#2f6690", "#7db4dd"),
    "data-2": ("#7a9cb8", "#4f7fa5"),
    "data-3": ("#b9cbd9", "#35536b"),
    "quiet": ("#a3adb7", "#5f6b76"),
    "good": ("#1d7a46", "#5fbf8a"),
    "warn": ("#c98200", "#e6ac45"),
    "bad": ("#b92f27", "#f2837a"),
}
FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", '
    '"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
)
SEVERITY = {"question": "data-3", "general": "data", "escalated": "warn", "critical": "bad"}
CLEAR = "rgba(0,0,0,0)"


def colour(meaning: str) -> str:
    """The light colour for this meaning: "data", "good", "warn", "bad", "quiet", "ink", …"""
    return PALETTE[meaning][0]


def severity(code: str) -> str:
    """The colour of a severity; one we do not know is quiet."""
    return colour(SEVERITY.get(code, "quiet"))


def look() -> dict[str, Any]:
    """What the browser needs to put a theme on figures: both templates, and the exchange."""
    return {
        "light": template(0),
        "dark": template(1),
        "exchange": dict(PALETTE.values()),
    }


def template(shade: int) -> dict[str, Any]:
    """The plotly template of the light (0) or the dark (1) theme."""
    shades = {meaning: pair[shade] for meaning, pair in PALETTE.items()}
    return {
        "layout": {
            "colorway": [shades["data"], shades["data-2"], shades["data-3"], shades["quiet"]],
            "font": {"family": FONT, "size": 12, "color": shades["ink-2"]},
            "margin": {"l": 8, "r": 16, "t": 12, "b": 8},
            "paper_bgcolor": CLEAR,
            "plot_bgcolor": CLEAR,
            "xaxis": _axis(shades) | {"showgrid": False},
            "yaxis": _axis(shades) | {"showgrid": True, "ticks": ""},
            "hoverlabel": {
                "bgcolor": shades["surface"],
                "bordercolor": shades["quiet"],
                "font": {"family": FONT, "size": 13, "color": shades["ink"]},
                "align": "left",
            },
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": 1.0,
                "xanchor": "left",
                "yanchor": "bottom",
                "traceorder": "normal",
            },
            "bargap": 0.28,
            "hovermode": "closest",
            "separators": ".,",
        }
    }


def _axis(shades: dict[str, str]) -> dict[str, Any]:
    return {
        "gridcolor": shades["hairline"],
        "linecolor": shades["hairline"],
        "tickcolor": shades["hairline"],
        "tickfont": {"color": shades["ink-3"], "size": 12},
        "title": {"font": {"color": shades["ink-3"], "size": 12}},
        "zeroline": False,
        "automargin": True,
        "fixedrange": True,
    }
