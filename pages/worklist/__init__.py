"""The calls to make: one's own day, the next call, and the list of all that wait."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import assigning, formats, sessions, urls
from dashboard.i18n import _, language
from dashboard.ids import Worklist
from dashboard.widgets import Ask, Column, Rows, Table, badge, icon, link, page_head
from dashboard.widgets.parts import attributes
from data import db
from data.followups import desk, worklist
from data.lookups import Session
from data.person import Right
from data.scope import Scope

PATH = "/callbacks/worklist"
NAME = "Calls to make"
GROUP = "today"
ICON = "list-check"
RIGHT = Right.RECORD_FOLLOWUPS
LATE = {"agent": "me", "due": "overdue"}
MORE: tuple[dict[str, str], ...] = (
    {},
    {"agent": "me"},
    {"due": "overdue"},
    {"due": "today"},
    {"agent": "none"},
)


def rows(session: Session, scope: Scope, ask: Ask) -> Rows:
    """The calls that wait, with the customer's name veiled: the call's own page has it."""
    found, total = worklist.listing(
        session, scope, start=ask.start, count=ask.count, sort=ask.sort, find=ask.find
    )
    return Rows([_shown(row, scope) for row in found], total)


def _shown(row: dict[str, Any], scope: Scope) -> dict[str, Any]:
    rule = row["rule_name_zh"] if language() == "zh" else row["rule_name"]
    return row | {
        "customer": row["customer"] and formats.masked_name(row["customer"]),
        "rule_name": rule,
        "when": _when(row, scope),
        "complaints": row["open_complaints"] or None,
        "agent": row["agent"] or _("Nobody yet"),
    }


def _when(row: dict[str, Any], scope: Scope) -> str:
    """Whether the customer may be rung now, or else from when."""
    again = row["next_try_at"]
    if again and again > scope.as_of:
        return _("from {moment}", moment=formats.moment(again, scope.zone))
    if row["open_now"]:
        return _("Now")
    return str(row["window"] or "")


def call(row: dict[str, Any]) -> str:
    """The address of the call in this row."""
    return urls.followup(row["number"], row["store"])


CALLS = Table(
    name="worklist-calls",
    title="Calls that wait",
    columns=(
        Column(field="number", title="Number", kind="link", find=True, width=154),
        Column(field="due_at", title="Deadline", kind="until", width=170),
        Column(field="when", title="Call", sort=False, width=112),
        Column(field="customer", title="Customer", of_people=True, width=92),
        Column(field="model", title="Car", width=104),
        Column(field="rule_name", title="Rule", width=105),
        Column(field="value_class", title="Grade", width=72),
        Column(field="attempts", title="Tries", kind="number", width=72),
        Column(field="complaints", title="Complaints", kind="number", sort=False, width=98),
        Column(field="agent", title="Caller", width=88),
    ),
    rows=rows,
    href=call,
    row_id="id",
    select=True,
    first=20,
    counts=("{n} call waits", "{n} calls wait"),
    empty="No calls wait for these filters.",
    height=560,
)
TABLES = (CALLS,)


def layout(*, scope: Scope) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        tiles = mine(desk.day(session, scope, person), scope)
    hands = [assigning.CALLS.bar(), assigning.CALLS.dialog()] if person.may(Right.ASSIGN) else []
    return html.Div(
        [
            page_head(_(NAME), _next(), lead=_("Deadline first; yours before those of nobody.")),
            html.Div(tiles, id=Worklist.MINE, className="tiles worklist-mine"),
            html.Nav(
                parts(scope),
                id=Worklist.PARTS,
                className="worklist-parts",
                **_named(_("Which calls")),
            ),
            CALLS.card(),
            *hands,
        ],
        className="worklist" + ("" if hands else " worklist-plain"),
    )


def mine(day: desk.Day, scope: Scope) -> list[Component]:
    """One's own figures as tiles."""
    late = badge(_("Needs action"), "bad") if day.overdue else badge(_("None"), "good")
    completed, on_time = day.completed, day.on_time
    return [
        _tile(_("My calls made today"), formats.number(day.made)),
        _tile(_("To make by tonight"), formats.number(day.to_make), agent="me"),
        _tile(
            _("Past their deadline"), formats.number(day.overdue), late, agent="me", due="overdue"
        ),
        _tile(_("My calls completed"), formats.percent(completed["value"]), _of(completed)),
        _tile(_("My calls completed in time"), formats.percent(on_time["value"]), _of(on_time)),
    ]


def _tile(title: str, value: str, *below: Any, **drill: str) -> Component:
    look = "tile-value"
    number = (
        link(value, urls.worklist(None, **drill), className=f"{look} stretched-link")
        if drill
        else html.Span(value, className=look)
    )
    inside = [html.H2(title), html.Div(number, className="tile-number"), html.Div(list(below))]
    return html.Section(
        html.Div(html.Div(inside, className="tile-body"), className="widget is-ready"),
        className="tile",
        **_named(title),
    )


def _of(rate: dict[str, Any]) -> Component:
    said = _(
        "{numerator} of {denominator}",
        numerator=formats.number(rate["numerator"]),
        denominator=formats.number(rate["denominator"]),
    )
    return html.Span(said, className="note")


def _next() -> Component:
    return html.Button(
        [icon("telephone-outbound"), _("Next call"), html.Kbd("N")],
        id=Worklist.NEXT,
        className="btn btn-primary btn-next",
        type="button",
        **attributes(data_key="n", aria_keyshortcuts="N"),
    )


def parts(scope: Scope) -> list[Component]:
    """The ways to narrow the list, the present one marked."""
    words = (_("All"), _("Mine"), _("Late"), _("Due today"), _("Nobody's"))
    return [
        link(
            said,
            urls.worklist(urls.view_of(stores=scope.stores), **drill),
            className="part part-on" if scope.drill == tuple(drill.items()) else "part",
        )
        for said, drill in zip(words, MORE, strict=True)
    ]


def _named(words: str) -> dict[str, Any]:
    return attributes(aria_label=words)
