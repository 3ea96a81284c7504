"""The issue library: its search stands in the address, and its forms are saved."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from dash import Input, NoUpdate, Output, State, no_update

from callbacks import clock, saving
from callbacks.saving import Saved, Sent
from dashboard import ids, known, sessions, urls
from dashboard.doors import SIGNED_IN, callback
from dashboard.forms import Typed, a_day
from dashboard.i18n import _
from dashboard.ids import Library, Shell
from dashboard.widgets.parts import nothing
from data import db, issues
from data.commands import COMMANDS, NotFound, Refused
from data.lookups import Session
from data.person import Right
from pages.issue.body import body
from pages.issues import ALL as EVERY

CODED = 40  # characters of a code at most


@callback(
    Output(Shell.GO, "data", allow_duplicate=True),
    Input(Library.SEARCH, "value"),
    Input(Library.CATEGORY, "value"),
    State(Shell.URL, "search"),
    may=(SIGNED_IN,),
    prevent_initial_call=True,
)
def seek(words: str | None, category: str | None, search: str) -> str | NoUpdate:
    """Write what is looked for into the address."""
    view = urls.read(search)
    kept = tuple(pair for pair in view.drill if pair[0] not in ("words", "category"))
    asked = (
        ("category", "" if category == EVERY else category or ""),
        ("words", " ".join((words or "").split())),
    )
    drill = (*kept, *(pair for pair in asked if pair[1]))
    return no_update if {*drill} == {*view.drill} else urls.search_for(replace(view, drill=drill))


@callback(
    Output(Library.LIST, "children"),
    Output(Library.SEARCH, "value"),
    Output(Library.CATEGORY, "value"),
    Input(Shell.URL, "search"),
    may=(SIGNED_IN,),
)
def fill(search: str) -> tuple[list[Any], str, str]:
    """Show what the address looks for."""
    scope = clock.scope(search)
    words, category = (next(iter(scope.asked(key)), "") for key in ("words", "category"))
    with db.reading(as_=sessions.current_person()) as session:
        found = issues.listing(session, category=category or None, words=words, retired=True)
    shown: list[Any] = [known.entry(issue, scope.today) for issue in found]
    shown = shown or [nothing(_("No known problem fits. Try fewer words."))]
    return shown, words, category or EVERY


def _written(typed: Typed, now: datetime) -> dict[str, Any]:
    texts = {name: typed[name] for name in issues.TEXTS}
    more = {"category": typed["category"], "words": typed["words"]}
    return {**texts, **more, "review_on": a_day(typed["review_on"])}


def _looked_at(typed: Typed, now: datetime) -> dict[str, Any]:
    day = a_day(typed["review_on"])
    if day is None:
        raise Refused("Please give the day of the next review.")
    return {"review_on": day, "today": clock.scope("").today}


READERS: dict[str, Callable[[Typed, datetime], dict[str, Any]]] = {
    "add": _written,
    "edit": _written,
    "reviewed": _looked_at,
    "retire": lambda typed, now: {},
    "restore": lambda typed, now: {},
}


def _write(session: Session, sent: Sent) -> Saved:
    """Do what the form is for; a new problem has a page of its own."""
    if sent.form not in READERS:
        raise NotFound("There is no such form.")
    run, said = COMMANDS[f"issues.{sent.form}"].run, READERS[sent.form](sent.typed, sent.now)
    if sent.form == "add":
        return Saved(href=urls.issue(str(run(session, now=sent.now, **said))))
    run(session, now=sent.now, code=_code(sent), version=sent.version, **said)
    return Saved()


def _drawn(session: Session, sent: Sent) -> Any:
    found = issues.find(session, _code(sent))
    return body(session, found, sent.person, clock.scope("")) if found else no_update


def _code(sent: Sent) -> str:
    return str(sent.record)[:CODED]


saving.of_record(Library, ids.issue_save, may=(Right.RUN_IMPROVEMENTS,), write=_write, draw=_drawn)
