"""One sentence a page: what is to be done, by whom, until when. Nobody is named in full."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dashboard import formats
from dashboard.figures.base import FEW
from dashboard.i18n import _, language, several
from dashboard.wall.asking import Asked
from dashboard.wall.parts import PRESSING, Advice
from dashboard.words import word
from data.metrics import followups, satisfaction


def on_complaints(asked: Asked) -> Advice:
    """The case that waits for an owner, is late, or will be next."""
    if n := asked.unowned.count:
        return _bad(
            several(
                "{n} complaint has no owner: the service manager names one today.",
                "{n} complaints have no owner: the service manager names one for each today.",
                n=n,
            )
        )
    if case := asked.late.first:
        late = formats.duration(_whole(asked.scope.as_of - case["close_due_at"]))
        said = {"number": case["number"], "topic": _topic(case), "late": late}
        return _bad(
            _(
                "Complaint {number} ({topic}) is {late} late: {owner} solves it today.",
                **said,
                owner=_owner(case),
            )
        )
    if case := asked.near.first:
        until = formats.moment(case["close_due_at"], asked.scope.zone, "short-moment")
        said = {"number": case["number"], "topic": _topic(case), "until": until}
        return _warn(
            _(
                "Complaint {number} ({topic}) is to be solved by {owner} until {until}.",
                **said,
                owner=_owner(case),
            )
        )
    return _good(_("No complaint is late or without an owner: nothing to decide today."))


def on_callbacks(asked: Asked) -> Advice:
    """The calls that were to be made already, or are due today."""
    if n := asked.told(followups.callback_load, "overdue"):
        return _warn(
            several(
                "{n} callback is past its time: the callback agents make it today.",
                "{n} callbacks are past their time: the callback agents make them today.",
                n=n,
            )
        )
    if n := asked.told(followups.callback_load, "today"):
        return _good(
            several(
                "{n} callback is still due: the callback agents make it before the day ends.",
                "{n} callbacks are still due: the callback agents make them before the day ends.",
                n=n,
            )
        )
    return _good(_("No callback is waiting: nothing to decide today."))


def on_improvements(asked: Asked) -> Advice:
    """The action that is most overdue, or due next."""
    if action := asked.overdue.first:
        days = (asked.scope.today - action["due_on"]).days
        said = {"number": action["number"], "topic": _aim(action), "owner": _owner(action)}
        return _bad(
            several(
                "Action {number} ({topic}) is {n} day overdue: {owner} finishes it today.",
                "Action {number} ({topic}) is {n} days overdue: {owner} finishes it this week.",
                n=days,
                **said,
            )
        )
    if action := asked.soon.first:
        said = {"number": action["number"], "topic": _aim(action), "owner": _owner(action)}
        until = formats.day(action["due_on"], "short")
        return _warn(
            _(
                "Action {number} ({topic}) is to be done by {owner} until {until}.",
                **said,
                until=until,
            )
        )
    return _good(_("No action is overdue or due this week: nothing to decide today."))


def on_satisfaction(asked: Asked) -> Advice:
    """The unhappy customers nobody wrote down, or the weakest of the fourteen dimensions."""
    if n := asked.told(satisfaction.hot_alerts, "open"):
        return _bad(
            several(
                "{n} unhappy customer has no complaint yet: quality opens it today.",
                "{n} unhappy customers have no complaint yet: quality opens them today.",
                n=n,
            )
        )
    weakest = _weakest(asked)
    if weakest is None:
        return _good(_("Too few answers for advice: the callback agents ask on."))
    monday = asked.scope.today + timedelta(days=7 - asked.scope.today.weekday())
    return _warn(
        _(
            "{dimension} is weakest, {value} content: the service manager proposes an action "
            "for Monday, {day}.",
            dimension=word("dimension", weakest["dimension"]),
            value=formats.percent(weakest["value"], 0),
            day=formats.day(monday, "short"),
        )
    )


def most_pressing(asked: Asked) -> Advice:
    """The worst of all, complaints first."""
    every = (on_complaints, on_improvements, on_satisfaction, on_callbacks)
    return min((one(asked) for one in every), key=lambda found: PRESSING.index(found.tone))


def _weakest(asked: Asked) -> Mapping[str, Any] | None:
    answer = asked.answer(satisfaction.dimension_scores)
    if answer is None:
        return None
    rows = answer.frame[answer.frame["denominator"] >= FEW]
    found: list[Mapping[str, Any]] = rows.sort_values("value").head(1).to_dict("records")  # type: ignore[assignment]
    return found[0] if found else None


def _whole(late: timedelta) -> timedelta:
    """Days alone, once there are some: nobody reads hours from four metres."""
    return timedelta(days=late.days) if late.days else late


def _owner(row: Mapping[str, Any]) -> str:
    return row["owner"] or _("the service manager")


def _topic(row: Mapping[str, Any]) -> str:
    found = row["category_name_zh" if language() == "zh" else "category_name"]
    return str(found or _("no category"))


def _aim(row: Mapping[str, Any]) -> str:
    """What an action is aimed at; its title may name people, so it stays off the wall."""
    if row["dimension"]:
        return word("dimension", row["dimension"])
    if row["reason"]:
        return word("reason", row["reason"])
    return _topic(row) if row["category_name"] else word("kind", row["kind"])


def _bad(text: str) -> Advice:
    return Advice(text=text, tone="bad")


def _warn(text: str) -> Advice:
    return Advice(text=text, tone="warn")


def _good(text: str) -> Advice:
    return Advice(text=text, tone="good")
