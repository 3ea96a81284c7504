"""Headlines of winning back: where the cases stand, why they went, and which come again."""

from typing import Any

from dashboard import formats
from dashboard.frames import records
from dashboard.headlines.beside import apart, both
from dashboard.headlines.comparing import ENOUGH
from dashboard.i18n import _
from dashboard.words import REASONS_BY_NATURE, word
from data.lookups import Target
from data.metrics import Answer


def reasons(answer: Answer, _target: Target | None) -> str | None:
    """How many of the reasons are ours to mend, and which of those leads."""
    rows = records(answer.frame)
    asked = sum(row["count"] for row in rows)
    if not asked:
        return None
    ours = [row for row in rows if row["key"] in REASONS_BY_NATURE["internal"] and row["count"]]
    gaps = {"n": formats.number(asked), "ours": formats.number(sum(row["count"] for row in ours))}
    if not ours:
        return _("Of {n} asked nobody named a reason that is ours to mend.", **gaps)
    first = max(ours, key=lambda row: row["count"])
    said = _(
        "{ours} of {n} asked stay away for a reason that is ours to mend; most of these name "
        "“{reason}” ({count}).",
        reason=word("reason", first["key"]),
        count=formats.number(first["count"]),
        **gaps,
    )
    few = asked < ENOUGH
    return said + (_(" So few say little about all of them.") if few else "")


def steps(answer: Answer, _target: Target | None) -> str | None:
    """How many are under way, and how those that ended did."""
    counts = dict(zip(answer.frame["step"], answer.frame["count"].astype(int), strict=True))
    if not sum(counts.values()):
        return None
    return _(
        "{open} under way, {selected} of these not looked at yet. Ended: {won} won back after a "
        "call, {returned} came by themselves, {lost} given up.",
        open=formats.number(answer.summary.get("open")),
        selected=formats.number(counts.get("selected", 0)),
        won=formats.number(counts.get("won_back", 0)),
        returned=formats.number(counts.get("returned", 0)),
        lost=formats.number(counts.get("lost", 0)),
    )


def win_back(answer: Answer, _target: Target | None) -> str | None:
    """Which reason is won back best and worst, if they differ by more than chance; and how many
    of those held out came without a call."""
    known = answer.frame[answer.frame["denominator"] >= ENOUGH].sort_values("value")
    rows = records(known)
    few = len(rows) < 2
    said = _all_together(answer.summary) if few else _best_and_worst(rows[-1], rows[0])
    return said + _held_out(answer.summary) if said else None


def _all_together(told: dict[str, Any]) -> str:
    if not told.get("denominator"):
        return ""
    return _(
        "Of {n} called, {value} came again within 90 days ({low} to {high}); too few a reason to "
        "tell the reasons apart.",
        n=formats.number(told["denominator"]),
        value=formats.percent(told["value"], 0),
        low=formats.percent(told["ci_low"], 0),
        high=formats.percent(told["ci_high"], 0),
    )


def _best_and_worst(best: dict[str, Any], worst: dict[str, Any]) -> str:
    _gap, low, _high = apart(best, worst)
    gaps = {**both(best, worst), "best": _reason(best), "worst": _reason(worst)}
    if low <= 0:
        return _(
            "The reasons cannot be told apart: from “{best}” ({before} of {n_before}) to "
            "“{worst}” ({after} of {n_after}) is within chance.",
            **gaps,
        )
    return _(
        "Best won back: “{best}”, {before} of {n_before}; worst: “{worst}”, {after} of "
        "{n_after}. That is more than chance.",
        **gaps,
    )


def _reason(row: dict[str, Any]) -> str:
    return word("reason", "none" if formats.missing(row["key"]) else row["key"])


def _held_out(told: dict[str, Any]) -> str:
    if not told.get("held_out"):
        return ""
    return _(
        " Of {n} held out and not called, {back} came all the same.",
        n=formats.number(told["held_out"]),
        back=formats.number(told["held_out_back"]),
    )
