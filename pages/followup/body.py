"""The inside of a callback's page: before the call is over the form, afterwards what came of it."""

from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, forms, urls
from dashboard.i18n import _, language, later
from dashboard.ids import Call, Worklist
from dashboard.timeline import timeline
from dashboard.widgets import badge, card, icon, link, page_head
from dashboard.widgets.parts import attributes
from dashboard.words import word
from data.churn import of_followup
from data.followups import desk
from data.followups.sheet import Sheet
from data.lookups import Session
from data.moves import FOLLOWUP_MOVES, possible
from data.person import Person
from pages.followup import answers, file, form, script

TONES = {"completed": "good", "planned": "info", "due": "warn", "cancelled": "quiet"}
KEYS = (
    ("R", later("Reached: start the clock and fill in the form")),
    ("M", later("Not reached: say why")),
    ("1 – 5", later("Answer the question and go on")),
    ("0", later("Zero on the scale from 0 to 10; 1 and 0 for ten")),
    ("⌫", later("Take an answer back")),
    ("Enter", later("Go on to the next field; a question may stay open")),
    ("P", later("Note a promise")),
    ("C", later("Open a complaint")),
    ("Ctrl + Enter", later("Save")),
    ("N", later("Next call")),
    ("Esc", later("Leave the field, so that single letters are keys again")),
    ("?", later("Show or hide these keys")),
)


def body(session: Session, sheet: Sheet, person: Person, *, as_of: datetime) -> list[Any]:
    """Everything on the page of this call for `person`."""
    task = sheet.followup
    open_ = "record" in possible(person, task.state, FOLLOWUP_MOVES) and not task.ended_at
    work = (
        [script.script(sheet, person), _form(session, sheet, as_of)]
        if open_
        else [answers.done(sheet)]
    )
    return [
        dcc.Store(id=Call.ABOUT, data=_about(sheet, person)),
        dcc.Store(id=Call.VERSION, data=task.version),
        _head(sheet),
        html.Div(
            [
                html.Aside(file.cards(sheet, as_of), className="call-file"),
                html.Div([*work, _history(sheet)], className="call-work"),
            ],
            className="call-columns",
        ),
        _keys(),
    ]


def _form(session: Session, sheet: Sheet, as_of: datetime) -> Component:
    away = of_followup(session, sheet.followup.id)
    return form.form(sheet, desk.categories(session), as_of, away)


def _about(sheet: Sheet, person: Person) -> dict[str, Any]:
    """What the browser needs to know to keep what was typed: whose it is, and its attempt."""
    task = sheet.followup
    return {
        "id": task.id,
        "number": task.number,
        "store": sheet.store.code,
        "key": f"{person.login}:{task.id}",
        "attempt": forms.new_attempt(),
        "open": task.ended_at is None,
    }


def _head(sheet: Sheet) -> Component:
    task, zone = sheet.followup, sheet.store.zone
    rule = sheet.rule and (sheet.rule.name_zh if language() == "zh" else sheet.rule.name)
    lead = html.Span(
        [
            badge(word("followup", task.state), TONES.get(task.state, "bad")),
            html.Span(rule or _("Without a rule")),
            html.Span(_("Deadline {moment}", moment=formats.moment(task.due_at, zone))),
            html.Span(sheet.store.name),
        ],
        className="case-lead",
    )
    back = link([icon("arrow-left"), _("Calls to make")], urls.worklist(), className="back")
    title = _("Callback {number}", number=task.number)
    return html.Div([back, page_head(title, _help(), next_button(), lead=lead)])


def next_button(look: str = "btn btn-outline-primary btn-next") -> Component:
    """The button that takes the next call and opens it."""
    return html.Button(
        [icon("telephone-outbound"), _("Next call"), html.Kbd("N")],
        id=Worklist.NEXT,
        className=look,
        type="button",
        **attributes(data_key="n", aria_keyshortcuts="N"),
    )


def _help() -> Component:
    return html.Button(
        [icon("keyboard"), _("Keys"), html.Kbd("?")],
        className="btn btn-outline-primary btn-next keys-button",
        type="button",
        **attributes(data_key="?", data_opens="call-keys", aria_controls="call-keys"),
    )


def _keys() -> Component:
    rows = [[html.Dt(html.Kbd(key)), html.Dd(_(said))] for key, said in KEYS]
    return html.Section(
        [html.H2(_("Keys")), html.Dl([part for row in rows for part in row])],
        id="call-keys",
        className="call-keys",
        hidden=True,
        **attributes(aria_label=_("Keys")),
    )


def _history(sheet: Sheet) -> Component | None:
    if not sheet.history:
        return None
    return card(_("History"), timeline(sheet.history, sheet.actors, sheet.store.zone), width="full")
