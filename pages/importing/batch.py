"""One import: what was read when by whom, what came of it, and the rows that were refused."""

from dash import html
from dash.development.base_component import Component

from dashboard import formats, sessions, urls
from dashboard.i18n import _
from dashboard.widgets import board, icon, link, page_head
from data import db
from data.importing import history
from data.importing.result import Remark
from data.person import Right
from data.scope import Scope
from pages.importing.outcome import (
    SHOWN,
    counts,
    link_to_records,
    message,
    outcome,
    refused_rows,
)
from pages.importing.words import kind_name

PATH = "/admin/import/<batch>"
NAME = "One import"
RIGHT = Right.ADMINISTER


def layout(*, scope: Scope, batch: str) -> Component:
    """The page."""
    number = int(batch) if batch.isdecimal() and len(batch) < 19 else 0
    with db.reading(as_=sessions.current_person()) as session:
        found = history.batch(session, number)
        if found is None:
            return html.Div([_back(), page_head(_("There is no such import among your stores."))])
        refused = list(history.refusals(session, number, most=SHOWN + 1))
    rows = [remark for row in refused for remark in row.remarks]
    return html.Div([_head(found), board(_outcome(found, rows))])


def _back() -> Component:
    return link([icon("arrow-left"), _("All imports")], urls.imports(), className="back")


def _head(found: history.Batch) -> Component:
    lead = _(
        "{kind} for {store}, read in by {by} on {moment}",
        kind=kind_name(found.kind),
        store=found.store,
        by=found.by,
        moment=formats.moment(found.at, found.zone),
    )
    return html.Div([_back(), page_head(found.file, lead=lead)])


def _outcome(found: history.Batch, rows: list[Remark]) -> Component:
    words = _("It is running, or it was broken off: reading the file again goes on from there.")
    return outcome(
        _("What came of it"),
        *([] if found.complete else [message(words, "warn")]),
        counts(found.counts, found.skipped),
        *refused_rows(rows, found.counts["refused"], urls.refused(found.id)),
        html.Div(link_to_records(found.kind), className="import-next"),
    )
