"""The thirteen questions people ask most, through HTTP, beside bare counting and other dashboards.

    python -m bench.thirteen M [--peer naive] [--peer superset] [--period all]

Each is asked of a real server with two workers by somebody who has every store by name: when
nothing is kept yet, and again. Beside it the metric is counted in this process, without a screen;
and, if wanted, others are asked the same: `bench.naive`, and `bench.superset`, which is warm by
then, counting anew and from what it keeps.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from statistics import median
from time import sleep
from typing import Any

import click

from bench import naive, superset
from bench.groups import LARGE, LOGIN, served
from bench.jobs import ZONE, somebody
from bench.serving import STARTED, serving, serving_beside
from bench.timing import once, timed
from bench.visit import Visit
from bench.wire import Wire
from dashboard import urls
from dashboard.app import House, create_app
from dashboard.settings import Settings
from dashboard.widgets import Ask
from data import db
from data.demo.stores import PASSWORD
from data.person import Person
from data.scope import Scope
from pages import CHARTS, TABLES

RUNS, STARTS = 5, 3
SIZES = ("S", "M", LARGE)
CHART, LIST = "drawing", "table"
ASKED = (  # the naive way to count it, and the card that shows it
    (naive.completion, CHART, "followups-completion-trend"),
    (naive.by_agent, CHART, "followups-by-agent"),
    (naive.reach, CHART, "followups-reach"),
    (naive.satisfied, CHART, "satisfaction-t2b-trend"),
    (naive.promoters, CHART, "satisfaction-nps-trend"),
    (naive.dimensions, CHART, "satisfaction-quadrants"),
    (naive.ageing, CHART, "complaints-ageing"),
    (naive.first_reply, CHART, "complaints-reply-trend"),
    (naive.pareto, CHART, "complaints-main-categories"),
    (naive.cohorts, CHART, "retention-cohorts"),
    (naive.away, CHART, "retention-classes"),
    (naive.who_is_away, LIST, "retention-vehicles"),
    (naive.actions, CHART, "actions-status"),
)
OURS = ("nothing kept", "again")
UNCACHED, CACHED = "Superset uncached", "Superset cached"
Columns = dict[str, list[float]]


@dataclass
class Found:
    """Milliseconds of each question, by column."""

    ms: Columns = field(default_factory=dict)

    def whole(self, column: str) -> float:
        """All thirteen together."""
        return sum(self.ms.get(column, []))


def measure(app: House, url: str, *, period: str, peers: Collection[str]) -> Found:
    """Ask everything of the database at `url`, and the same of `peers`."""
    engine = db.connect(url)
    found, search = Found(), urls.search_for(urls.View(period=period))
    runs = [_asked(app, url, search) for _ in range(STARTS)]
    for place, column in enumerate(OURS):
        found.ms[column] = [median(ms) for ms in zip(*(run[place] for run in runs), strict=True)]
    found.ms["bare"] = [timed(work, RUNS).median for work in _bare(somebody(), period)]
    for peer in peers:
        found.ms |= PEERS[peer](url)
    engine.dispose()
    return found


def _asked(app: House, url: str, search: str) -> tuple[list[float], list[float]]:
    """Each question of a server that keeps no answers yet, and again."""
    with serving(url) as site:
        sleep(STARTED)
        visit = Visit(app, LOGIN, PASSWORD, Wire(site))
        works = [partial(visit.card, kind, name, search) for _, kind, name in ASKED]
        return [once(work) for work in works], [timed(work, RUNS).median for work in works]


def _bare(person: Person, period: str) -> Iterator[Callable[[], object]]:
    """The counting alone, without what is kept and without a screen."""
    scope = urls.View(period=period).scope(now=datetime.now(UTC), zone=ZONE)
    for _, kind, name in ASKED:
        yield partial(_counted, person, kind, name, scope)


def _counted(person: Person, kind: str, name: str, scope: Scope) -> None:
    with db.reading(as_=person) as session:
        if kind == LIST:
            _widget(TABLES, name).rows(session, scope, Ask())
            return
        chart = _widget(CHARTS, name)
        chart.metric(session, scope, **chart.asked(scope))


def _widget(registry: Iterable[Any], name: str) -> Any:
    return next(one for one in registry if one.name == name)


def _naive(url: str) -> Columns:
    """Each question of the naive dashboard, once: it is in no hurry."""
    with serving_beside("naive", **{naive.DATABASE: url}) as site:
        wire = Wire(site)
        return {"naive": [once(partial(_figure, wire, name)) for name in _names()]}


def _figure(wire: Wire, name: str) -> None:
    output = {"id": name, "property": "figure"}
    given = [{"id": "go", "property": "value", "value": ""}]
    body = {"output": f"{name}.figure", "outputs": output, "inputs": given}
    answer = wire.post("/_dash-update-component", json=body | {"changedPropIds": ["go.value"]})
    assert answer.status_code == 200, answer.text


def _superset(url: str) -> Columns:
    """Each question of a Superset, counted anew, and from what it keeps then."""
    with superset.serving(url) as charts:
        return {
            column: [timed(partial(charts.ask, name, anew=anew), RUNS).median for name in _names()]
            for column, anew in ((UNCACHED, True), (CACHED, False))
        }


def _names() -> Iterator[str]:
    """What others call the questions."""
    return (question.__name__ for question, *_ in ASKED)


PEERS: dict[str, Callable[[str], Columns]] = {"naive": _naive, "superset": _superset}


def table(found: Found) -> str:
    """The questions one below the other, as Markdown."""
    columns = [*found.ms]
    lines = [f"| ms | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    for place, (question, *_) in enumerate(ASKED):
        cells = " | ".join(f"{found.ms[column][place]:,.0f}" for column in columns)
        lines.append(f"| {(question.__doc__ or '').rstrip('.')} | {cells} |")
    whole = " | ".join(f"{found.whole(column):,.0f}" for column in columns)
    return "\n".join([*lines, f"| **all thirteen** | {whole} |"])


@contextmanager
def asking(size: str) -> Iterator[tuple[House, str]]:
    """The application whose callbacks are asked, and the address of a group of this size."""
    with served(size) as url:
        yield create_app(Settings(database_url=url, log_level="error")), url


@click.command()
@click.argument("size", type=click.Choice(SIZES))
@click.option("--period", default=urls.USUAL, show_default=True)
@click.option("--peer", "peers", multiple=True, type=click.Choice([*PEERS]), help="Ask it as well.")
def main(size: str, period: str, peers: tuple[str, ...]) -> None:
    """Ask the thirteen questions and print a Markdown table."""
    with asking(size) as (app, url):
        click.echo(table(measure(app, url, period=period, peers=peers)))


if __name__ == "__main__":
    main()
