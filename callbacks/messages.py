"""Mail and messages: a report is ordered or ended, a message that got stuck is sent again."""

from collections.abc import Callable
from typing import Any

from dash import set_props

from callbacks import clock, saving
from callbacks.saving import Saved, Sent
from callbacks.shell import edition
from dashboard import ids, ways
from dashboard.forms import whole
from dashboard.i18n import _
from dashboard.ids import Post, Shell
from data.commands import NotFound, messages, subscriptions
from data.lookups import Session
from data.person import Right
from pages.messages.body import AGAIN, END, ORDER, body

ASKED = ("store", "report", "address", "language", "format")


def _write(session: Session, sent: Sent) -> Saved:
    """Do what the button says: its name is what it does, and to which row in which version."""
    does, *numbers = sent.form.split("-")
    if does not in WRITERS:
        raise NotFound("There is no such form.")
    row, version, *_more = (*(whole(number) or 0 for number in numbers), 0, 0)
    return Saved(WRITERS[does](session, sent, row, version))


def _order(session: Session, sent: Sent, _row: int, _version: int) -> str:
    asked = {name: sent.typed[name] for name in ASKED}
    subscriptions.subscribe(session, now=sent.now, **asked)
    return _("{address} gets the report from now on.", address=asked["address"].strip())


def _end(session: Session, sent: Sent, row: int, version: int) -> str:
    subscriptions.unsubscribe(session, subscription_id=row, version=version, now=sent.now)
    return _("The subscription has ended.")


def _again(session: Session, sent: Sent, row: int, _version: int) -> str:
    messages.retry(session, message_id=row, now=sent.now)
    return _("The worker sends it within five minutes.")


def _draw(session: Session, _sent: Sent) -> list[Any]:
    set_props(Shell.FRESH, {"data": edition()})
    return body(session, clock.scope(""), ways.ready())


WRITERS: dict[str, Callable[[Session, Sent, int, int], str]] = {
    ORDER: _order,
    END: _end,
    AGAIN: _again,
}

save = saving.of_record(Post, ids.post_do, may=(Right.ADMINISTER,), write=_write, draw=_draw)
