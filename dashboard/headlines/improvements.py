"""What the figures of improvement actions say in words."""

from dashboard import formats
from dashboard.i18n import _
from data.lookups import Target
from data.metrics import Answer

UNDONE = ("open", "in_progress", "not_effective")


def status(answer: Answer, _target: Target | None) -> str | None:
    """How many are under way, and how many of them are late."""
    told = answer.summary
    if not told["total"]:
        return None
    under_way = sum(told[state] for state in UNDONE)
    gaps = {"n": formats.number(under_way), "late": formats.number(told["overdue"])}
    if told["overdue"]:
        return _("{n} are under way, {late} of them past their deadline.", **gaps)
    return _("{n} are under way, none past its deadline.", **gaps)


def slippage(answer: Answer, _target: Target | None) -> str | None:
    """How many deadlines were moved, and by how much."""
    told = answer.summary
    if not told["put_off"]:
        return None
    gaps = {
        "n": formats.number(told["put_off"]),
        "of": formats.number(told["actions"]),
        "days": formats.number(told["median_days"]),
    }
    return _("{n} of {of} deadlines were put off, half of them by {days} days or more.", **gaps)


def effects(answer: Answer, _target: Target | None) -> str | None:
    """How many helped, how many did not, and of how many it is not known yet."""
    told = answer.summary
    if not told["done"]:
        return None
    return _(
        "{effective} helped, {not_effective} did not, {not_yet_proven} are not proven yet.",
        **{
            verdict: formats.number(told[verdict])
            for verdict in ("effective", "not_effective", "not_yet_proven")
        },
    )


def time_to_action(answer: Answer, _target: Target | None) -> str | None:
    """How long it takes from the first complaint to the action, and to its being done."""
    told = answer.summary
    if told["median_to_action"] is None:
        return None
    gaps = {"days": formats.number(told["median_to_action"])}
    if told["median_to_done"] is None:
        return _("Half of the actions came within {days} days of the first complaint.", **gaps)
    return _(
        "Half of the actions came within {days} days of the first complaint; half of those done "
        "took {done} days more.",
        done=formats.number(told["median_to_done"]),
        **gaps,
    )


def informed(answer: Answer, _target: Target | None) -> str | None:
    """How many of those who complained know what has been done."""
    told = answer.summary
    if not told["denominator"]:
        return None
    gaps = {"value": formats.percent(told["value"]), "n": formats.number(told["denominator"])}
    return _("{value} of {n} customers were told what was done.", **gaps)
