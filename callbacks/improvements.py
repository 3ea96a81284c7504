"""Improvement actions: the board, the forms of one action, and the form for a new one."""

from collections.abc import Callable
from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, State, clientside_callback

from callbacks import clock, saving
from callbacks.saving import Saved, Sent
from dashboard import ids, sessions, urls
from dashboard.doors import callback
from dashboard.forms import Typed, a_day, whole
from dashboard.i18n import _
from dashboard.ids import ActionFile, Board, Shell
from data import db
from data import improvements as actions
from data.commands import NotFound, Refused, improvements, linking
from data.improvements import File
from data.lookups import Session
from data.metrics.complaints import case as cases
from data.models import WHO_WHAT_WHEN, Employee, Store
from data.person import Right
from pages.improvement.body import body
from pages.improvements.lanes import lanes

AIMED = ("category", "adviser", "technician", "reason", "dimension")


@callback(
    Output(Board.COLUMNS, "children"),
    Input(Shell.URL, "search"),
    Input(Shell.FRESH, "data"),
    may=(Right.SEE_FIGURES,),
)
def fill(search: str, _fresh: str | None) -> list[Any]:
    """Show the board for the filters in the address."""
    with db.reading(as_=sessions.current_person()) as session:
        return lanes(session, clock.scope(search), urls.read(search))


@callback(
    Output(ids.begin(ALL), "href"),
    Input(Shell.URL, "search"),
    State(ids.begin(ALL), "id"),
    may=(Right.SEE_FIGURES,),
)
def aim(search: str, links: list[Any]) -> list[str]:
    """A new action begins with what the page is narrowed to."""
    view = urls.read(search)
    narrowed = {key: value for key, value in view.drill if key in AIMED}
    return [urls.new_improvement(*view.stores, **narrowed)] * len(links)


clientside_callback(
    ClientsideFunction("house", "drawn"),
    Output(ActionFile.TREND, "figure"),
    Input(ActionFile.TREND_DRAWN, "data"),
    Input(Shell.THEME, "data"),
    State(Shell.LOOK, "data"),
)


def _training(typed: Typed) -> dict[str, str]:
    return {name: typed[f"training_{name}"] for name in WHO_WHAT_WHEN}


def _aim(typed: Typed) -> dict[str, Any]:
    """What it is to lessen, and the one person it is about."""
    key, _colon, code = typed["aim"].partition(":")
    people = {f"{name}_id": whole(typed[name]) or None for name in ("adviser", "technician")}
    return {"category": None, "dimension": None, **({key: code} if code else {}), **people}


def _edited(session: Session, file: File, typed: Typed) -> dict[str, Any]:
    return {
        **{name: typed[name] for name in ("title", "cause", "kind")},
        **_aim(typed),
        "training": _training(typed),
    }


def _linked(session: Session, file: File, typed: Typed) -> dict[str, Any]:
    """The complaint that is to be linked, by its number."""
    number, store = typed["number"].strip(), file.store.code
    found = cases.find(session, number, [store], as_of=clock.now())
    if found is None:
        raise Refused("There is no complaint {number} in this store.", number=number)
    return {"complaint_id": found.row.id}


def _plain(*names: str) -> Callable[[Session, File, Typed], dict[str, Any]]:
    return lambda session, file, typed: {name: typed[name] for name in names}


READERS: dict[str, Callable[[Session, File, Typed], dict[str, Any]]] = {
    "start": _plain(),
    "finish": lambda session, file, typed: {"done_on": a_day(typed["done_on"])},
    "verify": _plain(),
    "assign": lambda session, file, typed: {
        "owner_id": whole(typed["owner"]),
        "due_on": a_day(typed["due_on"]),
        "reason": typed["reason"],
    },
    "cancel": _plain("reason"),
    "reopen": _plain("reason"),
    "edit": _edited,
    "note": _plain("words"),
    "link": _linked,
}
OF_A_COMPLAINT: dict[str, Callable[..., Any]] = {
    "link": linking.link,
    "unlink": linking.unlink,
    "inform": linking.inform,
}
WRITERS: dict[str, Callable[..., Any]] = {
    **{name: getattr(improvements, name) for name in READERS if name != "link"},
    **OF_A_COMPLAINT,
}


def _write(session: Session, sent: Sent) -> Saved:
    """Do what the form is for; those about one complaint name it after a dot."""
    if sent.form == "open":
        return _opened(session, sent)
    move, _dot, number = sent.form.partition(".")
    if move not in (OF_A_COMPLAINT if number else READERS):
        raise NotFound("There is no such form.")
    given = {"action_id": sent.id, "version": sent.version, "now": sent.now}
    if number:
        said = {"complaint_id": whole(number) or 0}
    else:
        said = READERS[move](session, _found(session, sent), sent.typed)
    WRITERS[move](session, **given, **said)
    return Saved()


def _opened(session: Session, sent: Sent) -> Saved:
    """Open an action in the store of whoever is to do it, and go to its page."""
    typed = sent.typed
    owner = session.get(Employee, whole(typed["owner"]) or 0)
    if owner is None:
        raise Refused("Choose who does it: somebody active in this store.")
    ticked = [whole(one) or 0 for one in typed["complaints"].split(",") if one]
    number = improvements.open_improvement(
        session,
        store_id=owner.store_id,
        owner_id=owner.id,
        due_on=a_day(typed["due_on"]),
        now=sent.now,
        complaints=ticked,
        training=_training(typed),
        title=typed["title"],
        cause=typed["cause"],
        kind=typed["kind"],
        **_aim(typed),
    )
    store = session.get_one(Store, owner.store_id).code
    says = _("Improvement {number} was opened.", number=number)
    return Saved(says, urls.improvement(number, store))


def _found(session: Session, sent: Sent) -> File:
    found = actions.by_id(session, sent.id, as_of=sent.now)
    if found is None:
        raise NotFound("There is no such action among your stores.")
    return found


def _drawn(session: Session, sent: Sent) -> list[Any]:
    return body(session, _found(session, sent), sent.person, as_of=sent.now)


RIGHTS = (Right.RUN_IMPROVEMENTS, Right.VERIFY_IMPROVEMENTS)
saving.of_record(ActionFile, ids.action_save, may=RIGHTS, write=_write, draw=_drawn)
