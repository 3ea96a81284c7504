"""The record form: who answered, what they said, what was promised, what they complain about."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import forms, ids
from dashboard.i18n import _, language
from dashboard.icons import Icon
from dashboard.ids import Call
from dashboard.widgets import card, icon
from dashboard.widgets.parts import attributes
from dashboard.words import word
from data import windows
from data.churn import OnCall
from data.followups.sheet import Sheet
from data.models import CallResult, ComplaintCategory, LowReason, Question, Respondent, Severity
from pages.followup import staying
from pages.followup.choice import FORM, choice

STARS = ("1", "2", "3", "4", "5")
TEN = tuple(str(n) for n in range(11))
RETRY_HOURS = 3
UNREACHED = [result for result in CallResult if result is not CallResult.CONNECTED]


def form(
    sheet: Sheet,
    categories: Sequence[ComplaintCategory],
    as_of: datetime,
    away: OnCall | None = None,
) -> Component:
    """Both ways a try can end: reached, with the questionnaire; or not, with when to try again.

    `away`: the case of a customer who stays away, if the call is about one.
    """
    inside = [
        _ways(),
        html.Div(_reached(sheet, categories, as_of, away), className="way way-reached"),
        html.Div(_missed(sheet, as_of), className="way way-missed"),
        *(_hidden(name) for name in ("way", "started", "ended")),
    ]
    return card(_("The call"), html.Div(inside, className="record", role="group",
                **attributes(aria_label=_("The call"))), width="full")  # fmt: skip


def _ways() -> Component:
    """Reached or not; "reached" starts the clock."""
    reached = _way("reached", "R", "telephone-inbound", _("Reached"))
    missed = _way("missed", "M", "telephone-x", _("Not reached"))
    timer = html.Span("0:00", id=Call.CLOCK, className="call-clock", role="timer")
    return html.Div([reached, missed, timer], className="ways")


def _way(way: str, key: str, shape: Icon, said: str) -> Component:
    return html.Button(
        [icon(shape), said, html.Kbd(key)],
        type="button",
        className="btn btn-outline-primary btn-next",
        **attributes(data_way=way, data_key=key.lower(), aria_keyshortcuts=key),
    )


def _reached(
    sheet: Sheet, categories: Sequence[ComplaintCategory], as_of: datetime, away: OnCall | None
) -> list[Component]:
    whom = [(code, word("respondent", code)) for code in Respondent]
    return [
        choice("respondent", _("Who answers"), whom),
        *(staying.questions(away) if away else _contentment(sheet)),
        *([] if away and away.asks else [_comment()]),
        _promise(sheet, as_of),
        _complaint(categories),
        _actions(Call.RECORD, _("Save the call")),
    ]


def _comment() -> Component:
    return forms.area(FORM, "comment", _("In the customer's words"), rows=2)


def _contentment(sheet: Sheet) -> list[Component]:
    return [
        _low("overall", choice("overall", _("Content overall"), [(n, n) for n in STARS], STARS)),
        choice("nps", _("Would recommend us, 0 to 10"), [(n, n) for n in TEN], TEN),
        *_questions(sheet.questions),
    ]


def _questions(questions: Sequence[Question]) -> list[Component]:
    """The questions to put, and below a fold those that need not be put."""
    asked = [_question(question) for question in questions if question.required]
    more = [_question(question) for question in questions if not question.required]
    fold = forms.fold(_("More questions"), "list-ol", html.Div(more, className="questions"))
    return [html.Div(asked, className="questions"), *([fold] if more else [])]


def _question(question: Question) -> Component:
    low, _to, high = question.scale.partition("-")
    steps = tuple(str(n) for n in range(int(low), int(high) + 1))
    wording = question.wording_zh if language() == "zh" else question.wording
    name = f"q.{question.code}"
    return _low(name, choice(name, wording, [(step, step) for step in steps], steps))


def _low(name: str, asked: Component) -> Component:
    """A question with what is wanted to know when its answer is low."""
    reasons = [(code, word("low", code)) for code in LowReason]
    why = forms.select(FORM, f"{name}.reason", _("Why so low"), reasons)
    remark = forms.line(FORM, f"{name}.remark", _("Remark"))
    further = [why, remark] if name != "overall" else [why]
    return html.Div([asked, html.Div(further, className="why")], className="question")


def _promise(sheet: Sheet, as_of: datetime) -> Component:
    due = as_of + timedelta(days=1)
    return _fold(
        "promise",
        "p",
        _("Promise something"),
        "hand-thumbs-up",
        forms.line(FORM, "promise", _("What was promised")),
        forms.moment(FORM, "promise_due", _("By when"), due, sheet.store.zone),
    )


def _complaint(categories: Sequence[ComplaintCategory]) -> Component:
    severities = [(code, word("severity", code)) for code in Severity]
    return _fold(
        "complaint",
        "c",
        _("Open a complaint"),
        "flag",
        forms.select(FORM, "category", _("About"), _tree(categories)),
        forms.select(FORM, "severity", _("Severity"), severities, Severity.GENERAL),
        forms.area(FORM, "content", _("What happened, in the customer's words"), rows=3),
        html.Div(
            [
                html.Div(id=Call.KNOWN),
                dbc.Checklist(id=Call.USED, options=[], value=[]),
            ],
            className="known",
            **attributes(aria_live="polite"),
        ),
    )


def _fold(name: str, key: str, title: str, shape: Icon, *body: Component) -> Component:
    summary = html.Summary([icon(shape), html.Span(title), html.Kbd(key.upper())],
                           **attributes(data_key=key))  # fmt: skip
    return html.Details([summary, *body], className="fold", id=f"call-{name}")


def _tree(rows: Sequence[ComplaintCategory]) -> forms.Options:
    said = {row.id: row.name_zh if language() == "zh" else row.name for row in rows}
    return [
        (row.code, f"{said[row.parent_id]} › {said[row.id]}" if row.parent_id else said[row.id])
        for row in rows
    ]


def _missed(sheet: Sheet, as_of: datetime) -> list[Component]:
    again = _again(sheet, as_of)
    local = again.astimezone(ZoneInfo(sheet.store.zone)).strftime("%Y-%m-%dT%H:%M")
    results = [(code, word("result", code)) for code in UNREACHED]
    channels = [(code, word("channel", code)) for code in ("phone", "wechat", "sms")]
    return [
        choice("result", _("What came of the try"), results),
        forms.select(FORM, "channel", _("Tried by"), channels, "phone"),
        forms.moment(FORM, "next_try", _("When to try again"), again, sheet.store.zone),
        _hidden("proposed", local),
        forms.line(FORM, "note", _("Note")),
        _actions(Call.TRY, _("Save the try")),
    ]


def _again(sheet: Sheet, as_of: datetime) -> datetime:
    """Some hours from now, when the customer may be rung."""
    hours = sheet.rule.retry_hours if sheet.rule else RETRY_HOURS
    return windows.next_open(sheet.window, as_of + timedelta(hours=hours), sheet.store.zone)


def _actions(button: str, says: str) -> Component:
    made = html.Button(
        [says, html.Kbd("Ctrl + Enter")],
        id=button,
        type="button",
        className="btn btn-primary btn-next",
        **attributes(data_save="1"),
    )
    return html.Div(made, className="form-actions")


def _hidden(name: str, value: Any = "") -> Component:
    """What the browser notes by itself: it is kept and sent with everything else."""
    made: Component = dcc.Input(id=ids.field(FORM, name), type="hidden", value=value)
    return made
