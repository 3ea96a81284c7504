"""The log: one line a request that matters, as text or JSON, without anybody's data in it.

Query strings, form fields and logins never reach it: a line names the path, the number of the
account and a reference that the person on the other side sees too.
"""

import logging
import re
import secrets
from time import monotonic

import structlog
from flask import Flask, Response, g, has_request_context, request
from structlog.contextvars import bind_contextvars, clear_contextvars, merge_contextvars
from structlog.typing import EventDict, Processor

from dashboard.settings import Settings
from data.trouble import SILENT, trouble

QUERY = re.compile(r"\?.*", re.DOTALL)
SERVERS = ("gunicorn", "werkzeug")  # their words may hold the line that a browser began with
TALKATIVE = ("alembic", "apscheduler")  # they tell of each look, and again of each job
QUIET = ("/_dash-", "/_reload-hash", "/assets/", "/bootstrap/", "/healthz", "/readyz", "/wall/")


def set_up(settings: Settings) -> None:
    """Make the whole process log as the settings say, gunicorn included."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    logging.basicConfig(
        level=level, format="%(message)s", handlers=[_handler(settings)], force=True
    )
    for talkative in TALKATIVE:
        logging.getLogger(talkative).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*_before(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def init(server: Flask) -> None:
    """Give each request a reference and log what came of it."""
    server.before_request(_begin)
    server.after_request(_end)


def reference() -> str:
    """Eight letters that name this request in the log; show them with an error."""
    if not has_request_context():
        return _new_reference()
    if "reference" not in g:
        g.reference = _new_reference()
    return str(g.reference)


def failed(error: BaseException) -> str:
    """Log an error nobody expected; gives the reference to show instead of it."""
    found = reference()
    structlog.get_logger().error("failed", exc_info=error, reference=found)
    return found


def without_query(said: str) -> str:
    """What a server says of a request, up to its query."""
    return QUERY.sub("?…", said)


def _begin() -> None:
    g.began = monotonic()
    clear_contextvars()  # of the request this thread served before
    bind_contextvars(reference=reference())


def _end(response: Response) -> Response:
    write = _loudness(response.status_code)
    write(
        "answered",
        method=request.method,
        path=request.path,
        status=response.status_code,
        ms=round(1000 * (monotonic() - g.get("began", monotonic()))),
    )
    return response


def _loudness(status: int) -> structlog.typing.WrappedLogger:
    log = structlog.get_logger()
    if status >= 500:
        return log.error
    return log.debug if request.path.startswith(QUIET) else log.info


def _handler(settings: Settings) -> logging.Handler:
    shape: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_before(), _without_queries],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_places,
                structlog.processors.format_exc_info,
                _printable,
                shape,
            ],
        )
    )
    return handler


def _without_places(_log: object, _name: str, line: EventDict) -> EventDict:
    """A database that is away is one line: a hundred of where it was missed, at every request,
    would fill the disk and tell nothing.
    """
    known = line.get("exc_info")
    error = known[1] if isinstance(known, tuple) else known
    if isinstance(error, BaseException) and trouble(error) is SILENT:
        del line["exc_info"]
        line["trouble"], line["reason"] = SILENT.code, str(getattr(error, "orig", error))
    return line


def _without_queries(_log: object, _name: str, line: EventDict) -> EventDict:
    """A server tells of what it could not serve by its whole address."""
    if line["_record"].name.startswith(SERVERS):
        line["event"] = without_query(line["event"])
    return line


def _printable(_log: object, _name: str, line: EventDict) -> EventDict:
    """A path may hold signs that move the cursor or turn the writing round: they are spelt out."""
    spelt = {key: _spelt(said) for key, said in line.items() if isinstance(said, str)}
    if "exception" in spelt:
        spelt["exception"] = "\n".join(map(_spelt, line["exception"].split("\n")))
    return {**line, **spelt}


def _spelt(said: str) -> str:
    if said.isprintable():
        return said
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in said
    )


def _before() -> list[Processor]:
    return [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _new_reference() -> str:
    return secrets.token_hex(4)
