"""Hostile text in every column that people or files may write to."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, String, case, cast, literal, select, update

from data import db
from data.db import Base
from data.models import Event
from data.person import SYSTEM

SIGN = "☠"  # in every text that was planted
ELSEWHERE = "https://elsewhere.example/"
TEXTS = (
    "<script>window.hurt=1</script>",
    "<img src=x onerror='window.hurt=1'>",
    "<b class=planted>bold</b>",
    f"<a href='{ELSEWHERE}'>here</a>",
    "javascript:window.hurt=1//",
    "'\"><svg onload=window.hurt=1>",
    "{{7*7}} ${7*7} %(x)s %s {0}",
    f'=HYPERLINK("{ELSEWHERE}","here")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\u202egnp.exe",
    "$x^2$ &lt;b class=planted&gt; \\u003cb\\u003e",
    "＝１＋１",
    "data:text/html,<script>window.hurt=1</script>",
    "\t=1+1",
    "\r=1+1",
    "NULL",
    "\x01\x0b\ufffe\uffff no sign",
    "long " * 36,
)
SPARED = {  # what we write ourselves and read back, by its name or with its table, and why
    "keys and hashes of ours": {
        "password_hash", "subject", "key", "key_hash", "token_hash", "link_hash", "sha256",
        "anchor", "job", "period",
    },
    "whom we know, and where to": {"login", "actor", "created_by", "closed_by", "address"},
    "times and places that are reckoned with": {
        "timezone", "country", "window", "call_window", "opens", "closes", "week",
    },
    "one of a list of ours": {
        "role", "kind", "state", "severity", "reply_unit", "close_unit", "channel", "trigger",
        "care_date", "scale", "dimension", "preferred_channel", "value_class", "language",
        "report", "format", "metric", "direction", "verdict", "churn_reason", "motive", "origin",
        "breach_cause", "excluded", "respondent", "result", "churn_case.reason", "churn_case.rule",
        "survey_response.reason", "survey_answer.reason", "ledger", "ledger.name",
    },
    "what addresses and settings call it: letters and digits": {"code"},
}  # fmt: skip
WORDS = ("said", "reason", "words", "solution", "root_cause", "comment", "title", "note")


def columns() -> Iterator[Column[Any]]:
    """Every column that holds somebody's words."""
    spared = set().union(*SPARED.values())
    for column in (each for table in Base.metadata.sorted_tables for each in table.c):
        if isinstance(column.type, String) and not {*called(column)} & spared:
            yield column


def called(column: Column[Any]) -> tuple[str, str]:
    """The column's name, and with its table."""
    return column.name, f"{column.table.name}.{column.name}"


def plant() -> None:
    """Put a hostile text into each of them, another one in each row."""
    with db.writing(by=SYSTEM) as session:
        for place, column in enumerate(columns()):
            session.connection().execute(_hostile(column, place))
        for number, event in enumerate(session.scalars(select(Event))):
            event.data = _said(event.data, number)


def _hostile(column: Column[Any], place: int) -> Any:
    """The statement that fills a column: what is unique stays so by its row's number.

    No text is that of another column, nor a part of it: the log may hold numbers, and no names.
    """
    number = next(iter(column.table.primary_key))
    turn = (number + place) % len(TEXTS)
    room = (column.type.length or 0) - 16
    texts = {which: literal(text[:room]) for which, text in enumerate(TEXTS)}
    text = case(texts, value=turn, else_=literal(""))
    filled = update(column.table).where(column.is_not(None))
    return filled.values({column: text + f" {SIGN}{place}." + cast(number, String) + SIGN})


def _said(data: dict[str, Any], number: int) -> dict[str, Any]:
    text = TEXTS[number % len(TEXTS)]
    changed = {key: f"{text} {SIGN}" for key in WORDS if isinstance(data.get(key), str)}
    return json.loads(json.dumps(data | changed))
