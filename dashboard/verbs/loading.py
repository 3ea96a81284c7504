"""load-demo, import and rollup: data in, and what is kept from them."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from dashboard.verbs.common import moment, opened
from data import accounts, db, demo, sums, visits
from data.commands import Refused
from data.importing.apart import run_import
from data.importing.kinds import KINDS
from data.importing.result import ImportResult, Remark, as_json
from data.person import SYSTEM

FILE = click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, writable=True, resolve_path=True, path_type=Path)


@click.command("load-demo")
@click.option("--stores", default=3, show_default=True, type=int)
@click.option("--years", default=3, show_default=True, type=int)
@click.option("--seed", default=4, show_default=True, type=int, help="The same gives the same.")
@click.option("--as-of", metavar="DATE", help="The day the data reach up to; now if left out.")
def load_demo(stores: int, years: int, seed: int, as_of: str | None) -> None:
    """Fill an empty database with a fictional dealer group."""
    until = moment(as_of, opened().timezone)
    loaded = demo.load(db.engine(), stores=stores, years=years, seed=seed, as_of=until)
    for table, count in loaded.rows.items():
        click.echo(f"{count:>10,} {table}")
    for login, password in loaded.passwords.items():
        click.echo(f"Login {login}, password {password}")


@click.command("import")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument("file", type=FILE)
@click.option("--store", help="Code of the store it belongs to; needed if there are several.")
@click.option("--sheet", help="Name of the sheet; the first that fits if left out.")
@click.option("--mapping", type=FILE, help="TOML with the dealer's own words.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--rejects", type=NEW_FILE, help="Where to write the refused rows, as CSV.")
@click.option("--json", "as_object", is_flag=True, help="Say it as a JSON object.")
def read_in(
    kind: str,
    file: Path,
    store: str | None,
    sheet: str | None,
    mapping: Path | None,
    dry_run: bool,
    rejects: Path | None,
    as_object: bool,
) -> None:
    """Read the spreadsheet FILE in as a table of KIND."""
    opened()
    done = run_import(
        kind,
        file,
        store_code=store or _only_store(),
        by=SYSTEM,
        now=datetime.now(UTC),
        sheet=sheet,
        mapping=mapping,
        dry_run=dry_run,
        rejects=rejects,
        on_progress=_progress(),
    )
    _say(done, as_object)


@click.command()
@click.option("--rebuild", is_flag=True, help="All of it, not only what has changed.")
def rollup(rebuild: bool) -> None:
    """Bring the daily sums up to date, as the worker does every minute.

    With --rebuild, work out all of them and the visits anew from their rows: needed only after
    something was written past Aftercare, straight into the database.
    """
    opened()
    if rebuild:
        with db.writing(by=SYSTEM) as session:
            count = visits.rebuild(session.connection())
            sums.forget(session.connection())
        click.echo(f"{count:,} visits.")
    days = sums.refresh(now=datetime.now(UTC))
    click.echo(f"{days:,} days of sums were worked out.")


VERBS = (load_demo, read_in, rollup)


def _only_store() -> str:
    with db.reading(as_=SYSTEM) as session:
        codes = [store.code for store in accounts.stores(session)]
    if not codes:
        raise Refused("There is no store yet: add one with `store add`.")
    if len(codes) > 1:
        raise Refused("There are several stores: say which one with --store.")
    return codes[0]


def _progress() -> Callable[[int, int], None] | None:
    """How far it is, for somebody who watches; nothing into a file or a pipe."""
    if not sys.stderr.isatty():
        return None
    return lambda done, whole: click.echo(f"\r{done:,} of {whole:,} lines", nl=False, err=True)


def _say(done: ImportResult, as_object: bool) -> None:
    if as_object:
        click.echo(json.dumps(as_json(done), ensure_ascii=False, indent=2))
        return
    for name, count in done.counts().items():
        click.echo(f"{name:<12}{count:>8}")
    for remark in (*done.notices, *done.refusals, *done.doubts):
        click.echo(f"{_place(remark)}{remark}")


def _place(remark: Remark) -> str:
    """Where it stands, before what is wrong with it."""
    if remark.line is None:
        return ""
    cell = f', {remark.column} "{remark.raw}"' if remark.column else ""
    return f"Line {remark.line}{cell}: "
