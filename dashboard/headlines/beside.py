"""Two shares beside each other: by how much they differ, and how to say both."""

from typing import Any

from dashboard import formats
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
