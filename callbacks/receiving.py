"""Files that come in for an import, and the refused rows that go out to be mended."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain
from typing import Any

from flask import Blueprint, Flask, Response, abort, request, stream_with_context
from werkzeug.datastructures import FileStorage

from callbacks import clock
from callbacks.importing import administrator, checked_kind, checked_store
from dashboard import log, uploads
from dashboard.doors import open_to
from dashboard.i18n import _
from dashboard.uploads import Upload, ownwords, places
from data import db
from data.commands import Forbidden, Refused
from data.exporting import MIME_TYPES, Column, Kind, comma
from data.importing import history
from data.importing.apart import ImportFailed
from data.importing.result import ImportResult
from data.importing.storable import storable
from data.person import Person, Right
from pages.importing.words import said

routes = Blueprint("receiving", __name__)
LONGEST_NAME = 200
FORM = 1_000_000  # bytes that the form around a file may take
OWN = 3  # columns that a file of refused rows has in front


def init(server: Flask) -> None:
    """Add what is below /admin/import to `server`, and put away what an earlier run has left."""
    server.register_blueprint(routes)
    with suppress(OSError):  # the page itself says so when somebody needs it
        places.sweep(clock.now())


@routes.url_value_preprocessor
def _let_in(endpoint: str | None, _values: object) -> None:
    """A file may be larger than any other request; the guard still looks before it is read."""
    if endpoint == f"{routes.name}.file":
        request.max_content_length = uploads.LARGEST + FORM


@routes.errorhandler(Refused)
def _refused(no: Refused) -> tuple[dict[str, str], int]:
    """A refused file is an ordinary answer: a browser would call another status our fault."""
    return {"error": _(no.sentence, **no.gaps)}, 403 if isinstance(no, Forbidden) else 200


@routes.errorhandler(ImportFailed)
def _failed(failure: ImportFailed) -> tuple[dict[str, str], int]:
    words = _(
        "Something went wrong on our side; nothing was saved. The reference is {reference}.",
        reference=log.failed(failure),
    )
    return {"error": words}, 500


@routes.post("/admin/import/file")
@open_to(Right.ADMINISTER)
def file() -> dict[str, str]:
    """Take a file in and look into it: {"token"} of the file, or {"error"} in words."""
    person, now = administrator(), clock.now()
    store = checked_store(person, request.form.get("store", ""))
    kind = checked_kind(request.form.get("kind", ""))
    places.sweep(now)
    sent = _sent()
    own = _own_words(request.files.get("mapping"), kind)
    with _kept(uploads.keep(sent, name=_name(sent), store=store, kind=kind, person=person)) as new:
        upload = uploads.look(replace(new, own=own), person=person, now=now)
    uploads.forget(person, now=now, but=upload)
    return {"token": upload.token}


@routes.post("/admin/import/mapping")
@open_to(Right.ADMINISTER)
def mapping() -> dict[str, str]:
    """Take in a TOML file with the dealer's own words for the file that is being looked at."""
    person = administrator()
    upload = uploads.named(person, request.form.get("token"))
    own = _own_words(_sent(), upload.kind)
    uploads.look(replace(upload, own=own), person=person, now=clock.now())
    return {"token": upload.token}


@routes.get("/admin/import/refused.csv")
@open_to(Right.ADMINISTER)
def checked() -> Response:
    """The rows that would be refused, by the last check of one's file."""
    person = administrator()
    upload = uploads.current(person)
    standing = uploads.standing(upload, clock.now()) if upload else None
    if upload is None or standing is None or standing.result is None:
        abort(404)
    return _csv(_of_check(upload, standing.result), "refused.csv")


@routes.get("/admin/import/<int(max=2147483647):batch>/refused.csv")
@open_to(Right.ADMINISTER)
def imported(batch: int) -> Response:
    """The rows that an import has refused."""
    person = administrator()
    with db.reading(as_=person) as session:
        found = history.batch(session, batch)
    if found is None:
        abort(404)
    return _csv(_of_batch(found, person), f"refused-{found.id}.csv")


def _sent() -> FileStorage:
    found = request.files.get("file")
    if found is None:
        raise Refused("There is no file in this request.")
    return found


def _own_words(sent: FileStorage | None, kind: str) -> dict[str, Any]:
    return ownwords.read(sent.read(ownwords.LARGEST + 1), kind) if sent else {}


def _name(sent: FileStorage) -> str:
    """What the file is called where it comes from, without the folders some browsers tell."""
    bare = re.split(r"[\\/]", sent.filename or "")[-1]
    return storable(bare)[-LONGEST_NAME:].strip() or _("Without a name")


@contextmanager
def _kept(upload: Upload) -> Iterator[Upload]:
    """Delete the file at once if it turns out to be of no use."""
    try:
        yield upload
    except BaseException:
        places.discard(upload.folder)
        raise


def _csv(pieces: Iterator[bytes], name: str) -> Response:
    answer = Response(stream_with_context(pieces), mimetype=MIME_TYPES["csv"])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _of_batch(batch: history.Batch, person: Person) -> Iterator[bytes]:
    """Each refused row with its reasons in front, ready to be mended and read in again."""
    with db.reading(as_=person) as session:
        found = history.refusals(session, batch.id)
        first = next(found, None)
        headings = [heading for heading, _text in first.cells] if first else []
        rows = chain([first] if first else [], found)
        yield from comma(_columns(headings), map(_row, rows), batch.zone)


def _row(refused: history.Refusal) -> dict[str, Any]:
    names = dict.fromkeys(one.column for one in refused.remarks if one.column)
    reasons = " ".join(said(one) for one in refused.remarks)
    front = {"line": refused.line, "column": "; ".join(names), "reason": reasons}
    return front | {str(place): text for place, (_name, text) in enumerate(refused.cells)}


def _columns(headings: Sequence[str]) -> list[Column]:
    front = [
        Column("line", _("Line"), Kind.NUMBER),
        Column("column", _("Column")),
        Column("reason", _("Why")),
    ]
    return [*front, *(Column(str(place), name) for place, name in enumerate(headings))]


def _of_check(upload: Upload, result: ImportResult) -> Iterator[bytes]:
    """The same of a check, whose rows were written to a file; the first reasons are translated."""
    reasons: dict[str, list[str]] = {}
    for one in result.refusals:
        reasons.setdefault(str(one.line), []).append(said(one))
    with (upload.folder / places.REJECTS).open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        headings = next(lines)[OWN:]
        rows = (_checked_row(line, reasons) for line in lines)
        yield from comma(_columns(headings), rows, clock.zone())


def _checked_row(cells: Sequence[str], reasons: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    line, column, reason, *rest = cells
    words = " ".join(reasons[line]) if line in reasons else reason
    front = {"line": int(line), "column": column, "reason": words}
    return front | {str(place): text for place, text in enumerate(rest)}
