"""Working calendars: the week, the days that differ from it, and how far they are known."""

from datetime import date
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, forms, sessions
from dashboard.i18n import _, language, several
from dashboard.ids import Admin
from dashboard.widgets import badge, card
from dashboard.words import WORDS, word
from data import db, settings
from data.clock import chinese_loaded_until
from data.lookups import Session
from data.person import Person, Right
from data.scope import Scope
from data.settings import Day, Known
from pages.admin import parts

PATH = "/admin/calendars"
NAME = "Working calendars"
RIGHT = Right.ADMINISTER
SOON_DAYS = 60


def layout(*, scope: Scope) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        return html.Div(body(session, person, scope), id=Admin.BODY, className="admin")


def body(session: Session, person: Person, scope: Scope) -> list[Any]:
    """Everything on the page."""
    lead = _("When stores work. Deadlines already set stay as they are.")
    main, side = [], []
    for calendar in settings.calendars(session):
        main += [_until(calendar, scope.today), _week(calendar), _days(calendar, scope.today)]
        side.append(_differs(calendar, scope.today))
    side.append(parts.history(session, scope.zone, "calendar"))
    return parts.page(_(NAME), lead, main, side)


def _until(calendar: Known, today: date) -> Component:
    """How far the holidays are known, and loading another year."""
    until = calendar.loaded_until
    if until is None or until < today:
        tone, said = "bad", _("Not known for today")
    elif (until - today).days <= SOON_DAYS:
        tone, said = "warn", _("Ends on {day}", day=formats.day(until))
    else:
        tone, said = "good", _("Known until {until}", until=formats.day(until))
    stores = several("{n} store goes by it", "{n} stores go by it", n=len(calendar.stores))
    title = _("Calendar {code}", code=calendar.code)
    return card(
        title, html.P(stores, className="note"), _load(calendar, today), width="full",
        actions=badge(said, tone),
    )  # fmt: skip


def _load(calendar: Known, today: date) -> Component:
    name = f"calendars.load.{calendar.code}"
    year = (calendar.loaded_until or today).year + 1
    known = chinese_loaded_until()
    warn = calendar.country == "CN" and year > known.year
    note = _(
        "The State Council's notice for {year} did not come with this version, which knows those "
        "up to {known}: what follows then is an estimate without make-up days. Check it, and enter "
        "the make-up days, before you load the year.",
        year=year,
        known=known.year,
    )
    tick = [("yes", _("Checked against the notice, make-up days entered"))]
    return parts.form(
        name,
        calendar.version,
        html.P([badge(_("Estimate"), "warn"), " ", note], className="note") if warn else None,
        forms.day(name, "until", _("Known until"), date(year, 12, 31), least=today),
        forms.ticks(name, "estimated", "", tick, []) if warn else None,
        says=_("Load it"),
    )


def _week(calendar: Known) -> Component:
    name = f"calendars.week.{calendar.code}"
    fields = [
        forms.line(name, day, word("weekday", day), _hours(calendar.week.get(day, [])))
        for day in WORDS["weekday"]
    ]
    hint = _("Opening hours by the store's clocks, as 08:30-12:00, 13:30-18:00; empty: day off.")
    grid = html.Div(fields, className="admin-grid")
    form = parts.form(name, calendar.version, grid, says=_("Save the week"))
    return card(_("The week"), html.P(hint, className="note"), form, width="full")


def _days(calendar: Known, today: date) -> Component:
    """The days from today to the end of the next year that are not as their weekday."""
    years = [_year(calendar, year, today) for year in (today.year, today.year + 1)]
    return card(_("Days to come that differ from the week"), *years, width="full")


def _year(calendar: Known, year: int, today: date) -> Component:
    days = [day for day in calendar.days(year, language=language()) if day.day >= today]
    rows = [_day_row(calendar, day) for day in days]
    unsure = calendar.country == "CN" and year > chinese_loaded_until().year
    sign = badge(_("Estimate"), "warn") if unsure else None
    summary = [html.Span(str(year), className="admin-name"), sign]
    heads = (_("Day"), _("Weekday"), _("Worked?"), _("Why"), "")
    shown = parts.table(heads, rows) if rows else html.P(_("Nothing differs"), className="note")
    return html.Details(
        [html.Summary(summary), shown],
        className="admin-item",
        open=year == today.year,
    )


def _day_row(calendar: Known, day: Day) -> list[Any]:
    stands = badge(_("Working day"), "info") if day.working else badge(_("Day off"), "quiet")
    name = f"calendars.drop.{calendar.code}:{day.day.isoformat()}"
    drop = parts.form(name, calendar.version, says=_("As usual"))
    why = day.reason or _("Make-up working day")
    weekday = word("weekday", day.day.weekday())
    return [formats.day(day.day), weekday, stands, why, drop if day.own else None]


def _differs(calendar: Known, today: date) -> Component:
    name = f"calendars.day.{calendar.code}"
    kinds = [("closed", _("Day off")), ("worked", _("Working day"))]
    form = parts.form(
        name,
        calendar.version,
        forms.day(name, "day", _("Day"), None, least=today),
        forms.select(name, "kind", _("On this day"), kinds, "closed"),
        forms.line(name, "reason", _("Why")),
        says=_("Note the day"),
    )
    title = _("A day that differs ({code})", code=calendar.code)
    return card(title, form, width="full")


def _hours(hours: list[list[str]]) -> str:
    return ", ".join("-".join(part) for part in hours)
