"""What was between us: calls and answers, complaints, promises, winning back, repair orders."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard import formats, urls
from dashboard.i18n import _, language
from dashboard.widgets import badge, link
from dashboard.words import SEVERITY_TONES, word
from data.customers.file import Call, File
from data.models import ChurnCase, Complaint, Promise, RepairOrder, SurveyResponse
from data.person import Person, Right
from pages.customer.parts import day, list_card

STATES = {"completed": "good", "planned": "info", "due": "warn", "cancelled": "quiet"}
CASES = {"new": "warn", "resolved": "good"}
ENDS = {"won_back": "good", "returned": "good", "lost": "bad"}


def cards(file: File, reader: Person, as_of: datetime) -> list[Component | None]:
    """A card for each kind of which there is something."""
    rings = reader.may(Right.RECORD_FOLLOWUPS)
    sees = reader.may(Right.SEE_FIGURES)
    return [
        list_card(_("Complaints"), [_case(file, one, sees) for one in file.complaints]),
        list_card(_("Promises"), [_promise(file, one, as_of) for one in file.promises]),
        list_card(_("Winning back"), [_churn(file, one, sees) for one in file.churn]),
        list_card(_("Callbacks and answers"), [_call(file, one, rings) for one in file.calls]),
        list_card(_("Repair orders"), [_order(one) for one in file.orders]),
    ]


def _call(file: File, one: Call, rings: bool) -> Component:
    task, chinese = one.followup, language() == "zh"
    rule = one.rule and (one.rule.name_zh if chinese else one.rule.name)
    number = _("Callback {number}", number=task.number)
    opens = rings and one.open_to
    said = one.response
    comment = said.comment if said and file.named else None
    return html.Li(
        [
            day(task.due_on),
            link(number, urls.followup(task.number, file.store.code)) if opens else number,
            html.Span(rule or _("Without a rule")),
            badge(word("followup", task.state), STATES.get(task.state, "bad")),
            *([html.Span(words) for words in _scores(said)] if said else []),
            html.P(comment, className="said") if comment else None,
        ]
    )


def _scores(said: SurveyResponse) -> list[str]:
    scores = [
        _("overall {score} of 5", score=said.overall) if said.overall else "",
        _("would recommend {score} of 10", score=said.nps) if said.nps is not None else "",
    ]
    return [one for one in scores if one]


def _case(file: File, one: Complaint, sees: bool) -> Component:
    about = file.categories.get(one.category_id or 0)
    name = about and (about.name_zh if language() == "zh" else about.name)
    severity = one.severity or "unjudged"
    number = _("Complaint {number}", number=one.number)
    content = one.content if file.named else None
    return html.Li(
        [
            day(one.opened_on),
            link(number, urls.complaint(one.number, file.store.code)) if sees else number,
            badge(word("severity", severity), SEVERITY_TONES.get(severity, "quiet")),
            badge(word("state", one.state), CASES.get(one.state, "quiet")),
            html.Span(name or one.category_words),
            html.P(content, className="said") if content else None,
        ]
    )


def _promise(file: File, one: Promise, as_of: datetime) -> Component:
    late = badge(_("Late"), "bad") if one.due_at < as_of else badge(_("Open"), "warn")
    words = one.words if file.named else ""
    due = formats.moment(one.due_at, file.store.zone)
    return html.Li(
        [
            badge(_("Kept"), "good") if one.kept_at else late,
            html.Span(_("{words}, by {due}", words=words, due=due) if words else due),
        ]
    )


def _churn(file: File, one: ChurnCase, sees: bool) -> Component:
    selected = one.selected_at.astimezone(ZoneInfo(file.store.zone)).date()
    title = _("Case {number}", number=one.id)
    return html.Li(
        [
            day(selected),
            link(title, urls.churn_case(one.id)) if sees else title,
            badge(word("step", one.state), ENDS.get(one.state, "info")),
            html.Span(word("reason", one.reason)) if one.reason else None,
        ]
    )


def _order(one: RepairOrder) -> Component:
    driven = f"{formats.number(one.odometer_km)} km" if one.odometer_km else None
    return html.Li(
        [
            day(one.opened_on),
            html.Span(one.number),
            html.Span(word("work", one.kind)) if one.kind else None,
            badge(_("Repeat repair"), "warn") if one.rework else None,
            html.Span(driven, className="note") if driven else None,
            html.Span(formats.money(one.total_fen), className="amount") if one.total_fen else None,
        ]
    )
