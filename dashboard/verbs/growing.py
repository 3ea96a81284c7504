"""distribute: the tables of a PostgreSQL with Citus are spread over its machines by store."""

import click

from dashboard.verbs.common import opened
from data import db, spreading


@click.command()
def distribute() -> None:
    """Spread the tables of a PostgreSQL with Citus over its machines by store.

    Stop the web servers and the worker first. Run twice it changes nothing; one that was stopped
    half-way is run again.
    """
    opened()
    done = spreading.spread(db.engine())
    for name in done.copied:
        click.echo(f"{name}: a copy on each machine")
    for name in done.spread:
        click.echo(f"{name}: spread by store")
    if not (done.copied or done.spread):
        click.echo("Every table has its place already.")
    click.echo(f"Machines that hold the rows of stores: {done.machines}.")


VERBS = (distribute,)
