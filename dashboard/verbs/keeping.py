"""backup, restore: a copy of the embedded database for the day it is needed, and the way back."""

from datetime import UTC, datetime
from pathlib import Path

import click

from dashboard.settings import Settings
from data import keeping

FILE = click.Path(dir_okay=False, resolve_path=True, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write a complete, checked copy of the database to the new FILE; people may go on working."""
    size = keeping.backup(Settings.read().database_url, file)
    click.echo(f"{file} holds the whole database ({size:,} bytes, every page checked).")


@click.command()
@click.argument("file", type=FILE)
def restore(file: Path) -> None:
    """Put the backup FILE in the place of the database, which is kept beside it under a new name.

    Stop the server and the worker first.
    """
    settings = Settings.read()
    done = keeping.restore(settings.database_url, file, now=datetime.now(UTC))
    click.echo(f"{file} is the database now: everybody signs in again.")
    if done.aside:
        click.echo(f"What was there before is kept as {done.aside}.")
    if not done.newest:
        click.echo(
            "It was made by an older version: `upgrade`, or `run`, brings it up to this one."
        )


VERBS = (backup, restore)
