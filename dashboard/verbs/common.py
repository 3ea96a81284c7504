"""What most verbs begin with: the settings, a database that is let go at the end, a moment."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from dashboard.settings import Settings
from data import db, installing


def opened() -> Settings:
    """The settings; the database they name is open and has the tables of this version."""
    settings = Settings.read()
    installing.open_database(settings.database_url)
    click.get_current_context().call_on_close(db.close)
    return settings


def reached() -> Settings:
    """The settings; the database they name is open, whatever is in it."""
    settings = Settings.read()
    installing.reach(settings.database_url)
    click.get_current_context().call_on_close(db.close)
    return settings


def moment(text: str | None, zone: str) -> datetime:
    """The moment `text` names, by the clocks of `zone` unless it says otherwise; none means now."""
    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no moment such as 2026-03-16 or 2026-03-16T10:00.", param_hint="--as-of"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
