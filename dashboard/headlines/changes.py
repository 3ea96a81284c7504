"""Headlines of what goes over time: whether it changed, and where it stands."""

from typing import Any

from dashboard import formats
from dashboard.headlines.base import Headline
from dashboard.i18n import _
from data.lookups import Target
from data.metrics import Answer


def rate(says: str) -> Headline:
    """A headline for a share: `says` is a fact with the gaps {value} and {n}."""

    def headline(answer: Answer, target: Target | None) -> str | None:
        told = answer.summary
        if not told.get("denominator"):
            return None
        value, n = formats.percent(told["value"]), formats.number(told["denominator"])
        return _judged(answer, _(says, value=value, n=n), _aim(target, "share"), target)

    return headline


def measure(says: str, unit: str) -> Headline:
    """A headline for a value in `unit`: `says` is a fact with the gap {value}."""

    def headline(answer: Answer, target: Target | None) -> str | None:
        value = answer.summary.get("value")
        if formats.missing(value):
            return None
        fact = _(says, value=formats.measure(value, unit))
        return _judged(answer, fact, _aim(target, unit), target)

    return headline


def beside_naive(says: str) -> Headline:
    """A rate's headline with the usual figure beside it, which leaves out what is open and late."""
    honest = rate(says)

    def headline(answer: Answer, target: Target | None) -> str | None:
        said, naive = honest(answer, target), answer.summary.get("naive_value")
        if said is None or formats.missing(naive):
            return said
        return said + _(" Without the open and late ones: {value}.", value=formats.percent(naive))

    return headline


def change(answer: Answer, target: Target | None = None) -> str:
    """ "better", "worse", "change" or "same": what the latest finished period signals."""
    rows = answer.frame
    if "signal" not in rows or rows.empty:
        return "same"
    if "finished" in rows:
        rows = rows[rows["finished"].astype(bool)]
    rows = rows[rows["value"].notna()]
    if rows.empty or formats.missing(rows.iloc[-1]["signal"]):
        return "same"
    if target is None:
        return "change"
    rising = _latest_move(rows)
    return "better" if rising == target.up else "worse"


def _latest_move(rows: Any) -> bool:
    """Whether the last period lies above its centre."""
    last = rows.iloc[-1]
    centre = last["centre"] if "centre" in rows else rows["value"].mean()
    return bool(last["value"] > centre)


def _judged(answer: Answer, fact: str, aim: str, target: Target | None) -> str:
    sentences = {
        "better": _("A real change for the better: {fact}{aim}.", fact=fact, aim=aim),
        "worse": _("A real change for the worse: {fact}{aim}.", fact=fact, aim=aim),
        "change": _("A real change: {fact}{aim}.", fact=fact, aim=aim),
        "same": _("No real change: {fact}{aim}.", fact=fact, aim=aim),
    }
    return sentences[change(answer, target)]


def _aim(target: Target | None, unit: str) -> str:
    if target is None:
        return ""
    return _(" (target {value})", value=formats.aim(target.value, unit))
