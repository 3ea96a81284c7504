"""/report: the report of a month or a week as a file, for whoever may see the figures."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Flask, Response, abort, request, send_file

from callbacks import clock
from dashboard import i18n, sessions
from dashboard.doors import open_to
from data.commands import Refused
from data.person import Right

routes = Blueprint("reports", __name__)


def init(server: Flask) -> None:
    """Add /report to `server`."""
    server.register_blueprint(routes)


@routes.get("/report/<any(monthly, weekly):kind>/<period>.<any(xlsx, docx):ending>")
@open_to(Right.SEE_FIGURES)
def report(kind: str, period: str, ending: str) -> Response:
    """The file, in the reader's language; a period or store that is not there is not found."""
    from dashboard import reports  # here alone: it takes a moment to load

    person = sessions.current_person()
    if not person.may(Right.SEE_FIGURES):
        abort(403)
    store = request.args.get("store")
    asked: dict[str, Any] = {"language": i18n.language(), "ending": ending, "zone": clock.zone()}
    try:
        made = reports.make(kind, period, store=store, as_of=clock.now(), person=person, **asked)
    except Refused:
        abort(404)
    named: dict[str, Any] = {"as_attachment": True, "download_name": made.name}
    return send_file(BytesIO(made.content), made.mimetype, max_age=0, **named)
