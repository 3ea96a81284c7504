"""An answer as text that any process of ours can read back exactly; nothing in it can run."""

import json
from datetime import date, datetime
from typing import Any

from pandas import DataFrame, Series, Timestamp

from data.metrics import Answer
from data.spc import Signal

PLAIN = (type(None), bool, int, float, str)
MARKS: dict[type, str] = {date: "day", datetime: "moment", Timestamp: "moment", Signal: "signal"}
MEANINGS = {"day": date.fromisoformat, "moment": datetime.fromisoformat, "signal": Signal}


def spelled(answer: Answer) -> bytes:
    """The text of an answer; TypeError if there is something in it that has no spelling."""
    columns = {name: _column(column) for name, column in answer.frame.items()}
    summary = {name: _value(value) for name, value in answer.summary.items()}
    return json.dumps({"columns": columns, "summary": summary}).encode()


def read(text: bytes) -> Answer:
    """The answer that was spelled so."""
    said = json.loads(text, object_hook=_meant)
    columns = {name: Series(values, dtype=kind) for name, (kind, values) in said["columns"].items()}
    return Answer(DataFrame(columns), said["summary"])


def _column(column: "Series[Any]") -> tuple[str, list[Any]]:
    return str(column.dtype), [_value(value) for value in column.tolist()]


def _value(value: Any) -> Any:
    if type(value) in PLAIN:
        return value
    if mark := MARKS.get(type(value)):
        return {mark: value if mark == "signal" else value.isoformat()}
    raise TypeError(f"{type(value)} has no spelling in an answer that is shared.")


def _meant(said: dict[str, Any]) -> Any:
    """A marked value; any other object is part of the answer itself."""
    mark = next(iter(said), "")
    return MEANINGS[mark](said[mark]) if mark in MEANINGS and len(said) == 1 else said
