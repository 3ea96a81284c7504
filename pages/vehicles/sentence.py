"""Which vehicles these are, in a sentence."""

from datetime import date

from dashboard import formats
from dashboard.i18n import _
from dashboard.words import word
from data.metrics.retention.narrowing import month_or_quarter
from data.months import month_start
from data.scope import Scope

WORDS = ("class", "visits", "away", "age", "warranty")


def which(scope: Scope) -> str:
    """What the scope's drill narrows the vehicles to."""
    said = [*_cohort(scope), *_month(scope), *_before(scope), *_coded(scope), *_lately(scope)]
    return " ".join(said or [_("All vehicles that were ever seen by the data time.")])


def _cohort(scope: Scope) -> list[str]:
    found = [found for value in scope.asked("cohort") if (found := month_or_quarter(value))]
    if not found:
        return []
    number, months = found[0]
    began = {"cohort": _period(number, months)}
    first = (
        _("Cars sold in {cohort}.", **began)
        if "sale" in scope.asked("began")
        else _("Vehicles that came for the first time in {cohort}.", **began)
    )
    return [first, *_cell(scope, number, months)]


def _cell(scope: Scope, cohort: int, months: int) -> list[str]:
    asked = _first(scope, "cell")
    if not asked.isdecimal() or len(asked) > 3:
        return []
    then = {"period": _period(cohort + int(asked), months)}
    rolling, missing = _first(scope, "mode") == "rolling", _first(scope, "came") == "no"
    if missing and rolling:
        return [_("Of them, those that came neither in {period} nor later.", **then)]
    if missing:
        return [_("Of them, those that did not come in {period}.", **then)]
    if rolling:
        return [_("Of them, those that came in {period} or later.", **then)]
    return [_("Of them, those that came in {period}.", **then)]


def _month(scope: Scope) -> list[str]:
    found = month_or_quarter(_first(scope, "month"))
    if found is None:
        return []
    return [_("Vehicles that came in {month}, and not since.", month=_period(*found))]


def _before(scope: Scope) -> list[str]:
    if not (scope.asked("age") or scope.asked("warranty")):
        return []
    return [_("Vehicles with a visit 13–24 months before the data time.")]


def _coded(scope: Scope) -> list[str]:
    """What is narrowed by a code: its name, and the word for it."""
    return [
        _("{name}: {value}.", name=word("filter", key), value=word(key, value))
        for key in WORDS
        for value in scope.asked(key)
    ]


def _lately(scope: Scope) -> list[str]:
    if scope.asked("cohort") and scope.asked("cell"):
        return []
    return {
        "yes": [_("Those that came in the last twelve months.")],
        "no": [_("Those that did not come in the last twelve months.")],
    }.get(_first(scope, "came"), [])


def _first(scope: Scope, key: str) -> str:
    return next(iter(scope.asked(key)), "")


def _period(number: int, months: int) -> str:
    first: date = month_start(number * months)
    return formats.period(first, "quarter" if months > 1 else "month")
