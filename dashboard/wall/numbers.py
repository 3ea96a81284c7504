"""A metric as one large number, judged in the same words as on the other pages."""

from dashboard import formats, headlines
from dashboard.figures.base import FEW
from dashboard.headlines import signals
from dashboard.i18n import _
from dashboard.wall.asking import Asked
from dashboard.wall.parts import Number
from data.lookups import Target
from data.metrics import Answer, Metric

TONES = {"better": "good", "worse": "bad"}


def measured(label: str, metric: Metric, asked: Asked) -> Number:
    """The value of `metric` against its target, and whether it really changes."""
    answer, target = asked.answer(metric), asked.targets.get(metric.code)
    if answer is None:
        return _failed(label)
    value = answer.summary.get("value")
    if formats.missing(value) or value is None:
        return Number(label=label, shown=formats.NOTHING, judged=_("Nothing counted yet"))
    judged, tone = _judged(value, metric.unit, target)
    arrow, change, change_tone = _changed(answer, target)
    few = (answer.summary.get("denominator") or FEW) < FEW
    return Number(
        label=label,
        shown=formats.measure(value, metric.unit),
        tone="quiet" if few else tone,
        judged=judged,
        arrow=arrow,
        change=change,
        change_tone=change_tone,
        counted=_counted(answer),
    )


def counted(label: str, metric: Metric, key: str, asked: Asked, alarm: str = "") -> Number:
    """A count of `metric`'s summary; of one that should be nought any above it is an `alarm`."""
    if asked.answer(metric) is None:
        return _failed(label)
    value = asked.told(metric, key)
    if value is None:
        return Number(label=label, shown=formats.NOTHING, judged=_("Nothing counted yet"))
    judged = (_("Needs action") if value else _("None")) if alarm else ""
    tone = (alarm if value else "good") if alarm else "quiet"
    return Number(label=label, shown=formats.number(value), tone=tone, judged=judged)


def _failed(label: str) -> Number:
    return Number(label=label, shown=formats.NOTHING, judged=_("Could not be worked out"))


def _judged(value: float, unit: str, target: Target | None) -> tuple[str, str]:
    if target is None:
        return "", "quiet"
    aim = formats.aim(target.value, unit)
    if target.met(value):
        return _("Target {value} met", value=aim), "good"
    return _("Target {value} missed", value=aim), "bad"


def _changed(answer: Answer, target: Target | None) -> tuple[str, str, str]:
    """An arrow, the word for it, and its tone; an arrow only where a change is real."""
    if "signal" not in answer.frame:
        return "", "", "quiet"
    change = headlines.change(answer, target)
    words = {
        "better": _("Really better"),
        "worse": _("Really worse"),
        "change": _("Really changed"),
        "same": _("No real change"),
        "early": _("Too early to tell"),
        "few": _("Too few to tell a change"),
    }
    arrow = ""
    if change in ("better", "worse", "change"):
        arrow = "▲" if signals.rises(signals.judged(answer)) else "▼"
    return arrow, words[change], TONES.get(change, "quiet")


def _counted(answer: Answer) -> str:
    told = answer.summary
    if not told.get("denominator"):
        return ""
    of = formats.number(told["denominator"])
    if "numerator" not in told:
        return _("n = {n}", n=of)
    part = formats.number(told["numerator"])
    return _("{numerator} of {denominator}", numerator=part, denominator=of)
