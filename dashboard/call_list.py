"""Putting vehicles on the call list: the button, the dialog, and what came of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, forms, urls
from dashboard.i18n import _, several
from dashboard.ids import CallList
from dashboard.widgets.parts import icon, link
from dashboard.words import word
from data.scope import Scope
from data.steps import RULES, Selected

FORM = "call-list"
SHARES = (0, 10, 20, 30, 40, 50)  # percent
USUAL_SHARE = 10
LIST = "list"
OF_CLASS = {"at_risk": "3", "dormant": "6", "lost": "12"}


def button() -> Component:
    """What opens the dialog."""
    return html.Button(
        [icon("telephone-plus"), _("Call these vehicles")],
        id=CallList.OPEN,
        className="btn btn-primary",
        type="button",
    )


def dialog() -> Component:
    """The dialog, empty until it is opened."""
    title = dbc.ModalHeader(dbc.ModalTitle(_("Call these vehicles")), close_button=True)
    inside = [title, dbc.ModalBody(id=CallList.BODY)]
    made: Component = dbc.Modal(inside, id=CallList.DIALOG, is_open=False, centered=True)
    return made


def fields(total: int, chosen: Sequence[int], scope: Scope) -> list[Any]:
    """The form for the rows chosen, or without any for all `total` of the list."""
    count = (
        several("{n} vehicle chosen.", "{n} vehicles chosen.", n=len(chosen))
        if chosen
        else several("{n} vehicle is on this list.", "All {n} vehicles of this list.", n=total)
    )
    shares = [(share, formats.percent(share / 100, 0)) for share in SHARES]
    return [
        html.P(count),
        forms.select(FORM, "rule", _("Why they are called"), _rules(), _rule(scope)),
        forms.select(FORM, "hold_out", _("Not called, to compare with"), shares, USUAL_SHARE),
        forms.select(FORM, "first", _("First step"), _steps(), "call"),
        html.P(
            _("Who is not called is drawn by lot. It shows how many would have come anyway."),
            className="note",
        ),
        dcc.Store(id=CallList.CHOSEN, data=list(chosen)),
        dcc.Store(id=CallList.ATTEMPT, data=forms.new_attempt()),
        html.Div(_save(), className="form-actions"),
    ]


def done(made: Sequence[tuple[str, Selected]], *, call: bool) -> list[Any]:
    """What came of it, store by store, with the way to the cases."""
    return [part for store, one in made for part in _of_store(store, one, call)]


def nothing() -> Component:
    """There is nobody to call."""
    return html.P(_("There is no vehicle on this list. Widen the filters."))


def _of_store(store: str, one: Selected, call: bool) -> list[Any]:
    lines = [
        several("{n} is called.", "{n} are called.", n=one.called) if call else None,
        several("{n} case was opened.", "{n} cases were opened.", n=one.cases),
        several("{n} is held out.", "{n} are held out.", n=one.held_out) if call else None,
        *_skipped(one.skipped),
    ]
    to_cases = link(
        _("Open the cases"), urls.churn_cases(urls.view_of(stores=(store,)), list=one.list_code)
    )
    head = _("{store}: list {list}", store=store, list=one.list_code)
    said = [html.Li(line) for line in lines if line]
    return [html.H3(head), html.Ul(said), html.P(to_cases if one.cases else None)]


def _skipped(skipped: Mapping[str, int]) -> list[str]:
    """How many were left out, by why."""
    return [
        _("Left out: {n} ({why})", n=formats.number(count), why=word("skipped", why))
        for why, count in sorted(skipped.items())
    ]


def _rules() -> list[tuple[str, str]]:
    return [(rule, word("churn_rule", rule)) for rule in RULES]


def _rule(scope: Scope) -> str:
    """The reason that the narrowing of the list gives already."""
    away, class_ = scope.asked("away"), scope.asked("class")
    if away and away[0] in RULES:
        return away[0]
    return OF_CLASS.get(class_[0], LIST) if class_ else LIST


def _steps() -> list[tuple[str, str]]:
    return [
        ("call", _("Call them: onto the list of calls now")),
        ("look", _("Look through each file first")),
    ]


def _save() -> Component:
    return html.Button(_("Save"), id=CallList.SAVE, className="btn btn-primary", type="button")
