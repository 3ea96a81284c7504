"""How many repair orders a second are read in, on both databases.

python -m bench.imports [ROWS]
"""

import csv
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from bench.groups import fresh
from bench.plan import NOW, ZONE, named
from data import db, defaults
from data.commands.stores import add_store
from data.importing.child import spare_what_is_loaded
from data.importing.job import Job
from data.importing.run import import_file
from data.migrations import upgrade
from data.person import SYSTEM

HEAD = ("工单号", "进厂时间", "出厂时间", "客户名称", "客户电话", "车牌号", "应结金额")
ROWS, CARS = 20_000, 4_000


def write(file: Path, rows: int) -> None:
    """So many orders of so many cars, as a dealer's system gives them out."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(HEAD)
        for number in range(rows):
            car, came = number % CARS, NOW - timedelta(minutes=75 * (rows - number))
            moments = (f"{at:%Y-%m-%d %H:%M}" for at in (came, came + timedelta(hours=3)))
            lines.writerow(
                (f"R{number}", *moments, f"客户{car}", f"139{car:08}", f"粤A{car:05}", 500)
            )


def measure(url: str, file: Path, rows: int) -> float:
    """Rows a second into an empty database."""
    engine = db.connect(url)
    upgrade(engine)
    with db.writing(by=SYSTEM) as session:
        defaults.fill(session)
        named = {"code": "S1", "name": "East", "group": None, "calendar": "china"}
        add_store(session, **named, zone=ZONE.key, at=NOW)
    spare_what_is_loaded()  # as the process does in which files are read
    began = perf_counter()
    job = Job(kind="repair-orders", path=file, store_code="S1", by=SYSTEM, now=NOW)
    read = import_file(job, lambda done, total: None)
    pace = rows / (perf_counter() - began)
    assert read.added == rows, f"{read.added} of {rows} were read in"
    engine.dispose()
    return pace


def paces(rows: int) -> dict[str, float]:
    """Rows a second by database."""
    found = {}
    with TemporaryDirectory() as folder, fresh("imports") as urls:
        file = Path(folder) / "orders.csv"
        write(file, rows)
        for url in urls:
            found[named(url)] = measure(url, file, rows)
    return found


@click.command()
@click.argument("rows", default=ROWS)
def main(rows: int) -> None:
    """Read ROWS orders in, and print a Markdown table."""
    click.echo("| | rows a second |\n|---|---:|")
    for name, pace in paces(rows).items():
        click.echo(f"| {name} | {pace:,.0f} |")


if __name__ == "__main__":
    main()
