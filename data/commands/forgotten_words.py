"""Taking a person's words out of the log and of the rows that imports refused."""

import re
from collections.abc import Collection, Sequence
from typing import Any
from unicodedata import normalize

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import (
    CallResult,
    ChurnReason,
    Customer,
    Event,
    ImportReject,
    LowReason,
    Vehicle,
)
from data.veil import SIGN, Veil

# what somebody typed stands in the log under one of these; codes may, too, and stay
WORDS = {"words", "reason", "said", "solution", "root_cause", "note", "comment", "sentence"}
CODES = {*ChurnReason, *LowReason, *CallResult}
PERSONAL = {  # of what an import said
    *("brought_by", "brought_by_phone", "second_phone", "birthday", "purchase_reason"),
    *("content", "solution", "comment", "note"),
}
AT_ONCE = 1_000
BETWEEN = re.compile(r"[\s().·•-]")


def forget_events(
    session: Session,
    customer: Customer,
    cars: Sequence[Vehicle],
    rows: Sequence[Any],
    veil: Veil,
) -> None:
    """Empty what was typed, and veil what was read in, in the log of these rows.

    That the log may lose words, never that something happened, is what the law asks of it.
    """
    keys = {"name": customer.name, "customer": customer.name, "phone": customer.phone}
    for row in (customer, *rows):
        query = select(Event).where(
            Event.store_id == customer.store_id,
            Event.subject == row.__tablename__,
            Event.subject_id == row.id,
        )
        for entry in session.scalars(query):
            left = {name: _left(name, said, keys, veil) for name, said in entry.data.items()}
            if left != entry.data:
                entry.data = left


def _left(name: str, said: Any, keys: dict[str, Any], veil: Veil) -> Any:
    if isinstance(said, dict):
        return _read_in(said, keys, veil)
    return None if name in WORDS and said not in CODES else said


def _read_in(said: dict[str, Any], keys: dict[str, Any], veil: Veil) -> dict[str, Any]:
    """What a file said, as the importer takes it from now on: read again, it says nothing new."""
    left = {name: keys.get(name, value) for name, value in said.items() if name not in PERSONAL}
    return left | {name: veil(left[name]) for name in ("vin", "plate") if left.get(name)}


def forget_refused_rows(session: Session, store_id: int, keys: Collection[str]) -> None:
    """Empty the refused rows that name one of these phones, plates or VINs; their count stays."""
    query = select(ImportReject).where(ImportReject.store_id == store_id)
    found = query.execution_options(yield_per=AT_ONCE)
    for reject in session.scalars(found):
        if any(_names(str(text), keys) for text in _texts(reject.row)):
            reject.reason = _sentence(reject.row)
            reject.row = _emptied(reject.row)


def _texts(row: dict[str, Any]) -> list[Any]:
    return [text for _heading, text in row["cells"]]


def _names(text: str, keys: Collection[str]) -> bool:
    plain = BETWEEN.sub("", normalize("NFKC", text)).upper()
    return any(key in plain for key in keys)


def _sentence(row: dict[str, Any]) -> str:
    return " ".join(_hidden(one).get("sentence", "") for one in row["problems"]) or SIGN


def _hidden(problem: dict[str, Any]) -> dict[str, Any]:
    return problem | {"raw": SIGN, "gaps": dict.fromkeys(problem["gaps"], SIGN)}


def _emptied(row: dict[str, Any]) -> dict[str, Any]:
    """Headings and reasons stay, so that it can still be counted and told what was wrong."""
    cells = [[heading, SIGN if text else text] for heading, text in row["cells"]]
    return {"cells": cells, "problems": [_hidden(one) for one in row["problems"]]}
