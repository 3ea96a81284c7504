"""Headlines of what goes over time: whether it changed, and where it stands."""

from pandas import DataFrame

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
        return judged(answer, _(says, value=value, n=n), _aim(target, "share"), target)

    return headline


def measure(says: str, unit: str) -> Headline:
    """A headline for a value in `unit`: `says` is a fact with the gap {value}."""

    def headline(answer: Answer, target: Target | None) -> str | None:
        value = answer.summary.get("value")
        if formats.missing(value):
            return None
        fact = _(says, value=formats.measure(value, unit))
        return judged(answer, fact, _aim(target, unit), target)

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
    "early" if too few periods are over to tell, "few" if too little is counted in them.
    """
    if "signal" not in answer.frame:
        return "same"
    rows = signals.judged(answer)
    if signals.signalled(rows):
        return _direction(rows, target)
    if signals.early(rows):
        return "early"
    return "few" if signals.few(rows) else "same"


def _direction(rows: DataFrame, target: Target | None) -> str:
    if target is None:
        return "change"
    return "better" if signals.rises(rows) == target.up else "worse"


def judged(answer: Answer, fact: str, aim: str, target: Target | None) -> str:
    """The fact of a trend, after whether it changed, by which rule and since when."""
    found = change(answer, target)
    gaps = {"fact": fact, "aim": aim, "how": _how(found, answer)}
    return {
        "better": _("A real change for the better {how}: {fact}{aim}.", **gaps),
        "worse": _("A real change for the worse {how}: {fact}{aim}.", **gaps),
        "change": _("A real change {how}: {fact}{aim}.", **gaps),
        "same": _("No real change: {fact}{aim}.", **gaps),
        "early": _("Too early to tell, {how}: {fact}{aim}.", **gaps),
        "few": _("Whether it changes cannot be told, {how}: {fact}{aim}.", **gaps),
    }[found]


def _how(found: str, answer: Answer) -> str:
    if found == "same":
        return ""
    says = {"early": signals.so_few, "few": signals.too_little}.get(found, signals.happened)
    return says(signals.judged(answer))


def _aim(target: Target | None, unit: str) -> str:
    if target is None:
        return ""
    return _(" (target {value})", value=formats.aim(target.value, unit))
