"""What a figure says in words: is there a change, what is the number, what should it be.

A headline is a function of (answer, target) that gives a sentence, or None when there is nothing
to say. "No real change" is a headline too: a difference is called a change only on a signal.
"""

from collections.abc import Callable
from typing import Any

from dashboard import formats
from dashboard.i18n import _, language
from dashboard.words import word
from data.lookups import Target
from data.metrics import Answer

Headline = Callable[[Answer, Target | None], str | None]


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


def ageing(answer: Answer, _target: Target | None) -> str | None:
    """How many are open, how many of them are over their time, and how old the oldest is."""
    told = answer.summary
    if not told.get("open"):
        return None
    return _(
        "{open} open, {breached} of them past their deadline; the oldest is {oldest} old.",
        open=formats.number(told["open"]),
        breached=formats.number(told.get("breached", 0)),
        oldest=formats.days(told.get("oldest_days")),
    )


def heaviest(answer: Answer, _target: Target | None) -> str | None:
    """Which categories make up most of it, and whether the first is common."""
    rows = answer.frame
    if rows.empty:
        return None
    first = rows.iloc[0]
    gaps = {"name": first[_name_column()], "share": formats.percent(first["share"], 0)}
    if first.get("verdict") == "common":
        return _("{name} leads with {share}: more than chance, a common problem.", **gaps)
    return _("{name} leads with {share}; no category stands out beyond chance.", **gaps)


def most(label: str, words: str) -> Headline:
    """Which code of the list `words` is the most frequent."""

    def headline(answer: Answer, _target: Target | None) -> str | None:
        if answer.frame.empty:
            return None
        first = answer.frame.sort_values("count", ascending=False).iloc[0]
        name = word(words, "none" if formats.missing(first[label]) else first[label])
        total = int(answer.frame["count"].sum())
        count = formats.number(first["count"])
        return _("Most often: {name}, {count} of {total}.", name=name, count=count, total=total)

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


def _name_column() -> str:
    return "name_zh" if language() == "zh" else "name"


def at_risk(answer: Answer, _target: Target | None) -> str | None:
    """How many have used most of their time, beside those that are past it."""
    told = answer.summary
    if not told.get("open"):
        return None
    return _(
        "{at_risk} of {open} will be late soon unless they are solved; {breached} already are.",
        at_risk=formats.number(told.get("at_risk", 0)),
        open=formats.number(told["open"]),
        breached=formats.number(told.get("breached", 0)),
    )


def beside_naive(says: str) -> Headline:
    """A rate's headline with the usual figure beside it, which leaves out what is open and late."""
    honest = rate(says)

    def headline(answer: Answer, target: Target | None) -> str | None:
        said, naive = honest(answer, target), answer.summary.get("naive_value")
        if said is None or formats.missing(naive):
            return said
        return said + _(" Without the open and late ones: {value}.", value=formats.percent(naive))

    return headline


def hand_offs(answer: Answer, _target: Target | None) -> str | None:
    """How often a case changes hands, and for how many it is too often."""
    told = answer.summary
    if formats.missing(told.get("mean")):
        return None
    return _(
        "{mean} changes of owner a complaint; {share} had more than two.",
        mean=formats.number(told["mean"], 1),
        share=formats.percent(told.get("value")),
    )


def lowest(words: str) -> Headline:
    """Which of several does worst, where enough was counted to say so."""

    def headline(answer: Answer, _target: Target | None) -> str | None:
        rows = answer.frame[answer.frame["value"].notna()].sort_values("value")
        if rows.empty:
            return None
        first = rows.iloc[0]
        name = word(words, "none" if formats.missing(first["key"]) else first["key"])
        gaps = {"name": name, "value": formats.percent(first["value"])}
        return _("Lowest: {name}, {value} of {n}.", n=int(first["denominator"]), **gaps)

    return headline


def overrun(answer: Answer, _target: Target | None) -> str | None:
    """How far past the deadline the late ones are."""
    told = answer.summary
    if not told.get("count"):
        return None
    return _(
        "{count} were late: half of them by more than {median}, the worst by {worst}.",
        count=formats.number(told["count"]),
        median=formats.hours(told.get("median_hours")),
        worst=formats.hours(told.get("max_hours")),
    )
