"""rule: which callbacks are made by themselves."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from dashboard.verbs.common import opened
from data import db
from data.commands import rules as changes
from data.person import SYSTEM
from data.rules import listed


@click.group()
def rule() -> None:
    """Callback rules: which callbacks are made by themselves."""


@rule.command("list")
def list_rules() -> None:
    """The rules, one a line: code, on or off, since when, name."""
    opened()
    with db.reading(as_=SYSTEM) as session:
        for row in listed(session):
            since = row.starts_on.isoformat() if row.starts_on else ""
            click.echo("\t".join((row.code, "on" if row.active else "off", since, row.name)))


@rule.command("on")
@click.argument("code")
@click.option(
    "--hold-out",
    type=click.IntRange(0, 50),
    default=0,
    show_default=True,
    metavar="PERCENT",
    help="So many, drawn by lot, are not called, to compare with.",
)
def switch_on(code: str, hold_out: int) -> None:
    """Let the rule CODE make callbacks from today on."""
    settings, now = opened(), datetime.now(UTC)
    today = now.astimezone(ZoneInfo(settings.timezone)).date()
    with db.writing(by=SYSTEM) as session:
        changes.switch_on(session, code=code, now=now, today=today, hold_out=hold_out / 100)
    click.echo(f"The rule {code} makes callbacks from {today} on.")


@rule.command("off")
@click.argument("code")
def switch_off(code: str) -> None:
    """Let the rule CODE rest; callbacks it has made stay to be made."""
    opened()
    with db.writing(by=SYSTEM) as session:
        changes.switch_off(session, code=code, now=datetime.now(UTC))
    click.echo(f"The rule {code} rests.")


VERBS = (rule,)
