"""Headlines of satisfaction: what to improve first, where it is lowest."""

from typing import Any

from dashboard import formats
from dashboard.headlines.comparing import ENOUGH
from dashboard.i18n import _
from dashboard.words import word
from data.lookups import Target
from data.metrics import Answer


def quadrants(answer: Answer, _target: Target | None) -> str | None:
    """The weakest of what matters, and the best of it."""
    rows = answer.frame
    weak = rows[rows["quadrant"] == "improve"].sort_values("value")
    strong = rows[rows["quadrant"] == "strength"].sort_values("value", ascending=False)
    if rows["quadrant"].isna().all():
        return _("Too few answers to say what matters.")
    if weak.empty and strong.empty:
        return _("Of what matters nothing differs from the average beyond chance.")
    if weak.empty:
        return _("Strongest: {best}. Nothing that matters is weak.", best=_said(strong.iloc[0]))
    first = _said(weak.iloc[0])
    if strong.empty:
        return _("Improve first: {first}.", first=first)
    return _("Improve first: {first}. Strongest: {best}.", first=first, best=_said(strong.iloc[0]))


def dimensions(answer: Answer, _target: Target | None) -> str | None:
    """The lowest field in which enough was counted to say so."""
    rows = answer.frame[answer.frame["denominator"] >= ENOUGH].sort_values("value")
    if rows.empty:
        return None
    low, where = rows.iloc[0], _place(rows.iloc[0])
    return _("Lowest: {dimension}, {where}.", dimension=_said(low), where=where)


def _said(row: Any) -> str:
    gaps = {"value": formats.percent(row["value"], 0), "n": formats.number(row["denominator"])}
    return _("{name} ({value} of {n})", name=word("dimension", row["dimension"]), **gaps)


def _place(row: Any) -> str:
    return str(row["store"]) if "store" in row else formats.day(row["period"], "month")
