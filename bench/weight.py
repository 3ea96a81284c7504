"""What each page weighs, and when its charts are there, in a browser that has never been here.

    python -m bench.weight [--database ADDRESS] [--page /complaints]

Each page is opened twice, with nothing kept and with all that may be kept. Beside it stands a page
with a single graph on the same script. Bytes are those on the wire, compressed. Cards further down
come when somebody scrolls, and are among them with --whole alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from statistics import median
from time import sleep

import click
from playwright.sync_api import Browser

from bench.groups import LOGIN, served
from bench.opening import Opening, browser, visits
from bench.serving import STARTED, serving, serving_beside
from data.person import Right
from pages import PAGES, right_of_page

RUNS = 3
KB = 1000
HEADS = (
    *("page", "requests", "kB", "scripts", "answers", "second: kB", "requests"),
    *("charts", "first ms", "last ms", "× bare", "all cards ms"),
)
BARE = "a single graph"
Pair = tuple[Opening, Opening]  # the first opening and the second


def overview(chromium: Browser, url: str) -> tuple[float, float]:
    """When the last card of the overview is filled: with no answer kept, and again; ms."""
    runs = []
    for _ in range(RUNS):
        with serving(url) as site:
            sleep(STARTED)
            runs.append([visits(chromium, f"{site}/", LOGIN)[0].filled for _ in range(2)])
    first, again = (median(times) for times in zip(*runs, strict=True))
    return first, again


def paths() -> Iterator[str]:
    """The addresses a manager may open that need no number."""
    for page in PAGES:
        if "<" not in page.PATH and right_of_page(page) is not Right.ADMINISTER:
            yield page.PATH


def weigh(
    chromium: Browser, site: str, bare: str, wanted: Sequence[str], *, whole: bool = False
) -> dict[str, Pair]:
    """The page with a single graph and each of ours, typical of some openings in turn."""
    places = {BARE: (f"{bare}/", ""), **{path: (site + path, LOGIN) for path in wanted}}
    for path in wanted:
        visits(
            chromium, *places[path], whole=whole
        )  # what the server keeps is warm; the browser is not
    runs = [
        {name: visits(chromium, *place, whole=whole) for name, place in places.items()}
        for _ in range(RUNS)
    ]
    return {name: typical([run[name] for run in runs]) for name in places}


def typical(runs: Sequence[Pair]) -> Pair:
    """The run whose last chart came neither soonest nor latest."""
    return sorted(runs, key=lambda run: max(run[0].drawn, default=0))[len(runs) // 2]


def table(found: dict[str, Pair]) -> str:
    """The pages one below the other, as Markdown."""
    bare = found[BARE][0].drawn[-1]
    lines = [f"| {' | '.join(HEADS)} |", f"|---|{'---:|' * (len(HEADS) - 1)}"]
    return "\n".join(lines + [_line(name, *pair, bare) for name, pair in found.items()])


def _line(name: str, first: Opening, second: Opening, bare: float) -> str:
    sizes = (first.bytes, first.came.get("scripts", 0), first.came.get("answers", 0), second.bytes)
    weight, scripts, answers, again = (f"{size / KB:,.0f}" for size in sizes)
    ends = first.drawn and (first.drawn[0], first.drawn[-1])
    drawn = [f"{ms:,.0f}" for ms in ends] + [f"{ends[-1] / bare:.2f}"] if ends else ["–"] * 3
    cells = (name, first.requests, weight, scripts, answers, again, second.requests)
    return f"| {' | '.join(map(str, (*cells, len(first.drawn), *drawn, f'{first.filled:,.0f}')))} |"


@click.command()
@click.option("--database", help="A filled database.  [default: the group S in PostgreSQL]")
@click.option("--page", "wanted", multiple=True, help="Only this one; may be given again.")
@click.option("--whole", is_flag=True, help="Also the cards further down, all at once.")
def main(database: str | None, wanted: tuple[str, ...], whole: bool) -> None:
    """Open every page and print a Markdown table."""
    with ExitStack() as running:
        url = database or running.enter_context(served("S"))
        site = running.enter_context(serving(url))
        bare = running.enter_context(serving_beside("bare"))
        found = weigh(
            running.enter_context(browser()), site, bare, wanted or [*paths()], whole=whole
        )
    click.echo(table(found))


if __name__ == "__main__":
    main()
