"""Screens on walls and people who click, all at once, on a copy of the group M.

    python -m bench.load [--screens 50] [--people 60]

The crowd is that of the tests under load: everybody deals clicks from a shuffled deck.
"""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench.groups import served
from bench.writes import copied
from dashboard.app import House, create_app
from dashboard.settings import Settings
from tests.torture import crowd, seating
from tests.torture.crowd import Some
from tests.torture.house import house

SCREENS_ASK, ROUNDS = 30, 6  # seconds, times
PAUSE, CLICKS = 3, 60
WARMING = 20  # clicks of each before the clock starts: a server lives for days
Spread = tuple[int, int, int]  # ms: half, 95 of 100 and all of the answers


def measure(app: House, url: str, screens: int, people: int) -> tuple[Spread, int]:
    """How long the people waited, screens asking meanwhile, and how many answers failed."""
    with TemporaryDirectory() as folder, house(url, Path(folder)) as site:
        watching = Some(seating.screens(site, screens), SCREENS_ASK, ROUNDS)
        clicking = Some(seating.people(site, app.callback_map, people), PAUSE, CLICKS)
        crowd.live(replace(watching, times=1), replace(clicking, times=WARMING))
        asked = crowd.live(watching, clicking)
    clicks = [one for one in asked if one.kind != "screen"]
    return crowd.spread(clicks), sum(bool(one.trouble) for one in asked)


@click.command()
@click.option("--screens", default=50, show_default=True)
@click.option("--people", default=60, show_default=True)
def main(screens: int, people: int) -> None:
    """Let the crowd live for three minutes and print what it waited."""
    with served("M") as url, copied(url) as copy:
        app = create_app(Settings(database_url=copy, log_level="error"))
        (half, most, longest), failed = measure(app, copy, screens, people)
    click.echo(f"{screens} screens, {people} people: p50 {half} ms, p95 {most} ms,")
    click.echo(f"slowest {longest} ms; {failed} failed.")


if __name__ == "__main__":
    main()
