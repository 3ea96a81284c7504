"""Screens on walls and people who click, all at once: everybody is answered, and in what time.

Times are told and insisted on by none: they belong to the machine. That nothing fails, that
everything was asked for, and what the server holds in memory is insisted on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread
from time import monotonic

import pytest

from tests.torture import crowd, seating
from tests.torture.conftest import rounds
from tests.torture.crowd import Some
from tests.torture.house import House, house

SCREENS_ASK, ROUNDS = rounds(1, 30), rounds(2, 6)  # seconds, times
PAUSE, CLICKS = rounds(0, 3), rounds(10, 60)
WARMING = rounds(1, 20)  # clicks of each person before the clock starts: a server lives for days
MOST_MB = 700
SIZES = [
    pytest.param(rounds(2, 50), rounds(10, 60), 300, id="the group"),
    pytest.param(rounds(4, 200), rounds(10, 200), 200, id="four times the group"),
]


@contextmanager
def weighed(site: House, every: float) -> Iterator[list[float]]:
    """What the server holds again and again, in MB."""
    found, over = [seating.memory(site)], Event()

    def weigh() -> None:
        while not over.wait(every):
            found.append(seating.memory(site))

    scales = Thread(target=weigh, daemon=True)
    scales.start()
    try:
        yield found
        found.append(seating.memory(site))
    finally:
        over.set()
        scales.join()


def database(url: str) -> str:
    return url.partition(":")[0]


def figures(asked: list[crowd.Asked], held: list[float], lasted: float, aim_ms: int) -> str:
    """What is told of it; if the aim is missed, also what takes longest."""
    half, most, longest = crowd.spread(asked)
    errors = sum(bool(one.trouble) for one in asked)
    said = (
        f"{len(asked):,} requests, {len(asked) / lasted:.0f} a second: p50 {half} ms, "
        f"p95 {most} ms, slowest {longest / 1000:.1f} s; {errors} errors; "
        f"at most {max(held):.0f} MB"
    )
    worst = (f"{name} {ms} ms" for name, ms, _times in crowd.slowest(asked))
    return said if most <= aim_ms else f"{said}. Slowest by p95: {', '.join(worst)}"


@pytest.fixture(scope="module")
def site(group, tmp_path_factory) -> Iterator[House]:
    with house(group, tmp_path_factory.mktemp("load")) as made:
        yield made


@pytest.mark.parametrize(("screens", "people", "aim_ms"), SIZES)
def test_everybody_is_answered(application, site, measured, screens, people, aim_ms):
    watching = Some(seating.screens(site, screens), SCREENS_ASK, ROUNDS)
    clicking = Some(seating.people(site, application.callback_map, people), PAUSE, CLICKS)
    with weighed(site, rounds(1, 5)) as held:
        warm = crowd.live(replace(watching, times=1), replace(clicking, times=WARMING))
        assert crowd.troubles(warm) == []
        began = monotonic()
        asked = crowd.live(watching, clicking)
        lasted = monotonic() - began
    found = figures(asked, held, lasted, aim_ms)
    assert crowd.troubles(asked) == [], found
    assert {one.kind for one in asked} == {*crowd.MIX, "screen"}
    assert len(asked) == people * CLICKS + screens * ROUNDS
    measured(
        gate=f"load: {screens} screens every {SCREENS_ASK} s, {people} people every {PAUSE} s",
        aim=f"p95 ≤ {aim_ms} ms, 0 errors, ≤ {MOST_MB} MB",
        figure=found,
        database=database(site.url),
    )
    assert max(held) <= MOST_MB
