"""Headlines of what goes over time: whether it changed, and where it stands."""

from dashboard import formats
from dashboard.headlines import signals
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
    """What the latest period that can be judged signals: "better", "worse", "change" or "same";
    "early" if too few are over to tell.
    """
    if "signal" not in answer.frame:
        return "same"
    rows = signals.judged(answer)
    if signals.early(rows):
        return "early"
    if not signals.signalled(rows):
        return "same"
    if target is None:
        return "change"
    return "better" if signals.rises(rows) == target.up else "worse"


def _judged(answer: Answer, fact: str, aim: str, target: Target | None) -> str:
    found, gaps = change(answer, target), {"fact": fact, "aim": aim}
    if found == "same":
        return _("No real change: {fact}{aim}.", **gaps)
    rows = signals.judged(answer)
    if found == "early":
        return _("Too early to tell, {how}: {fact}{aim}.", how=signals.so_few(rows), **gaps)
    gaps["how"] = signals.happened(rows)
    return {
        "better": _("A real change for the better {how}: {fact}{aim}.", **gaps),
        "worse": _("A real change for the worse {how}: {fact}{aim}.", **gaps),
        "change": _("A real change {how}: {fact}{aim}.", **gaps),
    }[found]


def _aim(target: Target | None, unit: str) -> str:
    if target is None:
        return ""
    return _(" (target {value})", value=formats.aim(target.value, unit))
