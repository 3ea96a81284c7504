"""load-demo and import: data in."""

import click

from dashboard.verbs.common import moment, opened
from data import db, demo


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


VERBS = (load_demo,)
