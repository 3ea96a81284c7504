"""run, upgrade, check: from nothing to a served dashboard, and whether all is well."""

import os
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from werkzeug.serving import run_simple

from dashboard.settings import PREFIX, PROVIDER, Settings, unknown
from dashboard.verbs.common import reached
from dashboard.words import word
from data import accounts, db, demo, health, installing, migrations, planning
from data.demo.stores import PASSWORD
from data.lookups import Session
from data.metrics.health import data_health
from data.person import SYSTEM
from data.scope import Scope

FACTORY = "dashboard.app:create_server()"
CONFIGURATION = Path(__file__).parent.parent / "gunicorn_conf.py"
LOOPBACK = ("127.", "localhost", "::1")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8050, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def run(host: str, port: int, workers: int) -> None:
    """Serve the dashboard; a new database is made first and filled with demo data."""
    settings = Settings.read()
    _refuse_taken(host, port)
    _prepare(settings)
    click.echo(f"Aftercare is at http://{_spoken(host)}:{port} (stop it with Ctrl+C).")
    _tell_demo_logins(host)
    sys.stdout.flush()
    _serve(host, port, workers)


@click.command()
def upgrade() -> None:
    """Bring the database to the tables this version needs."""
    settings = reached()
    which = "The" if migrations.revision(db.engine()) else "A new"
    installing.prepare(db.engine())
    place = installing.spoken(settings.database_url)
    click.echo(f"{which} database has the tables of this version: {place}")


@click.command()
def check() -> None:
    """Look over settings, database, calendars and data; exit 1 if it could not work.

    The file of the embedded database is looked through whole: a minute for two gigabytes.
    """
    installing.look_through(Settings.read().database_url)
    settings = reached()
    for line in _remarks(settings):
        click.echo(line)
    click.echo(f"Database: {installing.spoken(settings.database_url)}")
    fault = health.fault(now=datetime.now(UTC))
    if migrations.at_head(db.engine()):
        _tell_counts()
    if fault:
        raise click.ClickException(fault)
    click.echo("All is well.")


VERBS = (run, upgrade, check)


def _prepare(settings: Settings) -> None:
    engine = installing.reach(settings.database_url)
    installing.prepare(engine)
    if settings.demo and installing.is_empty():
        click.echo("The database is empty: making a fictional dealer group to look at …")
        now = datetime.now(UTC)
        demo.load(engine, as_of=now)
        planning.plan(now=now, late=planning.NOT_LATE)  # the gaps of its past belong to the play
    engine.dispose()


def _tell_demo_logins(host: str) -> None:
    with db.reading(as_=SYSTEM) as session:
        found = accounts.demo_logins(session)
    if not found:
        return
    click.echo(f"Demo logins, each with the password {PASSWORD}:")
    for user in found:
        click.echo(f"  {user.login:<12} {user.role}")
    if not host.startswith(LOOPBACK):
        click.echo("Anybody who can reach this address can use them: close them with user disable.")


def _refuse_taken(host: str, port: int) -> None:
    """Say at once, before minutes of preparing, that the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as error:
        raise click.ClickException(
            f"Port {port} of {host} cannot be had ({error.strerror}): choose another with --port."
        ) from None


def _serve(host: str, port: int, workers: int) -> None:
    if os.name == "nt":
        _serve_on_windows(host, port)
        return
    bind = ("--bind", f"{_spoken(host)}:{port}", "--workers", str(workers))
    gunicorn = (sys.executable, "-m", "gunicorn", "--config", str(CONFIGURATION), *bind, FACTORY)
    os.execv(sys.executable, gunicorn)


def _serve_on_windows(host: str, port: int) -> None:
    from dashboard.app import create_server  # here alone: gunicorn imports it by itself

    click.echo("gunicorn does not run on Windows: this server is for trying out, by few people.")
    run_simple(host, port, create_server(), threaded=True)


def _spoken(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _remarks(settings: Settings) -> Iterator[str]:
    for name in unknown(os.environ):
        yield f"{name} is no setting of Aftercare: is it misspelt?"
    missing = [name for name in PROVIDER if getattr(settings, name) is None]
    if 0 < len(missing) < len(PROVIDER):
        names = " and ".join(PREFIX + name.upper() for name in missing)
        yield f"Signing in with the company account is off: it needs {names} as well."
    if (settings.smtp_url is None) != (settings.mail_from is None):
        yield f"Mail needs both {PREFIX}SMTP_URL and {PREFIX}MAIL_FROM: without both, none is sent."


def _tell_counts() -> None:
    with db.reading(as_=SYSTEM) as session:
        for what, count in health.counts(session).items():
            click.echo(f"{count:>10,} {what}")
        for code, until in health.calendars(session):
            click.echo(f"Calendar {code}: loaded until {until or 'never'}")
        for fault in _faults(session):
            click.echo(fault)
    click.echo(health.sums_in_words(now=datetime.now(UTC)))
    click.echo(health.cohorts_in_words())


def _faults(session: Session) -> Iterator[str]:
    """What is wrong with the data, of how many, and what to do, the same as on its page."""
    found = data_health(session, Scope(as_of=datetime.now(UTC))).frame
    for row in found[found["count"] > 0].to_dict("records"):
        says, remedy = word("fault", row["fault"]), word("remedy", row["fault"])
        weight = word("weight", "moves" if row["matters"] else "little")
        yield f"{row['count']:>10,} of {row['of']:,}: {says}. {weight}. {remedy}"
