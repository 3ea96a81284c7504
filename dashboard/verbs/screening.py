"""screen: wall screens, which have a key instead of a login."""

from datetime import UTC, datetime

import click

from dashboard import urls
from dashboard.verbs.common import opened
from data import db, screens
from data.commands import screens as changes
from data.person import SYSTEM


@click.group()
def screen() -> None:
    """Wall screens."""


@screen.command("add")
@click.argument("name")
@click.option("--store", metavar="CODE", help="The store it shows; all of them if left out.")
@click.option(
    "--language", type=click.Choice(changes.LANGUAGES), default="both", show_default=True,
    help="Both: Chinese and English in turn.",
)  # fmt: skip
@click.option("--opens", default="08:00", show_default=True, help="From then on it is bright.")
@click.option("--closes", default="20:00", show_default=True, help="From then on it is dim.")
def add_screen(name: str, store: str | None, language: str, opens: str, closes: str) -> None:
    """Add a wall screen called NAME and show the link that makes a browser this screen, once."""
    opened()
    now, secret = datetime.now(UTC), screens.new_secret()
    with db.writing(by=SYSTEM) as session:
        number = changes.add_screen(
            session, name=name, secret=secret, now=now, store=store,
            language=language, opens=opens, closes=closes,
        )  # fmt: skip
    click.echo(f"Added the screen {number}. Open this on it within 24 hours (shown this once):")
    click.echo(urls.screen_link(secret))


@screen.command("revoke")
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """End the screen NUMBER: it shows nothing more."""
    opened()
    with db.writing(by=SYSTEM) as session:
        changes.revoke_screen(session, screen_id=number, now=datetime.now(UTC))
    click.echo(f"Revoked the screen {number}.")


@screen.command("list")
def list_screens() -> None:
    """The screens, one a line: number, name, store, language, hours, how it stands."""
    opened()
    with db.reading(as_=SYSTEM) as session:
        for one in screens.listed(session, now=datetime.now(UTC)):
            hours = f"{one.opens}-{one.closes}"
            told = (one.name, one.store or "all stores", one.language, hours, one.standing)
            click.echo("\t".join((str(one.id), *told)))


VERBS = (screen,)
