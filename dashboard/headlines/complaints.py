"""Headlines of complaints: their age, their deadlines, their owners."""

from dashboard import formats
from dashboard.i18n import _
from data.lookups import Target
from data.metrics import Answer


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
