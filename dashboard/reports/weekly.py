"""The minutes of a weekly review (周例会) as a report, in the order of its agenda."""

from collections.abc import Sequence
from typing import Any

from dashboard import formats
from dashboard.i18n import _
from dashboard.reports import parts
from dashboard.reports.parts import Row
from dashboard.reports.shape import Report, Section, Table
from dashboard.words import word
from data.exporting import Column, Kind
from data.lookups import Session
from data.models import ImprovementKind
from data.reviews import Decision, Minutes, Shown
from data.reviews.numbers import scope_of

EVERY_KIND = tuple(ImprovementKind)


def weekly(session: Session, minutes: Minutes) -> Report:
    """The report on the week of `minutes`."""
    week = minutes.week
    return Report(
        title=_("Weekly review {week}", week=str(week)),
        about=_about(minutes),
        zone=minutes.store.zone,
        sections=(
            Section(_("Last week's decisions"), tables=(_decided(minutes.decided_before),)),
            Section(_("What really changed"), tables=(_numbers(minutes),)),
            Section(_("Late complaints"), tables=(_late(session, minutes),)),
            Section(_("Lost customers"), (_stake(minutes),), (_reasons(minutes),)),
            Section(_("New decisions"), tables=(_decided(minutes.decisions),)),
            Section(_("Corrective and preventive measures"), tables=(_measures(session, minutes),)),
        ),
    )


def _about(minutes: Minutes) -> list[str]:
    week, zone = minutes.week, minutes.store.zone
    days = _("{first} to {last}", first=formats.day(week.monday), last=formats.day(week.sunday))
    said = [_("{store} · {days}", store=minutes.store.name, days=days)]
    if minutes.closed and minutes.review and minutes.review.closed_at:
        at = formats.moment(minutes.review.closed_at, zone)
        said.append(_("Closed {moment}: these numbers are frozen.", moment=at))
    else:
        at = formats.moment(minutes.as_of, zone)
        said.append(_("Not closed: figures as of {moment}.", moment=at))
    if not minutes.over:
        said.append(_("This week is not over: its figures will change."))
    return said


def _decided(decisions: Sequence[Decision]) -> Table:
    columns = [
        Column("words", _("Decision")),
        Column("owner", _("Owner")),
        Column("due", _("Until"), Kind.DAY),
        Column("done", _("Done")),
    ]
    rows: list[Row] = [
        {
            "words": one.row.words,
            "owner": one.owner.name if one.owner else _("Nobody yet"),
            "due": one.row.due_on,
            "done": _("Yes") if one.row.done_at else _("No"),
        }
        for one in decisions
    ]
    return Table(_("Decisions"), columns, rows, _("Nothing was decided."))


def _numbers(minutes: Minutes) -> Table:
    columns = [
        Column("title", _("Indicator")),
        Column("value", _("Value")),
        Column("numerator", _("Of these"), Kind.NUMBER),
        Column("denominator", _("Counted"), Kind.NUMBER),
        Column("target", _("Target")),
        Column("then", _("Last week, frozen")),
        Column("now", _("Last week, now")),
        Column("late", _("By late entries")),
        Column("new", _("By new ones")),
    ]
    rows = [_number(shown) for shown in minutes.numbers]
    return Table(_("The numbers of the week"), columns, rows, _("Nothing was counted."))


def _number(shown: Shown) -> Row:
    number, said, compared = shown.number, shown.summary, shown.compared
    unit = number.unit
    row: Row = {
        "title": _(number.title),
        "value": formats.measure(said.get(number.value), unit),
        "numerator": said.get("numerator") if number.value == "value" else None,
        "denominator": said.get("denominator") if number.value == "value" else None,
        "target": formats.aim(shown.target.value, unit) if shown.target else "",
    }
    if compared is None:
        return row
    return row | {
        "then": formats.measure(compared.then.value, unit),
        "now": formats.measure(compared.now.value, unit),
        "late": moved(compared.by_late, unit),
        "new": moved(compared.by_new, unit),
    }


def moved(change: float | None, unit: str) -> str:
    """A change of a number: shares in points, all else in its unit; none is said plainly."""
    if change is None or formats.missing(change):
        return formats.NOTHING
    if abs(change) < 1e-9:
        return _("none")
    if unit == "share":
        return formats.points(change)
    return ("+" if change > 0 else "−") + formats.number(
        abs(change), 0 if float(change).is_integer() else 1
    )


def _late(session: Session, minutes: Minutes) -> Table:
    return parts.late_cases(session, _scope(minutes))


def _measures(session: Session, minutes: Minutes) -> Table:
    empty = _("No measures are open.")
    return parts.measures(session, _scope(minutes), _("Measures"), EVERY_KIND, empty)


def _scope(minutes: Minutes) -> Any:
    store, closed = minutes.store, minutes.review.closed_at if minutes.review else None
    return scope_of(store.code, store.zone, minutes.week, as_of=closed or minutes.as_of)


def _stake(minutes: Minutes) -> str:
    told = minutes.at_stake.summary
    return _(
        "{n} vehicles at risk, dormant or lost brought {yuan} in their last year.",
        n=formats.number(told.get("vehicles")),
        yuan=formats.yuan(told.get("value")),
    )


def _reasons(minutes: Minutes) -> Table:
    columns = [
        Column("name", _("Main reason")),
        Column("count", _("Customers"), Kind.NUMBER),
        Column("share", _("Share"), Kind.SHARE),
    ]
    rows = [{**row, "name": word("reason", row["key"])} for row in parts.rows_of(minutes.reasons)]
    counted = [row for row in rows if row["count"]]
    return Table(_("Why they stay away"), columns, counted, _("Nobody was asked this week."))
