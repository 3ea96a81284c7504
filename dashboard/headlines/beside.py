"""Two shares beside each other: by how much they differ, and how to say both."""

from typing import Any

from dashboard import formats
from dashboard.frames import records
from dashboard.headlines.base import Headline
from dashboard.headlines.comparing import ENOUGH
from dashboard.i18n import _
from data.lookups import Target
from data.metrics import Answer
from data.stats import difference


def apart(one: dict[str, Any], other: dict[str, Any]) -> tuple[float, float, float]:
    """By how much the first share differs from the second, and the interval of that."""
    counted = [row[name] for row in (one, other) for name in ("numerator", "denominator")]
    return difference(*counted)


def both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, str]:
    """The gaps {before} of {n_before} and {after} of {n_after} of two rows of shares."""
    return {
        "before": formats.percent(one["value"], 0),
        "n_before": formats.number(one["denominator"]),
        "after": formats.percent(other["value"], 0),
        "n_after": formats.number(other["denominator"]),
    }


def stores(says: str) -> Headline:
    """Whether the lowest store is below the others together by more than chance; `says` is a fact
    about all of them with the gaps {value} and {n}."""

    def headline(answer: Answer, _target: Target | None) -> str | None:
        told = answer.summary
        if not told.get("denominator"):
            return None
        value, n = formats.percent(told["value"]), formats.number(told["denominator"])
        return _(says, value=value, n=n) + _lowest(records(answer.frame), told)

    return headline


def _lowest(rows: list[dict[str, Any]], told: dict[str, Any]) -> str:
    sure = [row for row in rows if row["denominator"] >= ENOUGH]
    if len(sure) < 2:
        return ""
    low = min(sure, key=lambda row: row["value"])
    rest = {name: told[name] - low[name] for name in ("numerator", "denominator")}
    gap, _low, high = apart(low, rest)
    if high >= 0:
        return _(" No store can be told apart from the others.")
    return _(
        " Lowest: {store}, {value} of {n}, {gap} beside the others together.",
        store=low["key"],
        value=formats.percent(low["value"], 0),
        n=formats.number(low["denominator"]),
        gap=formats.points(gap),
    )
