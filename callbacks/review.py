"""The weekly review: opened, decided, closed; late complaints are given to somebody in place."""

from collections.abc import Callable
from typing import Any

from dash import Input, NoUpdate, Output, State, no_update, set_props

from callbacks import clock, saving
from callbacks.saving import Saved, Sent
from dashboard import ids
from dashboard.doors import callback
from dashboard.forms import a_day, whole
from dashboard.i18n import _
from dashboard.ids import ReviewPage, Shell
from data import reviews
from data.commands import COMMANDS, Conflict, NotFound
from data.commands import reviews as writing
from data.commands.complaints import assign
from data.lookups import Session
from data.person import Right
from data.reviews import weeks
from pages.review.choosing import filled, of_store


@callback(
    Output(ReviewPage.BODY, "children", allow_duplicate=True),
    Input(Shell.URL, "search"),
    State(ReviewPage.WEEK, "data"),
    may=(Right.SEE_FIGURES,),
    prevent_initial_call=True,
)
def turn(search: str, week: str | None) -> list[Any] | NoUpdate:
    """Show the store that was chosen."""
    return filled(clock.scope(search), week) if week else no_update


def _written(session: Session, sent: Sent) -> Saved:
    """Do what the form says; its name is what it does, and the id of what it does it to."""
    does, _dash, number = sent.form.partition("-")
    if does in OF_REVIEW:
        return OF_REVIEW[does](session, sent)
    if does not in OF_ROW:
        raise NotFound("There is no such form.")
    try:
        OF_ROW[does](session, sent, whole(number) or 0, whole(sent.typed["version"]) or 0)
    except Conflict as conflict:  # the version of the row, not that of the review
        set_props(ids.field(sent.form, "version"), {"value": str(conflict.version)})
        raise Conflict(conflict.since, version=sent.version) from conflict
    return Saved()


def _begin(session: Session, sent: Sent) -> Saved:
    store, week = _asked(sent)
    found = reviews.find(session, store, week)
    writing.begin(session, store_id=found[0].id, week=week, now=sent.now)
    return Saved(_("The review is open."))


def _decide(session: Session, sent: Sent) -> Saved:
    typed = sent.typed
    writing.decide(
        session,
        review_id=_review(session, sent),
        now=sent.now,
        words=typed["words"],
        owner_id=whole(typed["owner"]),
        due_on=a_day(typed["due_on"]) if typed["owner"] else None,
        complaint_id=whole(typed["complaint"]),
    )
    return Saved()


def _close(session: Session, sent: Sent) -> Saved:
    review = _review(session, sent)
    writing.close(session, review_id=review, version=sent.version, now=sent.now)
    return Saved(_("The review is closed. Its numbers are frozen."))


def _reopen(session: Session, sent: Sent) -> Saved:
    review, why = _review(session, sent), sent.typed["reason"]
    writing.reopen(session, review_id=review, version=sent.version, now=sent.now, reason=why)
    return Saved(_("The review is open again."))


OF_REVIEW: dict[str, Callable[[Session, Sent], Saved]] = {
    "begin": _begin,
    "decide": _decide,
    "close": _close,
    "reopen": _reopen,
}


def _assign(session: Session, sent: Sent, number: int, version: int) -> None:
    assign(
        session,
        complaint_id=number,
        version=version,
        now=sent.now,
        today=clock.scope("").today,
        owner_id=whole(sent.typed["owner"]),
        due_on=a_day(sent.typed["due_on"]),
        reason=sent.typed["reason"],
    )


READERS: dict[str, Callable[[Sent], dict[str, Any]]] = {
    "give": lambda sent: {
        "owner_id": whole(sent.typed["owner"]),
        "due_on": a_day(sent.typed["due_on"]),
    },
    "reword": lambda sent: {"words": sent.typed["words"]},
    "move": lambda sent: {
        "due_on": a_day(sent.typed["due_on"]),
        "reason": sent.typed["reason"],
    },
    "act": lambda sent: {},
    "drop": lambda sent: {},
    "tick": lambda sent: {},
}


def _item(does: str) -> Callable[[Session, Sent, int, int], None]:
    def write(session: Session, sent: Sent, number: int, version: int) -> None:
        run = COMMANDS[f"reviews.{does}"].run
        run(session, item_id=number, version=version, now=sent.now, **READERS[does](sent))

    return write


OF_ROW = {"assign": _assign, **{does: _item(does) for does in READERS}}


def _asked(sent: Sent) -> tuple[str, str]:
    """Store and week as the browser sent them back."""
    match sent.record:
        case [str(store), str(name)] if week := weeks.read(name):
            return store, str(week)
    raise NotFound("There is no such review among your stores.")


def _review(session: Session, sent: Sent) -> int:
    _store, review = reviews.find(session, *_asked(sent))
    if review is None:
        raise NotFound("There is no such review among your stores.")
    return review.id


def _drawn(session: Session, sent: Sent) -> list[Any]:
    store, week = _asked(sent)
    return of_store(session, clock.scope(""), store, week, sent.person)


RIGHTS = (Right.PREPARE_REVIEW, Right.DECIDE_REVIEW, Right.ASSIGN)
saving.of_record(ReviewPage, ids.review_save, may=RIGHTS, write=_written, draw=_drawn)
