"""When a customer may be rung, a window of the local day such as "09:00-20:00"; how long, and when
that was by the clocks of the store."""

import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

WINDOW = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-4]):[0-5][0-9]")
SHAPE = "__:__-__:__"  # the same to a database
LATEST = "24:00"
LONGEST_S = 4 * 3600  # no call takes longer


def chosen(*windows: str | None) -> str | None:
    """The first of these that is a window: the customer's own, else the rule's."""
    return next((window for window in windows if window and _valid(window)), None)


def is_open(window: str | None, at: datetime, zone: str) -> bool:
    """Whether one may call at this moment; without a window always."""
    return window is None or window[:5] <= f"{at.astimezone(ZoneInfo(zone)):%H:%M}" < window[6:]


def next_open(window: str | None, at: datetime, zone: str) -> datetime:
    """`at`, or if the window is shut then, the next moment it opens."""
    if window is None or is_open(window, at, zone):
        return at
    local = at.astimezone(ZoneInfo(zone))
    later = f"{local:%H:%M}" >= window[6:]
    day = local.date() + timedelta(days=later)
    opens = datetime.combine(day, time.fromisoformat(window[:5]), ZoneInfo(zone))
    return opens.astimezone(at.tzinfo)


def tried(at: datetime, zone: str) -> dict[str, Any]:
    """The moment of a try, with its day and its hour there."""
    local = at.astimezone(ZoneInfo(zone))
    return {"at": at, "tried_on": local.date(), "hour": local.hour}


def _valid(window: str) -> bool:
    fits = WINDOW.fullmatch(window) is not None
    return fits and window[:5] < window[6:] <= LATEST
