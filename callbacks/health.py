"""The marks on tiles: one look at the data's health for the whole page, not one for each tile."""

from typing import Any

from dash import (
    ALL,
    ClientsideFunction,
    Input,
    NoUpdate,
    Output,
    State,
    clientside_callback,
    no_update,
)

from callbacks import clock
from dashboard import formats, ids, sessions, urls
from dashboard.doors import SIGNED_IN, callback
from dashboard.i18n import _
from dashboard.ids import Shell
from dashboard.words import word
from data import answers, db
from data.metrics.health import data_health, moved
from data.person import Right


@callback(
    Output(Shell.FAULTS, "data"),
    Input(Shell.URL, "search"),
    Input(Shell.FRESH, "data"),
    Input(ids.mark(ALL, ALL), "id"),
    may=(SIGNED_IN,),
    on_error=lambda error: no_update,
)
def look(search: str, _fresh: str | None, marks: list[Any]) -> dict[str, Any] | NoUpdate:
    """What may be wrong with the tiles on screen: the words for each metric, and where to read on.

    A failure of this look leaves the tiles as they are: they say what was counted in any case.
    """
    person = sessions.current_person()
    if not marks or not person.may(Right.SEE_FIGURES):
        return no_update
    with db.reading(as_=person) as session:
        found = moved(answers.ask(data_health, session, clock.scope(search)))
    words = {metric: " ".join(map(_said, rows)) for metric, rows in found.items()}
    return {"words": words, "href": urls.data_health(urls.read(search).plain())}


def _said(row: dict[str, Any]) -> str:
    return _(
        "{fault}: {count} of {of}.",
        fault=word("fault", row["fault"]),
        count=formats.number(row["count"]),
        of=formats.number(row["of"]),
    )


clientside_callback(
    ClientsideFunction("house", "marked"),
    Output(ids.mark(ALL, ALL), "className"),
    Output(ids.mark(ALL, ALL), "title"),
    Output(ids.mark(ALL, ALL), "href"),
    Output(ids.mark_words(ALL, ALL), "children"),
    Input(Shell.FAULTS, "data"),
    State(ids.mark(ALL, ALL), "id"),
)
