"""The rules that make callbacks: on or off, how soon, how often, and whom to leave out by lot."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import forms, sessions
from dashboard.i18n import _
from dashboard.ids import Admin
from dashboard.widgets import badge, card
from dashboard.words import word
from data import db
from data.lookups import Session
from data.models import AdminEvent, FollowupRule, FollowupTrigger
from data.person import Person, Right
from data.rules import listed
from data.scope import Scope
from pages.admin import parts

PATH = "/admin/rules"
NAME = "Callback rules"
RIGHT = Right.ADMINISTER
FIGURES = ("delay_hours", "expires_days", "attempts", "retry_hours")
HOURS_A_DAY = 24


def layout(*, scope: Scope) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        return html.Div(body(session, person, scope), id=Admin.BODY, className="admin")


def body(session: Session, person: Person, scope: Scope) -> list[Any]:
    """Everything on the page."""
    rules = listed(session)
    names = {rule.code: parts.called(rule) for rule in rules}

    def about(entry: AdminEvent) -> str:
        code = entry.subject.removeprefix("rule ")
        return names.get(code, code)

    lead = _(
        "What makes a call due, and how it is made. Calls already on the list stay as they are."
    )
    items = card(_("Rules"), *(_item(rule) for rule in rules), width="full")
    told = parts.history(session, scope.zone, "rule", about=about)
    return parts.page(_(NAME), lead, [items], [told])


def _item(rule: FollowupRule) -> Component:
    stands = badge(_("On"), "good") if rule.active else badge(_("Off"), "quiet")
    held = _("{share}% held out", share=round(rule.hold_out * 100)) if rule.hold_out else ""
    beside = [html.Span(_when(rule)), badge(held, "info") if held else None, stands]
    return parts.item(parts.called(rule), *beside, body=[_switch(rule), _edit(rule)])


def _when(rule: FollowupRule) -> str:
    """When the call is due, seen from what makes it due."""
    gaps = {"trigger": word("trigger", rule.trigger), "time": _time(abs(rule.delay_hours))}
    if rule.delay_hours < 0:
        return _("{trigger}: {time} before", **gaps)
    return _("{trigger}: {time} after", **gaps) if rule.delay_hours else gaps["trigger"]


def _time(hours: int) -> str:
    days, rest = divmod(hours, HOURS_A_DAY)
    return _("{days} d", days=days) if days and not rest else _("{hours} h", hours=hours)


def _switch(rule: FollowupRule) -> Component:
    if rule.active:
        words = _("Switched off, it makes no more calls; those on the list stay to be made.")
        button = parts.form(f"rules.off.{rule.code}", rule.version, says=_("Switch off"))
    else:
        words = _("Switched on, it counts from today: what happened before is not called after.")
        button = parts.form(f"rules.on.{rule.code}", rule.version, says=_("Switch on"))
    return html.Div([html.P(words, className="note"), button], className="admin-switch")


def _edit(rule: FollowupRule) -> Component:
    name = f"rules.set.{rule.code}"
    months = rule.trigger == FollowupTrigger.VISIT_GAP
    figures = (*FIGURES, "gap_months") if months else FIGURES
    return parts.form(
        name,
        rule.version,
        html.Div(
            [
                *(
                    forms.figure(name, figure, word("figure", figure), getattr(rule, figure))
                    for figure in figures
                ),
                forms.line(name, "window", _("Time for calls, as 09:00-20:00"), rule.window or ""),
                forms.figure(name, "hold_out", word("figure", "hold_out"), rule.hold_out * 100),
            ],
            className="admin-grid",
        ),
        says=_("Save"),
    )
