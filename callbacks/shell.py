"""The frame: its links carry the filters, it notices what is new, and it changes its theme."""

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
from dashboard import ids, sessions, urls
from dashboard.doors import SIGNED_IN, callback
from dashboard.ids import Shell
from data import answers, db, editions
from data.lookups import Session


@callback(
    Output(ids.nav(ALL), "href"),
    Input(Shell.URL, "search"),
    State(ids.nav(ALL), "id"),
    may=(SIGNED_IN,),
)
def carry(search: str, links: list[dict[str, Any]]) -> list[str]:
    """Every page opens with the filters of this one, without its narrowing."""
    view = urls.read(search).plain()
    return [urls.page(str(link["path"]), view) for link in links]


@callback(
    Output(Shell.FRESH, "data"),
    Input(Shell.REFRESH, "n_intervals"),
    State(Shell.FRESH, "data"),
    may=(SIGNED_IN,),
    prevent_initial_call=True,
    on_error=lambda error: no_update,
)
def freshen(_ticks: int | None, known: str | None) -> str | NoUpdate:
    """Draw anew only when something was written, or when time alone has made figures old."""
    found = edition()
    return no_update if found == known else found


def edition() -> str:
    """A word that changes when figures may have changed for the person who asks."""
    with db.glancing(as_=sessions.current_person()) as session:
        return edition_in(session)


def edition_in(session: Session) -> str:
    """The same, asked for together with what else is drawn."""
    moment = answers.lately(clock.now(), sessions.current_person())
    return f"{editions.edition(session)}@{moment.timestamp():.0f}"


# the filters of the address that a callback wants. What asks for the address does not wait for it:
# with an output here every card would be asked only when the filter bar has been
clientside_callback(
    ClientsideFunction("house", "gone"),
    Input(Shell.GO, "data"),
    prevent_initial_call=True,
)

clientside_callback(
    ClientsideFunction("house", "switched"),
    Output(Shell.THEME, "data"),
    Input(Shell.THEME_SWITCH, "n_clicks"),
    prevent_initial_call=True,
)
