"""metrics: any number of the registry, for people and for scripts."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, cast

import click
from pandas import DataFrame

from dashboard.verbs.common import moment, opened
from data import accounts, db, metrics
from data.commands import NotFound
from data.exporting import Column, comma, kind_of
from data.exporting.cells import plain
from data.metrics import METRICS, Answer, Metric, UnknownOption
from data.person import SYSTEM
from data.scope import Scope

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("metrics")
@click.argument("name", required=False)
@click.option("--list", "listing", is_flag=True, help="Name all metrics.")
@click.option("--store", "stores", multiple=True, help="Code of a store; repeatable. Default: all.")
@click.option("--from", "start", type=DAY, help="First local day.")
@click.option("--to", "end", type=DAY, help="Last local day.")
@click.option("--as-of", help="The moment to ask about; without a zone by the store's clocks.")
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE", help="Repeatable.")
@click.option("--format", "shape", type=click.Choice(["json", "csv", "table"]), default="table")
def ask(
    name: str | None,
    listing: bool,
    stores: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    as_of: str | None,
    options: tuple[str, ...],
    shape: str,
) -> None:
    """Show the metric NAME for some stores and days, as it stood at a moment."""
    registry = _registry()
    if listing:
        _list(registry)
        return
    metric, chosen = _metric(registry, name), dict(_pair(option) for option in options)
    zone = _zone(stores, opened().timezone)
    scope = Scope(
        as_of=moment(as_of, zone),
        stores=stores,
        start=start.date() if start else None,
        end=end.date() if end else None,
        zone=zone,
        live=as_of is None,
    )
    SHAPES[shape](metric, scope, _answer(metric, scope, chosen))


VERBS = (ask,)


def _registry() -> dict[str, Metric]:
    for module in walk_packages(metrics.__path__, f"{metrics.__name__}."):
        import_module(module.name)
    return METRICS


def _list(registry: dict[str, Metric]) -> None:
    for code in sorted(registry):
        known = (f"{key}={'|'.join(values)}" for key, values in registry[code].options.items())
        click.echo("\t".join((code, registry[code].unit, registry[code].title, *known)))


def _metric(registry: dict[str, Metric], name: str | None) -> Metric:
    if name is None:
        raise click.UsageError("Name a metric, or use --list to see them all.")
    if name not in registry:
        raise click.UsageError(f"There is no metric {name}. Use --list to see them all.")
    return registry[name]


def _pair(option: str) -> tuple[str, str]:
    key, equals, value = option.partition("=")
    if not (key and equals):
        raise click.BadParameter(f"{option!r} is not KEY=VALUE.", param_hint="--option")
    return key, value


def _zone(stores: Sequence[str], usual: str) -> str:
    """The clocks to go by: the stores' own if they share them, else the installation's."""
    with db.reading(as_=SYSTEM) as session:
        zones = {store.code: store.zone for store in accounts.stores(session)}
    for code in stores:
        if code not in zones:
            raise NotFound("There is no store {code}.", code=code)
    asked = {zones[code] for code in stores or zones}
    return asked.pop() if len(asked) == 1 else usual


def _answer(metric: Metric, scope: Scope, options: dict[str, str]) -> Answer:
    try:
        with db.reading(as_=SYSTEM) as session:
            return metric(session, scope, **options)
    except UnknownOption as error:
        raise click.UsageError(str(error)) from None


def _as_json(metric: Metric, scope: Scope, answer: Answer) -> None:
    said = {
        "metric": metric.code,
        "as_of": scope.as_of.isoformat(),
        "scope": {
            "stores": list(scope.stores),
            "from": _word(scope.start),
            "to": _word(scope.end),
            "timezone": scope.zone,
        },
        "unit": metric.unit,
        "columns": list(answer.frame.columns),
        "rows": _spoken(_rows(answer)),
        "summary": _spoken(answer.summary),
    }
    click.echo(json.dumps(said, ensure_ascii=False, allow_nan=False, indent=2))


def _as_csv(_metric: Metric, scope: Scope, answer: Answer) -> None:
    rows = _rows(answer)
    first = rows[0] if rows else {}
    columns = [Column(key, key, kind_of(first.get(key))) for key in answer.frame.columns]
    for piece in comma(columns, rows, scope.zone, mark=""):
        click.echo(piece, nl=False)


def _as_table(metric: Metric, scope: Scope, answer: Answer) -> None:
    rows = _spoken(_rows(answer))
    click.echo(f"{metric.title} ({metric.unit}), as of {scope.as_of.isoformat()}")
    if rows:
        click.echo(DataFrame(rows).to_string(index=False, na_rep="–"))
    for key, value in _spoken(answer.summary).items():
        click.echo(f"{key}: {'–' if value is None else value}")


SHAPES: dict[str, Callable[[Metric, Scope, Answer], None]] = {
    "json": _as_json,
    "csv": _as_csv,
    "table": _as_table,
}


def _rows(answer: Answer) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", answer.frame.to_dict("records"))


def _spoken(value: Any) -> Any:
    """`value` with dates as ISO words and what is missing as None, however deep it lies."""
    if isinstance(value, dict):
        return {str(key): _spoken(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_spoken(inner) for inner in value]
    return _word(value)


def _word(value: Any) -> Any:
    value = plain(value)
    return value.isoformat() if isinstance(value, date) else value
