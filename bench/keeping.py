"""How long the daily sums take: all of them anew, and after a thousand rows have changed.

    python -m bench.keeping [M]

A copy of the group is written to, and dropped in the end.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import click
from sqlalchemy import select

from bench.groups import served
from bench.thirteen import SIZES
from bench.timing import once
from bench.writes import copied
from data import db, sums
from data.models import Followup, SurveyResponse
from data.person import SYSTEM

CHANGED = 1_000


class Kept(NamedTuple):
    """Seconds, and how many days of stores were worked out in them."""

    anew: float
    newest: float
    newest_days: int
    strewn: float
    strewn_days: int


def measure(url: str) -> Kept:
    """Work out all of it; then what the newest calls and answers touch, and some of all times."""
    engine = db.connect(url)
    with db.writing(by=SYSTEM) as session:
        sums.forget(session.connection())
    anew, _days = _refreshed()
    _touch(lambda ids, _every: ids[-CHANGED // 2 :])
    newest = _refreshed()
    _touch(lambda ids, every: ids[::every][: CHANGED // 2])
    strewn = _refreshed()
    engine.dispose()
    return Kept(anew, *newest, *strewn)


def _touch(which: Callable[[list[int], int], list[int]]) -> None:
    """Note so many rows as changed, half of them calls, half answers."""
    days = {Followup: Followup.due_on, SurveyResponse: SurveyResponse.answered_on}
    with db.writing(by=SYSTEM) as session:
        for model, day in days.items():
            past = select(model.id).where(day <= datetime.now(UTC).date()).order_by(day)
            ids = list(session.scalars(past))
            every = max(1, len(ids) * 2 // CHANGED)
            sums.mark(session.connection(), model, which(ids, every))


def _refreshed() -> tuple[float, int]:
    days: list[int] = []
    now = datetime.now(UTC)
    taken = once(lambda: days.append(sums.refresh(now=now)))
    return taken / 1000, days[0]


@click.command()
@click.argument("size", type=click.Choice(SIZES), default="M")
def main(size: str) -> None:
    """Print a Markdown table of seconds."""
    with served(size) as url, copied(url) as copy:
        found = measure(copy)
    click.echo("| | days of stores | s |\n|---|---:|---:|")
    click.echo(f"| all anew | – | {found.anew:.1f} |")
    click.echo(f"| after the newest {CHANGED:,} | {found.newest_days:,} | {found.newest:.2f} |")
    click.echo(f"| after {CHANGED:,} of all times | {found.strewn_days:,} | {found.strewn:.2f} |")


if __name__ == "__main__":
    main()
