"""The inside of an action's page, drawn anew after each save."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, urls
from dashboard.i18n import _, language, several
from dashboard.ids import ActionFile
from dashboard.widgets import badge, card, icon, link, page_head
from dashboard.words import ACTION_TONES, WORDS, word
from data import improvements
from data.improvements import File
from data.lookups import Session
from data.models import ImprovementState
from data.moves import IMPROVEMENT_MOVES, UNDONE, possible
from data.person import Person
from pages.improvement import concerned, told
from pages.improvement.effect import effect, trend
from pages.improvement.moves import Workbench, side

Facts = Sequence[tuple[str, Any]]


def body(session: Session, file: File, person: Person, *, as_of: datetime) -> list[Any]:
    """Everything on the page of the action in `file` for `person`."""
    row = file.row
    choices = improvements.choices(session, row.store_id)
    bench = Workbench(file=file, choices=choices, as_of=as_of)
    moves = possible(person, row.state, IMPROVEMENT_MOVES)
    main = [
        effect(file),
        *concerned.again(file, moves),
        *trend(session, file, as_of),
        concerned.complaints(file, person, moves),
        *_training(file),
        *told.deadlines(file),
        told.history(file),
    ]
    return [
        dcc.Store(id=ActionFile.ID, data=row.id),
        dcc.Store(id=ActionFile.VERSION, data=row.version),
        _head(file, bench.today),
        html.Div(id=ActionFile.CLASH, role="alert"),
        html.Div(
            [
                html.Div(main, className="case-main"),
                html.Aside([*side(bench, moves), _about(file)], className="case-side"),
            ],
            className="case-columns",
        ),
    ]


def _head(file: File, today: date) -> Component:
    row = file.row
    lead = html.Span(
        [
            badge(word("action_state", row.state), ACTION_TONES[row.state]),
            html.Span(standing(file, today)),
            html.Span(row.number),
            html.Span(file.store.name),
        ],
        className="case-lead",
    )
    back = link([icon("arrow-left"), _("All actions")], urls.improvements(), className="back")
    return html.Div([back, page_head(row.title, lead=lead)])


def standing(file: File, today: date) -> str:
    """Who has it and until when, or since when it is done."""
    row, name = file.row, file.owner.name
    if row.state not in UNDONE:
        return _ended(file)
    due = _("{name} is to finish it by {day}", name=name, day=formats.day(row.due_on))
    late = (today - row.due_on).days
    if late <= 0:
        return due
    return due + several(": {n} day late", ": {n} days late", n=late)


def _ended(file: File) -> str:
    row, zone = file.row, ZoneInfo(file.store.zone)
    if row.state == ImprovementState.CANCELLED:
        day = row.cancelled_at and row.cancelled_at.astimezone(zone).date()
        return _("called off {day}", day=formats.day(day))
    day = row.done_at and row.done_at.astimezone(zone).date()
    return _("{name} finished it on {day}", name=file.owner.name, day=formats.day(day))


def _about(file: File) -> Component:
    row, zone = file.row, file.store.zone
    facts: Facts = (
        (_("Kind of action"), word("kind", row.kind)),
        (_("Owner"), file.owner.name),
        (_("Root cause"), row.cause),
        (_("Aimed at"), _aim(file)),
        (_("Adviser"), file.adviser and file.adviser.name),
        (_("Technician"), file.technician and file.technician.name),
        (_("Opened on"), formats.moment(row.created_at, zone)),
        (_("First deadline"), formats.day(row.original_due_on)),
        (_("Begun"), row.started_at and formats.moment(row.started_at, zone)),
        (_("Carried out"), row.done_at and formats.moment(row.done_at, zone)),
        (_("Verified"), row.verified_at and formats.moment(row.verified_at, zone)),
        (_("Taken up again"), formats.number(row.reopened) if row.reopened else None),
    )
    return card(_("About the action"), _facts(facts), width="full")


def _aim(file: File) -> str | None:
    row = file.row
    if file.category:
        return file.category.name_zh if language() == "zh" else file.category.name
    if row.churn_reason:
        return word("reason", row.churn_reason)
    return word("dimension", row.dimension) if row.dimension else None


def _training(file: File) -> list[Component]:
    said = file.row.training
    if not said:
        return []
    facts = [(word("six_w", code), said.get(code)) for code in WORDS["six_w"]]
    return [card(_("The training"), _facts(facts), width="full")]


def _facts(facts: Facts) -> Component:
    known = [(label, value) for label, value in facts if value]
    return html.Dl(
        [part for label, value in known for part in (html.Dt(label), html.Dd(value))],
        className="facts",
    )
