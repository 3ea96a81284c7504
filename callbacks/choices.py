"""What the reader chooses about charts, and the address, say the same thing."""

from dataclasses import replace

from dash import ALL, MATCH, Input, NoUpdate, Output, State, no_update

from callbacks import clock
from dashboard import ids, urls
from dashboard.doors import SIGNED_IN, callback
from dashboard.ids import Shell
from pages import choices


@callback(
    Output(Shell.GO, "data", allow_duplicate=True),
    Input(ids.choice(ALL), "value"),
    State(ids.choice(ALL), "id"),
    State(Shell.URL, "search"),
    may=(SIGNED_IN,),
    prevent_initial_call=True,
)
def to_address(
    values: list[str | None], names: list[dict[str, str]], search: str
) -> str | NoUpdate:
    """Write what was chosen into the address; the usual is left out."""
    view, known = urls.read(search), choices()
    chosen = {name["key"]: value for name, value in zip(names, values, strict=True)}
    kept = [pair for pair in view.drill if pair[0] not in chosen]
    for key, value in chosen.items():
        if value and key in known and known[key].says(value):
            kept.append((key, value))
    wanted = urls.search_for(replace(view, drill=tuple(sorted(kept))))
    same = urls.read(wanted) == urls.read(search)
    return no_update if same else wanted


@callback(
    Output(ids.choice(MATCH), "value"),
    Input(Shell.URL, "search"),
    State(ids.choice(MATCH), "id"),
    may=(SIGNED_IN,),
)
def from_address(search: str, choice: dict[str, str]) -> str | NoUpdate:
    """Show what the address asks for."""
    found = choices().get(choice["key"])
    return found.of(clock.scope(search)) if found else no_update
