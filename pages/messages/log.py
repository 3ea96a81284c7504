"""Everything that left the house or tried to, the newest first."""

from typing import Any

from dashboard import formats
from dashboard.i18n import _
from dashboard.widgets import Ask, Column, Rows, Table
from dashboard.words import word
from data import outbox
from data.lookups import Session
from data.outbox import Standing
from data.scope import Scope

TONES = {"sent": "good", "given_up": "bad", "uncertain": "warn", "sending": "info"}


def messages(session: Session, scope: Scope, ask: Ask) -> Rows:
    """The messages of the stores in scope."""
    found, total = outbox.listing(session, scope, start=ask.start, count=ask.count)
    return Rows([shown(row, scope.zone) for row in found], total)


def shown(row: dict[str, Any], zone: str) -> dict[str, Any]:
    """A message with its words."""
    way = word("message_channel", row["channel"])
    return row | {"what": _about(row), "to": row["address"] or way, "trouble": _trouble(row, zone)}


def _about(row: dict[str, Any]) -> str:
    """What a message is about: a number, or a report and its period."""
    data = row["data"]
    if row["kind"] == "report":
        return _("{report} {period}", report=word("report", data["report"]), period=data["period"])
    return str(data.get("number") or formats.NOTHING)


def _trouble(row: dict[str, Any], zone: str) -> str:
    """What went wrong at the last try, the other side's number for it, and when the next is."""
    died = row["standing"] == Standing.UNCERTAIN and not row["trouble"]
    code, _space, number = ("died" if died else row["trouble"] or "").partition(" ")
    said = word("message_trouble", code) if code else ""
    if number:
        said = _("{trouble} ({number})", trouble=said, number=number)
    if code and row["next_try_at"]:
        when = formats.moment(row["next_try_at"], zone)
        return _("{trouble}; next try {when}", trouble=said, when=when)
    return said


LOG = Table(
    name="messages",
    logged=False,
    title="Everything that was sent",
    columns=(
        Column(field="created_at", title="When", kind="moment", sort=False, width=172),
        Column(field="store", title="Store", sort=False, width=72),
        Column(
            field="kind",
            title="Message",
            kind="word",
            words="message_kind",
            sort=False,
            width=160,
        ),
        Column(field="what", title="Subject", sort=False, width=172),
        Column(field="to", title="Sent to", sort=False, width=172),
        Column(
            field="standing",
            title="State",
            kind="badge",
            words="message_state",
            tones=TONES,
            sort=False,
            width=124,
        ),
        Column(field="tries", title="Times tried", kind="number", sort=False, width=104),
        Column(field="trouble", title="Trouble", sort=False),
    ),
    rows=messages,
    row_id="id",
    counts=("{n} message", "{n} messages"),
    empty="Nothing has been sent yet.",
    height=400,
)
TABLES = (LOG,)
