"""Instants as whole microseconds, so that sums are exact and comparing is cheap."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1) // TICK
DAY = timedelta(days=1) // TICK


def micros(at: datetime) -> int:
    """Microseconds from 1970 to this moment; ValueError if it has no time zone."""
    if at.tzinfo is None:
        raise ValueError(
            f"The moment {at} has no time zone: give it one, "
            "for example datetime(2025, 1, 2, 9, 30, tzinfo=UTC)."
        )
    return (at - EPOCH) // TICK


def moment(at: int) -> datetime:
    """The UTC moment that lies so many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=at)
