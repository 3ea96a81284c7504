"""report: a month or a week as a file, for those who want it without a browser."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from dashboard import reports
from dashboard.i18n import LANGUAGES
from dashboard.verbs.common import opened
from data.commands import Refused

OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
LANGUAGE = click.option(
    "--language", type=click.Choice(list(LANGUAGES)), default="zh", help="Default: zh."
)


@click.group()
def report() -> None:
    """Write a report as XLSX or DOCX."""


@report.command()
@click.option("--month", required=True, help="The month, such as 2026-10.")
@click.option("--store", help="Code of a store. Default: all of them together.")
@click.option("--out", required=True, type=OUT, help="The file, ending in .xlsx or .docx.")
@LANGUAGE
def monthly(month: str, store: str | None, out: Path, language: str) -> None:
    """Write the monthly callback report (客户回访月报)."""
    _write("monthly", month, store, out, language)


@report.command()
@click.option("--week", required=True, help="The ISO week, such as 2026-W47.")
@click.option("--store", help="Code of the store; may be left out where there is one.")
@click.option("--out", required=True, type=OUT, help="The file, ending in .xlsx or .docx.")
@LANGUAGE
def weekly(week: str, store: str | None, out: Path, language: str) -> None:
    """Write the minutes of a weekly review (周例会)."""
    _write("weekly", week, store, out, language)


def _write(kind: str, period: str, store: str | None, out: Path, language: str) -> None:
    ending = out.suffix.lower().lstrip(".")
    if ending not in reports.WRITERS:
        raise Refused("{file} must end in .xlsx or .docx.", file=out.name)
    asked: dict[str, Any] = {"store": store, "language": language, "ending": ending}
    asked |= {"zone": opened().timezone}
    made = reports.make(kind, period, as_of=datetime.now(UTC), **asked)
    out.write_bytes(made.content)
    click.echo(f"{out}: {len(made.content):,} bytes")


VERBS = (report,)
