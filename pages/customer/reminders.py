"""What to remind the customer of: each date, whether a call is planned, and what can be done."""

from datetime import date, datetime, timedelta
from itertools import count, groupby
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, forms, ids, urls
from dashboard.i18n import _, several
from dashboard.icons import Icon
from dashboard.widgets import badge, card, icon, link
from dashboard.words import word
from data.customers.file import File
from data.customers.reminders import Reminder
from data.models import CareDate
from data.months import months_after
from pages.customer.cars import called

SOON, LONG_AGO = timedelta(days=30), timedelta(days=3650)
USUAL = {  # months until it is due again
    CareDate.INSURANCE: 12,
    CareDate.INSPECTION: 12,
    CareDate.SERVICE: 6,
}
ICONS: dict[CareDate, Icon] = {
    CareDate.INSURANCE: "shield-check",
    CareDate.INSPECTION: "clipboard-check",
    CareDate.SERVICE: "wrench-adjustable",
    CareDate.BIRTHDAY: "gift",
}


def card_of(file: File, as_of: datetime, *, may_write: bool) -> Component | None:
    """The card; None where nothing is left to remind anybody of."""
    if file.gone:
        return None
    found = [one for one in file.reminders if file.named or one.vehicle]
    groups = [
        _group(file, list(some), as_of, may_write)
        for _key, some in groupby(found, key=lambda one: one.vehicle and one.vehicle.id)
    ]
    return card(_("Reminders"), *groups, width="full")


def _group(file: File, some: list[Reminder], as_of: datetime, may_write: bool) -> Component:
    """The dates of one car, or of the person."""
    car = some[0].vehicle
    title = html.H3(called(car, named=file.named) if car else _("The person"))
    rows = [_row(file, one, as_of, may_write) for one in some]
    return html.Div([title, html.Ul(rows)], className="reminders")


def _row(file: File, one: Reminder, as_of: datetime, may_write: bool) -> Component:
    when = [html.Span(formats.day(one.day)), _left(one.day, file.today)] if one.day else None
    acts = _acts(file, one) if may_write else []
    return html.Li(
        [
            html.Div([icon(ICONS[one.care]), html.Span(word("care", one.care))], className="what"),
            html.Div(
                [
                    html.Div(when or html.Span(_("Not known"), className="note")),
                    html.Div(_call(file, one)),
                ],
                className="when",
            ),
            html.Div(acts, className="acts") if acts else None,
        ]
    )


def _left(day: date, today: date) -> Component:
    days = (day - today).days
    if days < 0:
        return badge(several("{n} day ago", "{n} days ago", n=-days), "bad")
    if days == 0:
        return badge(_("today"), "warn")
    soon = "warn" if day - today <= SOON else "quiet"
    return badge(several("in {n} day", "in {n} days", n=days), soon)


def _call(file: File, one: Reminder) -> Any:
    """Whether somebody is going to call about it."""
    if one.call is None:
        return html.Span(_no_call(one), className="note")
    if one.call.excluded:
        why = word("excluded", one.call.excluded)
        return html.Span(_("Not called: {reason}", reason=why), className="note")
    words = _("Callback {number}", number=one.call.number)
    open_to = any(call.open_to for call in file.calls if call.followup.id == one.call.id)
    shown = link(words, urls.followup(one.call.number, file.store.code)) if open_to else words
    if one.call.ended_at:
        return [shown, html.Span(word("followup", one.call.state), className="note")]
    by = formats.moment(one.call.due_at, file.store.zone, "short-moment")
    return [shown, html.Span(_("to be made by {moment}", moment=by), className="note")]


def _no_call(one: Reminder) -> str:
    if one.call_on:
        return _("A call is planned for {day}", day=formats.day(one.call_on))
    if one.day and one.rule and not one.rule.active:
        return _("No call planned: this reminder is switched off")
    return _("No call planned")


def _acts(file: File, one: Reminder) -> list[Component]:
    """Call now, if there is something to call about; and the next date."""
    of = one.vehicle.id if one.vehicle else 0
    acts = [_now(one.care, of)] if one.day and not one.call and _wanted(file, one) else []
    return [*acts, _next(one, of, file.today)] if one.vehicle else acts


def _wanted(file: File, one: Reminder) -> bool:
    car = one.vehicle
    return not (file.customer.do_not_call or (car and (car.fleet or car.internal)))


def _now(care: str, of: int) -> Component:
    name = f"call.{care}.{of}"
    return forms.form(name, says=_("Call now"), saves=ids.customer_save(name))


def _next(one: Reminder, of: int, today: date) -> Component:
    name = f"date.{one.care}.{of}"
    usual = _again(one.day or today, USUAL[one.care], today)
    field = forms.day(name, "day", _("New date"), usual, least=today - LONG_AGO)
    form = forms.form(name, field, says=_("Save"), saves=ids.customer_save(name))
    return forms.fold(_("Done, new date") if one.day else _("Note the date"), "calendar-check",
                      form)  # fmt: skip


def _again(day: date, months: int, today: date) -> date:
    """The next time it is usually due: as often after the last as it takes to lie ahead."""
    times = next(n for n in count(1) if months_after(day, n * months) > today)
    return months_after(day, times * months)
