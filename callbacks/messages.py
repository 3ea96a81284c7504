"""Mail and messages: a report is ordered or ended, a message that got stuck is sent again."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from dash import ALL, MATCH, Input, NoUpdate, Output, State, callback, no_update, set_props

from callbacks import clock
from callbacks.shell import edition
from dashboard import forms, ids, sessions, shell, ways
from dashboard.forms import Typed, whole
from dashboard.i18n import _
from dashboard.ids import Post, Shell
from data import db
from data.commands import NotFound, messages, subscriptions
from data.lookups import Session
from pages.messages.body import AGAIN, END, ORDER, body

ASKED = ("store", "report", "address", "language", "format")


@callback(
    Output(Post.BODY, "children"),
    Input(ids.post_do(MATCH), "n_clicks"),
    State(ids.post_do(MATCH), "id"),
    State(ids.field(MATCH, ALL), "value"),
    State(ids.field(MATCH, ALL), "id"),
    State(ids.attempt(MATCH), "data"),
    running=[(Output(ids.post_do(MATCH), "disabled"), True, False)],
    prevent_initial_call=True,
)
def save(
    clicks: int | None,
    button: dict[str, str],
    typed: Sequence[Any],
    fields: Sequence[dict[str, str]],
    attempt: str,
) -> list[Any] | NoUpdate:
    """Do what the button says, and draw the page anew."""
    if not clicks:
        return no_update
    does, _dash, number = str(button["form"]).partition("-")
    if does not in WRITERS:
        raise NotFound("There is no such form.")
    person, now = sessions.current_person(), clock.now()
    with db.writing(by=person, key=forms.attempt_of(attempt)) as session:
        said = WRITERS[does](session, number, forms.values(fields, typed), now)
    shell.notify(said)
    set_props(Shell.FRESH, {"data": edition()})
    with db.reading(as_=person) as session:
        return body(session, clock.scope(""), ways.ready())


def _order(session: Session, _number: str, typed: Typed, now: datetime) -> str:
    subscriptions.subscribe(session, now=now, **{name: typed[name] for name in ASKED})
    return _("{address} gets the report from now on.", address=typed["address"].strip())


def _end(session: Session, number: str, _typed: Typed, now: datetime) -> str:
    id_, _dash, version = number.partition("-")
    given = {"subscription_id": whole(id_) or 0, "version": whole(version) or 0}
    subscriptions.unsubscribe(session, **given, now=now)
    return _("The subscription has ended.")


def _again(session: Session, number: str, _typed: Typed, now: datetime) -> str:
    messages.retry(session, message_id=whole(number.partition("-")[0]) or 0, now=now)
    return _("The worker sends it within five minutes.")


WRITERS: dict[str, Callable[[Session, str, Typed, datetime], str]] = {
    ORDER: _order,
    END: _end,
    AGAIN: _again,
}
