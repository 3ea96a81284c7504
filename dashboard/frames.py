"""Answers as plain Python: what figures and headlines read of a frame."""

from typing import Any

from pandas import DataFrame

from dashboard import formats


def column(frame: DataFrame, *names: str) -> list[Any]:
    """The first of these columns there is, as plain Python values; missing ones as None."""
    for name in names:
        if name in frame:
            return [None if formats.missing(value) else value for value in frame[name].tolist()]
    return [None] * len(frame)


def records(frame: DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame by the names of their columns."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
