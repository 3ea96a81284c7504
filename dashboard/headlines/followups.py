"""Headlines of the callbacks: where they are lost, when customers answer, whom to listen to."""

from itertools import pairwise

from dashboard import formats
from dashboard.headlines.base import Headline
from dashboard.headlines.changes import judged, rate
from dashboard.headlines.comparing import ENOUGH, named
from dashboard.i18n import _
from dashboard.words import word
from data.lookups import Target
from data.metrics import Answer


def funnel(answer: Answer, _target: Target | None) -> str | None:
    """How many of those due are completed, and at which step most are lost."""
    told = answer.summary
    if not told.get("due"):
        return None
    rows = answer.frame.to_dict("records")
    lost = {later["step"]: first["count"] - later["count"] for first, later in pairwise(rows)}
    step = max(lost, key=lambda name: lost[name], default="due")
    return _(
        "Of {due} due, {completed} were completed and {on_time} of these in time; most are lost "
        "before “{step}”.",
        due=formats.number(told["due"]),
        completed=formats.number(told["completed"]),
        on_time=formats.number(told["on_time"]),
        step=word("step", step),
    )


def reach(answer: Answer, _target: Target | None) -> str | None:
    """When customers answer best, and worst, where enough was tried to say so."""
    rows = answer.frame[answer.frame["denominator"] >= ENOUGH].sort_values("value")
    if rows.empty:
        return None
    worst, best = rows.iloc[0], rows.iloc[-1]
    return _(
        "Best reached: {best_day} from {best_hour}:00, {best}; worst: {worst_day} from "
        "{worst_hour}:00, {worst}.",
        best_day=word("weekday", int(best["weekday"])),
        best_hour=int(best["hour"]),
        best=formats.percent(best["value"], 0),
        worst_day=word("weekday", int(worst["weekday"])),
        worst_hour=int(worst["hour"]),
        worst=formats.percent(worst["value"], 0),
    )


def load(answer: Answer, _target: Target | None) -> str | None:
    """How much is overdue and ahead, and how much can be called in a day."""
    told = answer.summary
    return _(
        "{overdue} overdue now, {due} planned for the days ahead; {agents} agents can make "
        "{capacity} calls a day.",
        overdue=formats.number(told["overdue"]),
        due=formats.number(told["due"]),
        agents=formats.number(told["agents"]),
        capacity=formats.number(told["capacity"]),
    )


def callers(answer: Answer, _target: Target | None) -> str | None:
    """Whose marks are too good or too bad for chance, and whether their calls are too short."""
    if answer.frame.empty:
        return None
    out = answer.frame[answer.frame["signal"].notna()]
    if out.empty:
        return _("Nobody's marks stand apart from their store's by more than chance.")
    first = out.sort_values("short_full_marks", ascending=False).iloc[0]
    gaps = {
        "name": named(first, "agent"),
        "store": first["store"],
        "value": formats.percent(first["value"]),
        "n": formats.number(first["denominator"]),
    }
    if not first["short_full_marks"]:
        return _("{name} ({store}) stands apart: {value} content of {n}, no chance.", **gaps)
    return _(
        "{name} ({store}) stands apart: {value} content of {n}, {short} of them in less than a "
        "minute with full marks. Listen to some of these calls.",
        short=formats.number(first["short_full_marks"]),
        **gaps,
    )


def bounds(answer: Answer, _target: Target | None) -> str | None:
    """What is known of those who answered, and what that leaves open about everybody."""
    told = answer.summary
    if not told.get("answered"):
        return None
    return _(
        "{value} of {answered} who answered are content. {unreached} were not reached: of all, it "
        "may be anything from {low} to {high}.",
        value=formats.percent(told["value"]),
        answered=formats.number(told["answered"]),
        unreached=formats.number(told["unreached"]),
        low=formats.percent(told["low"], 0),
        high=formats.percent(told["high"], 0),
    )


def call_length(says: str) -> Headline:
    """A rate's headline, with the short calls with full marks and the calls of unknown length."""
    honest = rate(says)

    def headline(answer: Answer, target: Target | None) -> str | None:
        said, told = honest(answer, target), answer.summary
        if said and told["short_full_marks"]:
            short = formats.number(told["short_full_marks"])
            said += _(" {n} took less than a minute and have full marks.", n=short)
        if said and told["unknown"]:
            said += _(" Of {n} the length is unknown.", n=formats.number(told["unknown"]))
        return said

    return headline


def attempts(answer: Answer, target: Target | None) -> str | None:
    """How many tries a completed call takes, and how many took one."""
    told = answer.summary
    if not told.get("denominator"):
        return None
    fact = _(
        "{value} attempts for each completed call; {first} took a single one",
        value=formats.number(told["value"], 1),
        first=formats.percent(told["first_attempt_share"], 0),
    )
    return judged(answer, fact, "", target)
