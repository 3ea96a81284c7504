"""plan and worker: the calls that are due, once or all the time."""

import json
import sys
from typing import Any

import click

from dashboard import log, worker
from dashboard.verbs.common import moment, opened
from data import planning
from data.churn import settling


@click.command()
@click.option("--as-of", help="The moment to plan for; without a zone by AFTERCARE_TIMEZONE.")
@click.option("--json", "as_object", is_flag=True, help="Say it as a JSON object.")
def plan(as_of: str | None, as_object: bool) -> None:
    """Make the callbacks that the rules ask for, and end those whose time is up.

    It reaches back as far as the data do, or as the rule's first day: an order whose time for a
    call is up already is noted as missed.
    """
    now = moment(as_of, opened().timezone)
    said: dict[str, Any] = {
        "as_of": now.isoformat(),
        "expired": planning.expire(now=now),
        "settled": settling.settle(now=now),
        "planned": [
            {"store": one.store, "rule": one.rule, **{kind: one.counts[kind] for kind in KINDS}}
            for one in planning.plan(now=now, late=None)
        ],
    }
    if as_object:
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    for one in said["planned"]:
        counts = ", ".join(f"{one[kind]:,} {kind}" for kind in KINDS)
        click.echo(f"{one['store']}\t{one['rule']}\t{counts}")
    click.echo(f"{said['expired']:,} callbacks were given up: their time was over.")
    click.echo(f"{said['settled']:,} vehicles that stayed away have come again.")


@click.command("worker")
def work() -> None:
    """Run the timed jobs until stopped: plan callbacks, end those whose time is up."""
    log.set_up(opened())
    sys.stdout.flush()
    worker.work()


KINDS = ("planned", "excluded", "missed")
VERBS = (plan, work)
