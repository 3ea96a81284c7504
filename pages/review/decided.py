"""Decisions: last week's, ticked as done or moved; this week's, with who and until when."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, forms, ids, urls
from dashboard.i18n import _
from dashboard.widgets import badge, link
from dashboard.words import word
from data.models import Employee
from data.person import Person, Right
from data.reviews import Decision, Minutes

USUAL_DAYS = 7


def old_ones(minutes: Minutes, person: Person) -> list[Any]:
    """What was decided the week before, and what became of it."""
    if minutes.before is None:
        return [html.P(_("There was no review the week before."), className="note")]
    if not minutes.decided_before:
        return [html.P(_("Nothing was decided the week before."), className="note")]
    done = sum(one.row.done_at is not None for one in minutes.decided_before)
    lead = _("{done} of {n} are done.", done=done, n=len(minutes.decided_before))
    rows = [_old(minutes, one, person) for one in minutes.decided_before]
    return [html.P(lead), html.Ul(rows, className="review-list")]


def new_ones(minutes: Minutes, person: Person) -> list[Any]:
    """What is decided now, and the form for one more."""
    open_ = minutes.review is not None and not minutes.closed
    rows = [_new(minutes, one, person, open_=open_) for one in minutes.decisions]
    none = html.P(_("Nothing is decided yet."), className="note")
    form = [_add(minutes, person)] if open_ and person.may(Right.PREPARE_REVIEW) else []
    return [html.Ul(rows, className="review-list") if rows else none, *form]


def doing(*folds: Component) -> Component | None:
    """What can be done about one line, side by side."""
    return html.Div(list(folds), className="review-do") if folds else None


def versioned(form: str, version: int) -> Component:
    """The version that the form was opened with, sent along with it."""
    return dcc.Input(id=ids.field(form, "version"), type="hidden", value=str(version))


def owner_and_day(
    form: str, minutes: Minutes, owner_id: int | None, due_on: date | None, today: date
) -> list[Component]:
    """The fields for who does it, and until when."""
    people = [(one.id, _person(one)) for one in minutes.people]
    due = due_on or today + timedelta(days=USUAL_DAYS)
    return [
        forms.select(form, "owner", _("Who"), people, owner_id),
        forms.day(form, "due_on", _("Until"), due, least=min(today, due)),
    ]


def _person(one: Employee) -> str:
    return _("{name} · {role}", name=one.name, role=word("job", one.role))


def _old(minutes: Minutes, one: Decision, person: Person) -> Component:
    row = one.row
    folds: list[Component] = []
    if row.done_at is None and person.may(Right.PREPARE_REVIEW):
        folds.append(_button(f"tick-{row.id}", row.version, _("Mark as done")))
    if row.done_at is None and person.may(Right.DECIDE_REVIEW):
        form = f"move-{row.id}"
        made = forms.form(
            form,
            versioned(form, row.version),
            forms.day(form, "due_on", _("Until"), None, least=_today(minutes)),
            forms.line(form, "reason", _("Why it is put off")),
            says=_("Put off"),
            saves=ids.review_save(form),
        )
        folds.append(forms.fold(_("Put off"), "calendar-plus", made))
    return html.Li([_line(minutes, one, _stands(minutes, one)), doing(*folds)])


def _stands(minutes: Minutes, one: Decision) -> Component:
    row = one.row
    if row.done_at is not None:
        day = formats.day(row.done_at.astimezone(ZoneInfo(minutes.store.zone)).date(), "short")
        return badge(_("Done on {day}", day=day), "good")
    if row.due_on is not None and row.due_on < _today(minutes):
        return badge(_("Overdue"), "bad")
    return badge(_("Not done yet"), "warn")


def _new(minutes: Minutes, one: Decision, person: Person, *, open_: bool) -> Component:
    row = one.row
    folds: list[Component] = []
    may = open_ and person.may(Right.DECIDE_REVIEW)
    if may:
        folds.append(_give(minutes, one))
    if open_ and person.may(Right.PREPARE_REVIEW):
        folds.append(_reword(one))
    if may and row.owner_id and not row.action_id:
        folds.append(_button(f"act-{row.id}", row.version, _("Make it an action")))
    if open_ and person.may(Right.PREPARE_REVIEW):
        folds.append(_button(f"drop-{row.id}", row.version, _("Drop it")))
    half = badge(_("Who, and until when?"), "warn") if not row.owner_id else None
    return html.Li([_line(minutes, one, half), doing(*folds)])


def _line(minutes: Minutes, one: Decision, standing: Component | None) -> Component:
    """The words of a decision, who and until when, what it is about, and how it stands."""
    row, store = one.row, minutes.store.code
    facts: list[Any] = [html.Strong(row.words, className="review-words")]
    if one.owner is not None:
        due = formats.day(row.due_on, "short")
        facts.append(html.Span(_("{owner}, until {due}", owner=one.owner.name, due=due)))
    if one.complaint is not None:
        facts.append(link(one.complaint.number, urls.complaint(one.complaint.number, store)))
    if one.action is not None:
        facts.append(link(one.action.number, urls.improvement(one.action.number, store)))
    return html.Div([*facts, standing], className="review-line")


def _button(form: str, version: int, says: str) -> Component:
    """A form without fields: its button alone."""
    made = forms.form(form, versioned(form, version), says=says, saves=ids.review_save(form))
    return html.Div(made, className="review-button")


def _give(minutes: Minutes, one: Decision) -> Component:
    row, form = one.row, f"give-{one.row.id}"
    made = forms.form(
        form,
        versioned(form, row.version),
        *owner_and_day(form, minutes, row.owner_id, row.due_on, _today(minutes)),
        says=_("Assign"),
        saves=ids.review_save(form),
    )
    return forms.fold(_("Who and until when"), "person-check", made)


def _reword(one: Decision) -> Component:
    form = f"reword-{one.row.id}"
    made = forms.form(
        form,
        versioned(form, one.row.version),
        forms.area(form, "words", _("What is decided"), value=one.row.words, rows=2),
        says=_("Keep these words"),
        saves=ids.review_save(form),
    )
    return forms.fold(_("Word it anew"), "pencil", made)


def _add(minutes: Minutes, person: Person) -> Component:
    """The form for a decision; who may only prepare gives its words alone."""
    form, today = "decide", _today(minutes)
    about = [(row["id"], row["number"]) for row in minutes.late]
    who = owner_and_day(form, minutes, None, None, today)
    return html.Div(
        forms.form(
            form,
            forms.area(form, "words", _("What is decided"), rows=2),
            *(who if person.may(Right.DECIDE_REVIEW) else []),
            *([forms.select(form, "complaint", _("About a complaint"), about)] if about else []),
            says=_("Add the decision"),
            saves=ids.review_save(form),
        ),
        className="review-add",
    )


def _today(minutes: Minutes) -> date:
    return minutes.as_of.astimezone(ZoneInfo(minutes.store.zone)).date()
