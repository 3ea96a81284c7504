"""subscription, messages: who gets reports by mail, and what became of what was sent."""

from datetime import UTC, datetime

import click

from dashboard.verbs.common import opened
from data import db, outbox, subscriptions
from data.commands import NotFound
from data.commands import messages as messaging
from data.commands import subscriptions as subscribing
from data.person import SYSTEM
from data.scope import Scope

SHOWN = 50


@click.group()
def subscription() -> None:
    """Reports by mail: who gets which."""


@subscription.command("add")
@click.argument("address")
@click.option("--store", required=True, metavar="CODE", help="The store it is about.")
@click.option("--report", required=True, type=click.Choice(subscribing.REPORTS))
@click.option(
    "--language", type=click.Choice(subscribing.LANGUAGES), default="zh", show_default=True
)
@click.option(
    "--format", "ending", type=click.Choice(subscribing.FORMATS), default="docx", show_default=True
)
def add_subscription(address: str, store: str, report: str, language: str, ending: str) -> None:
    """Let ADDRESS get a report each time one is due: weekly on Monday, monthly on the first."""
    opened()
    with db.writing(by=SYSTEM) as session:
        subscribing.subscribe(
            session,
            store=store,
            report=report,
            address=address,
            language=language,
            format=ending,
            now=datetime.now(UTC),
        )
    click.echo(f"{address} gets the {report} report of {store}.")


@subscription.command("list")
def list_subscriptions() -> None:
    """The subscriptions, one a line: store, report, address, language, format."""
    opened()
    with db.reading(as_=SYSTEM) as session:
        for row in subscriptions.active(session):
            click.echo(
                "\t".join((row["store"], row["report"], row["address"], row["language"],
                           row["format"]))
            )  # fmt: skip


@subscription.command("remove")
@click.argument("address")
@click.option("--store", required=True, metavar="CODE", help="The store it is about.")
@click.option("--report", required=True, type=click.Choice(subscribing.REPORTS))
def remove_subscription(address: str, store: str, report: str) -> None:
    """Send ADDRESS this report no more."""
    opened()
    wanted = {"store": store, "report": report, "address": address.strip().lower()}
    with db.writing(by=SYSTEM) as session:
        rows = subscriptions.active(session)
        found = next((row for row in rows if wanted.items() <= row.items()), None)
        if found is None:
            raise NotFound("There is no such subscription in your stores.")
        given = {"subscription_id": found["id"], "version": found["version"]}
        subscribing.unsubscribe(session, **given, now=datetime.now(UTC))
    click.echo(f"{address} gets the {report} report of {store} no more.")


@click.group()
def messages() -> None:
    """What was sent to other systems and by mail."""


@messages.command("list")
@click.option("--stuck", is_flag=True, help="Only what is sent no more by itself.")
@click.option("--count", type=click.IntRange(1, 10_000), default=SHOWN, show_default=True)
def list_messages(stuck: bool, count: int) -> None:
    """The newest messages, one a line: id, time, store, way, kind, how it stands, trouble."""
    opened()
    scope = Scope(as_of=datetime.now(UTC))
    with db.reading(as_=SYSTEM) as session:
        rows, _total = outbox.listing(session, scope, count=count, stuck=stuck)
    for row in rows:
        when = row["created_at"].isoformat(timespec="seconds")
        way = row["address"] or row["channel"]
        told = (when, row["store"], way, row["kind"], row["standing"], row["trouble"] or "")
        click.echo("\t".join((str(row["id"]), *told)))


@messages.command("retry")
@click.argument("ids", nargs=-1, type=int, required=True, metavar="ID...")
def retry(ids: tuple[int, ...]) -> None:
    """Send messages again that were given up, or of which nobody knows whether they arrived."""
    opened()
    with db.writing(by=SYSTEM) as session:
        for message_id in ids:
            messaging.retry(session, message_id=message_id, now=datetime.now(UTC))
    click.echo(f"{len(ids)} to be sent again by the worker.")


VERBS = (subscription, messages)
