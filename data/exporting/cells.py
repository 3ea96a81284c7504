"""What may stand in a cell: values as a spreadsheet takes them, and text that stays text."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

# what a spreadsheet takes for the beginning of a formula, half and full width
FORMULA = re.compile("\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?")


class Kind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: which value of a row, under which title, of which kind."""

    key: str
    title: str
    kind: Kind = Kind.TEXT


def neutral(text: str) -> str:
    """`text` so that no spreadsheet calculates it: an apostrophe goes before a formula."""
    harmless = NEGATIVE.fullmatch(text) or not FORMULA.match(text)
    return text if harmless else f"'{text}"


def cell(value: Any, kind: Kind, zone: str) -> Any:
    """The value as a cell holds it: money in yuan, moments by the clocks of `zone`, None if empty.

    Numbers stay numbers. Anything else becomes text.
    """
    value = plain(value)
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, date | bool):
        return value
    if isinstance(value, int | float):
        return value / 100 if kind is Kind.MONEY else value
    return str(value)


def plain(value: Any) -> Any:
    """`value` as plain Python: numpy's and pandas' own types unpacked, "not a number" as None."""
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    elif hasattr(value, "item"):
        value = value.item()
    if value is None or value != value or (isinstance(value, float) and math.isinf(value)):
        return None
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.date()  # a period that begins on this day
    return value


def kind_of(value: Any, *, share: bool = False) -> Kind:
    """The kind a column has by one of its values; `share` tells that its fractions are shares."""
    value = plain(value)
    if isinstance(value, datetime):
        return Kind.MOMENT
    if isinstance(value, date):
        return Kind.DAY
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Kind.TEXT
    return Kind.SHARE if share else Kind.NUMBER
