"""The inside of the page above the log, drawn anew after each change."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, forms, ids
from dashboard.i18n import LANGUAGES, _
from dashboard.widgets import badge, card, icon
from dashboard.widgets.cells import Column, shown
from dashboard.widgets.parts import attributes, nothing
from dashboard.words import WORDS, word
from data import jobs, lookups, outbox, subscriptions
from data.lookups import Session
from data.models import MessageChannel
from data.scope import Scope
from pages.messages import log

ORDER, END, AGAIN = "order", "end", "again"
SHOWN = 20  # messages that need somebody
QUIET = timedelta(minutes=20)  # a worker that has not looked for so long is not running
Row = dict[str, Any]
VARIABLES = {
    MessageChannel.MAIL: "AFTERCARE_SMTP_URL, AFTERCARE_MAIL_FROM",
    MessageChannel.WEBHOOK: "AFTERCARE_WEBHOOK_URL",
}


def body(session: Session, scope: Scope, ready: Collection[MessageChannel]) -> list[Any]:
    """What needs somebody, who gets which report, and the ways out; at the side a form."""
    stuck, total = outbox.listing(session, Scope(as_of=scope.as_of), count=SHOWN, stuck=True)
    orders = subscriptions.active(session)
    main = [*_needs(stuck, total, scope), _orders(orders)]
    looked = jobs.last(session, "deliver")
    side = [_order(lookups.stores(session)), _ways(ready, looked, scope)]
    return [
        html.Div(
            [
                html.Div(main, className="case-main"),
                html.Aside(side, className="case-side"),
            ],
            className="case-columns",
        )
    ]


def _needs(rows: Sequence[Row], total: int, scope: Scope) -> list[Component]:
    """The messages that are sent no more unless somebody says so."""
    if not rows:
        return []
    columns = (
        Column(field="created_at", title="When", kind="moment"),
        Column(field="store", title="Store"),
        Column(field="what", title="Subject"),
        Column(field="to", title="Sent to"),
        Column(field="standing", title="State", kind="badge", words="message_state",
               tones=log.TONES),
        Column(field="trouble", title="Trouble"),
    )  # fmt: skip
    listed = _listed(
        columns, [log.shown(row, scope.zone) for row in rows], scope, AGAIN, _("Send again")
    )
    hint = _(
        "These are sent no more by themselves. One that is uncertain may have arrived: sent again, "
        "it carries the same number, so that the receiver can tell."
    )
    more = _("The newest {n} of {total}.", n=len(rows), total=total) if total > len(rows) else ""
    said = html.P([hint, f" {more}"], className="note")
    return [card(_("Not sent"), said, listed, width="full")]


def _orders(rows: Sequence[Row]) -> Component:
    columns = (
        Column(field="address", title="Address"),
        Column(field="store", title="Store"),
        Column(field="report", title="Report", kind="word", words="report"),
        Column(field="spoken", title="Language"),
        Column(field="format", title="File", kind="word", words="report_format"),
    )
    told = [row | {"spoken": LANGUAGES[row["language"]]} for row in rows]
    inside = (
        _listed(columns, told, None, END, _("End"))
        if rows
        else nothing(_("Nobody gets a report by mail yet."))
    )
    return card(_("Reports by mail"), inside, width="full")


def _listed(
    columns: Sequence[Column], rows: Sequence[Row], scope: Scope | None, does: str, says: str
) -> Component:
    """An HTML list of rows, each with a button."""
    heads = [html.Th(column.head(), scope="col", className=column.side) for column in columns]
    last = html.Th(html.Span(says, className="visually-hidden"), scope="col")
    return html.Table(
        [
            html.Thead(html.Tr([*heads, last])),
            html.Tbody([_line(columns, row, scope, does, says) for row in rows]),
        ],
        className="list",
    )


def _line(
    columns: Sequence[Column], row: Row, scope: Scope | None, does: str, says: str
) -> Component:
    values: Row = {column.field: column.show(row, scope) for column in columns}  # type: ignore[arg-type]
    form = f"{does}-{row['id']}-{row.get('version', 0)}"
    whose = row["address"] if does == END else row["what"]
    button = html.Button(
        says,
        id=ids.post_do(form),
        className="btn btn-sm btn-outline-primary",
        type="button",
        **attributes(aria_label=f"{says}: {whose}"),
    )
    attempt = dcc.Store(id=ids.attempt(form), data=forms.new_attempt())
    cells = [shown(column, values) for column in columns]
    return html.Tr([*cells, html.Td([button, attempt], className="kind-action")])


def _order(stores: Sequence[tuple[str, str]]) -> Component:
    """The form that orders a report for an address."""
    only = stores[0][0] if len(stores) == 1 else None
    kinds = [(code, _(says)) for code, says in WORDS["report"].items()]
    files = [(code, _(says)) for code, says in WORDS["report_format"].items()]
    form = forms.form(
        ORDER,
        forms.line(ORDER, "address", _("Mail address")),
        forms.select(ORDER, "store", _("Store"), [(code, name) for code, name in stores], only),
        forms.select(ORDER, "report", _("Report"), kinds, "weekly"),
        forms.select(ORDER, "language", _("Language"), list(LANGUAGES.items()), "zh"),
        forms.select(ORDER, "format", _("File"), files, "docx"),
        says=_("Send it from now on"),
        saves=ids.post_do(ORDER),
    )
    when = _("Weekly on Monday morning, monthly on the first, by the clocks of the store.")
    return card(_("Order a report"), html.P(when, className="note"), form, width="full")


def _ways(ready: Collection[MessageChannel], looked: datetime | None, scope: Scope) -> Component:
    """Which ways out are set up, and whether the worker that uses them is at work."""
    rows = [(word("message_channel", way), _way(way, way in ready)) for way in MessageChannel]
    parts = [*rows, (_("Worker"), _worker(looked, scope))]
    inside = html.Dl(
        [piece for name, said in parts for piece in (html.Dt(name), html.Dd(said))],
        className="facts",
    )
    tells = _(
        "The webhook gets who was assigned what, coming breaches and overdue actions, as JSON: "
        "without names, phones or words of customers."
    )
    return card(_("Ways out"), inside, html.P(tells, className="note"), width="full")


def _way(way: MessageChannel, is_ready: bool) -> list[Any]:
    if is_ready:
        return [badge(_("Set up"), "good")]
    names = html.Code(VARIABLES[way])
    return [badge(_("Not set up")), html.Div([icon("gear"), names], className="post-set")]


def _worker(looked: datetime | None, scope: Scope) -> list[Any]:
    at_work = looked is not None and scope.as_of - looked <= QUIET
    state = badge(_("At work"), "good") if at_work else badge(_("Not running"), "bad")
    when = formats.moment(looked, scope.zone) if looked else _("never")
    note = _("Looked for messages: {when}", when=when)
    return [state, html.Div(note, className="note")]
