"""Time every metric and every page on a large group, on both databases, and print the table.

    python -m bench.run M [--runs 20] [--database postgresql://…]

Without an address, a SQLite file and a PostgreSQL of its own are built under var/bench/ the first
time (some minutes for M). Everything is asked by somebody who has each store by name: keeping to
one's stores is part of the cost. What the application keeps between two questions is warm.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from unittest.mock import patch

import click

from bench import jobs
from bench.generate import AS_OF, SIZES
from bench.groups import counts, databases
from bench.timing import Timing, timed
from callbacks import clock
from dashboard import log
from dashboard.app import House, create_app
from dashboard.settings import Settings
from data import db

PACKAGES = ("dash", "pandas", "sqlalchemy", "psycopg")
GIB = 2**30


def measure(app: House, url: str, runs: int, only: str) -> tuple[str, str, dict[str, Timing]]:
    """The database's name, its rows in words, and how long each job takes on it."""
    engine = db.connect(url)
    name = jobs.server_version(engine)
    rows = ", ".join(f"{count:,} {table}" for table, count in counts(engine).items())
    found = {}
    for label, work in jobs.every(app):
        if only in label:
            found[label] = timed(work, runs)
            click.echo(f"{name:<18}{label:<60}{found[label]}", err=True)
    engine.dispose()
    return name, rows, found


def table(columns: Sequence[tuple[str, dict[str, Timing]]]) -> str:
    """The timings side by side, a line for each job, as Markdown."""
    heads = [f"{name} median | p95" for name, _ in columns]
    lines = [f"| ms | {' | '.join(heads)} |", f"|---|{'---:|---:|' * len(columns)}"]
    for label in columns[0][1]:
        cells = (found[label] for _, found in columns)
        lines.append(f"| {label} | {' | '.join(f'{c.median:.0f} | {c.p95:.0f}' for c in cells)} |")
    return "\n".join(lines)


def circumstances(size: str, runs: int, rows: str) -> str:
    """Where, when and on how much this was measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{size}: {rows}. {runs} runs of each, one after the other, on {os.cpu_count()} cores and "
        f"{memory:.0f} GiB; {datetime.now(UTC):%Y-%m-%d}; {versions}."
    )


@click.command()
@click.argument("size", type=click.Choice(list(SIZES)))
@click.option("--database", "given", multiple=True, help="Measure these instead. Empty: filled.")
@click.option("--runs", default=20, show_default=True, type=click.IntRange(min=2))
@click.option("--only", default="", help="What the name of a job must contain.")
def main(size: str, given: tuple[str, ...], runs: int, only: str) -> None:
    """Build what is missing, measure, and print a Markdown table."""
    with databases(size, given) as urls, patch.object(clock, "now", lambda: AS_OF):
        settings = Settings(database_url=urls[0], log_level="error")
        log.set_up(settings)
        app = create_app(settings)
        measured = [measure(app, url, runs, only) for url in urls]
    click.echo(circumstances(size, runs, measured[0][1]) + "\n")
    click.echo(table([(name, found) for name, _, found in measured]))


if __name__ == "__main__":
    main()
