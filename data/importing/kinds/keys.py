"""What a row is known by where the dealer gives it no number."""

from datetime import datetime
from hashlib import blake2s

from data.importing.kinds.kind import Values
from data.importing.values import Manner

MADE_UP = "@"  # in a number that was made here
LONGEST = 24


def vehicle_of(values: Values) -> str | None:
    """What the vehicle of a row is known by: VIN, else plate, else the dealer's key, else the
    customer."""
    found = values.get("vin") or values.get("plate") or values.get("vehicle_number")
    return found or values.get("customer_number") or values.get("phone")


def made_up(key: str | None, at: datetime, manner: Manner) -> str:
    """A number from what the row is about and when it happened."""
    key = key or ""
    short = key if len(key) < LONGEST else blake2s(key.encode(), digest_size=11).hexdigest()
    return f"{short}{MADE_UP}{at.astimezone(manner.zone):%Y%m%dT%H%M%S}"
