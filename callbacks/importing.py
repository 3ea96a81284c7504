"""The steps of an import: each button changes how the file is read, or lets it be read."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import (
    ALL,
    MATCH,
    ClientsideFunction,
    Input,
    NoUpdate,
    Output,
    State,
    clientside_callback,
    no_update,
    set_props,
)

from callbacks import clock
from callbacks.shell import edition
from dashboard import forms, ids, sessions, shell, uploads
from dashboard.doors import callback
from dashboard.forms import Typed
from dashboard.ids import Import, Shell
from dashboard.uploads import Upload, ownwords
from data import db, lookups
from data.commands import Forbidden, NotFound, Refused
from data.importing.kinds import KINDS
from data.importing.mapping import ORDERS
from data.person import Person, Right
from pages.importing.body import Bench, body
from pages.importing.columns import COLUMN, FORM, NOTHING, SHARED, meanings
from pages.importing.sending import headings

Drawn = tuple[list[Any] | NoUpdate, bool | NoUpdate]
AS_IT_IS: Drawn = (no_update, no_update)


@callback(
    Output(Import.HEADINGS, "children"),
    Input(Import.KIND, "value"),
    may=(Right.ADMINISTER,),
)
def explain(kind: str | None) -> Any:
    """Say which headings are understood in a table of the chosen kind."""
    return headings(kind) if kind in KINDS else no_update


clientside_callback(
    ClientsideFunction("importing", "chosen"),
    Output(Import.DROP, "title"),
    Input(Import.STORE, "value"),
    Input(Import.KIND, "value"),
)


@callback(
    Output(Import.BODY, "children", allow_duplicate=True),
    Output(Import.TICK, "disabled", allow_duplicate=True),
    Input(Import.ARRIVED, "data"),
    may=(Right.ADMINISTER,),
    prevent_initial_call=True,
)
def arrived(token: str | None) -> Drawn:
    """Show what was recognised in the file that has just been sent."""
    return drawn(administrator()) if token else AS_IT_IS


@callback(
    Output(Import.BODY, "children", allow_duplicate=True),
    Output(Import.TICK, "disabled", allow_duplicate=True),
    Input(Import.TICK, "n_intervals"),
    may=(Right.ADMINISTER,),
    prevent_initial_call=True,
)
def tick(ticks: int | None) -> Drawn:
    """Show how far the reading is, and in the end what came of it."""
    if not ticks:
        return AS_IT_IS
    found = drawn(administrator())
    if found[1]:
        set_props(Shell.FRESH, {"data": edition()})
    return found


@callback(
    Output(Import.BODY, "children"),
    Output(Import.TICK, "disabled"),
    Input(ids.import_step(MATCH), "n_clicks"),
    State(ids.import_step(MATCH), "id"),
    State(ids.field(FORM, ALL), "value"),
    State(ids.field(FORM, ALL), "id"),
    State(Import.TOKEN, "data"),
    may=(Right.ADMINISTER,),
    running=[(Output(ids.import_step(MATCH), "disabled"), True, False)],
    prevent_initial_call=True,
)
def step(
    clicks: int | None,
    button: dict[str, str],
    typed: Sequence[Any],
    fields: Sequence[dict[str, str]],
    token: str,
) -> Drawn:
    """Look at the file anew, check it, read it in, or put it away for another."""
    if not clicks:
        return AS_IT_IS
    person, now = administrator(), clock.now()
    upload, do = uploads.named(person, token), button.get("do")
    if do == "another":
        uploads.forget(person, now=now)
        return drawn(person)
    wanted = _as_chosen(upload, forms.values(fields, typed), person)
    if wanted != upload or do == "look":
        upload = uploads.look(wanted, person=person, now=now)
    if do not in ("check", "import") or not upload.preview:
        return drawn(person)
    uploads.begin(upload, person=person, now=now, dry=do == "check")
    with shell.drawing():
        return drawn(person)


def administrator() -> Person:
    """Who is asking, if that person may import; refused otherwise."""
    person = sessions.current_person()
    if not person.may(Right.ADMINISTER):
        raise Forbidden("Your role does not allow this.")
    return person


def checked_store(person: Person, store: str) -> str:
    """The code of a store of this person's; refused if there is no such store for them."""
    with db.reading(as_=person) as session:
        if store not in dict(lookups.stores(session)):
            raise NotFound("There is no store {code}.", code=store[:40])
    return store


def checked_kind(kind: str) -> str:
    """A kind of table that can be read; refused if it is none."""
    if kind not in KINDS:
        raise Refused("Choose first what the file holds.")
    return kind


def drawn(person: Person) -> Drawn:
    """The steps as they stand for this person, and whether nothing is running."""
    with db.reading(as_=person) as session:
        stores = lookups.stores(session)
    upload = uploads.current(person)
    standing = uploads.standing(upload, clock.now()) if upload else None
    bench = Bench(stores=stores, upload=upload, standing=standing)
    return body(bench), not bench.running


def _as_chosen(upload: Upload, said: Typed, person: Person) -> Upload:
    """The file as it shall be read by what was chosen in the form."""
    kind = checked_kind(said["kind"])
    own = ownwords.with_order(upload.own, said["order"] if said["order"] in ORDERS else "")
    if kind == upload.kind == "customers":
        own = ownwords.with_shared_phones(own, said["phones"] == SHARED)
    same = kind == upload.kind
    own = ownwords.with_columns(own, _columns(upload, said)) if same else ownwords.plain(own)
    store = checked_store(person, said["store"])
    return replace(upload, store=store, kind=kind, own=own, sheet=_sheet(upload, said["sheet"]))


def _sheet(upload: Upload, wanted: str) -> str | None:
    """The sheet that was chosen; the one found by itself is no choice."""
    seen = upload.preview
    chosen = seen and wanted in seen.sheets and wanted != seen.sheet
    return wanted if chosen else upload.sheet


def _columns(upload: Upload, said: Typed) -> dict[str, str]:
    """The columns that shall be read as something else than until now."""
    known = KINDS[upload.kind].words
    chosen = {
        heading: (said[f"{COLUMN}{place}"], field)
        for place, (heading, field) in enumerate(meanings(upload))
    }
    return {
        heading: wanted.removeprefix(NOTHING)
        for heading, (wanted, field) in chosen.items()
        if wanted != (field or NOTHING) and (wanted in known or wanted == NOTHING)
    }
