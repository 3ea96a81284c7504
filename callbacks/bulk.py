"""The chosen rows of a table, done together: all of them, or none."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from dash import ALL, Input, NoUpdate, Output, State, html, no_update, set_props
from pydantic import Field

from callbacks import clock
from callbacks.shell import edition
from dashboard import bulk, forms, ids, sessions, shell
from dashboard.bulk import Bulk
from dashboard.doors import SIGNED_IN, May, callback
from dashboard.forms import Typed, whole
from dashboard.i18n import _, several
from dashboard.ids import Shell
from data import db
from data.commands import Refused
from data.lookups import Session
from data.models import Employee

MOST = 200
Pair = Annotated[list[int], Field(min_length=2, max_length=2)]  # id and version of a row
Versions = Callable[[Session, Sequence[int]], Sequence[Any]]
People = Callable[[Session, int], Sequence[Employee]]
Write = Callable[[Session, int, int, Typed, datetime], Any]


def serve(what: Bulk, *, may: May, versions: Versions, people: People, write: Write) -> None:
    """Serve the bar and the dialog of `what` to whoever has one of the rights `may`.

    versions: id, version and store_id of rows by their ids. people: who may be chosen in a store.
    write: writes one row, by its id and the version its form was opened with.
    """
    _bar(what)
    _dialog(what, may, versions, people)
    _form(what, may, write)


def _bar(what: Bulk) -> None:
    @callback(
        Output(ids.bulk(what.table, "count"), "children"),
        Output(ids.bulk(what.table, "bar"), "className"),
        Input(ids.table(what.table), "selectedRows"),
        may=(SIGNED_IN,),
    )
    def choose(rows: list[dict[str, Any]] | None) -> tuple[str, str]:
        """Show the bar while rows are chosen."""
        return what.counted(len(rows or [])), bulk.SHOWN if rows else bulk.HIDDEN


def _dialog(what: Bulk, may: May, versions: Versions, people: People) -> None:
    @callback(
        Output(ids.bulk(what.table, "dialog"), "is_open"),
        Output(ids.bulk(what.table, "body"), "children"),
        Input(ids.bulk(what.table, "open"), "n_clicks"),
        State(ids.table(what.table), "selectedRows"),
        may=may,
        prevent_initial_call=True,
    )
    def ask(clicks: int | None, rows: list[dict[str, Any]] | None) -> tuple[Any, Any]:
        """Open the dialog for the chosen rows."""
        if not clicks or not rows:
            return no_update, no_update
        with db.reading(as_=sessions.current_person()) as session:
            chosen = versions(session, [whole(str(row.get("id"))) or 0 for row in rows[:MOST]])
            stores = {row.store_id for row in chosen}
            if len(stores) != 1:
                return True, html.P(_(what.apart))
            staff = people(session, stores.pop())
        today = clock.now().astimezone(ZoneInfo(clock.zone())).date()
        return True, what.inside([(row.id, row.version) for row in chosen], staff, today)


def _form(what: Bulk, may: May, write: Write) -> None:
    @callback(
        Output(ids.bulk(what.table, "dialog"), "is_open", allow_duplicate=True),
        Input(ids.bulk(what.table, "save"), "n_clicks"),
        State(ids.field(what.form, ALL), "value"),
        State(ids.field(what.form, ALL), "id"),
        State(ids.bulk(what.table, "chosen"), "data"),
        State(ids.bulk(what.table, "attempt"), "data"),
        may=may,
        running=[(Output(ids.bulk(what.table, "save"), "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def save(
        clicks: int | None,
        typed: Sequence[Any],
        fields: Sequence[dict[str, str]],
        chosen: list[Pair] | None,
        attempt: str,
    ) -> bool | NoUpdate:
        """Write them all, or none."""
        if not clicks:
            return no_update
        said, now, pairs = forms.values(fields, typed), clock.now(), _pairs(chosen, what)
        key = forms.attempt_of(attempt, said, [row_id for row_id, _version in pairs])
        with db.writing(by=sessions.current_person(), key=key) as session:
            for row_id, version in pairs:
                write(session, row_id, version, said, now)
        shell.notify(several(*what.done, n=len(pairs)))
        set_props(ids.table(what.table), {"selectedRows": []})
        with shell.drawing():
            set_props(Shell.FRESH, {"data": edition()})
        return False


def _pairs(chosen: list[Pair] | None, what: Bulk) -> list[tuple[int, int]]:
    """Ids and versions, as the browser sent them back."""
    if not chosen or len(chosen) > MOST:
        raise Refused(what.none)
    return [(row_id, version) for row_id, version in chosen]
