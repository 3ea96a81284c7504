"""Messages to another system, as JSON by POST to one address.

The same Idempotency-Key comes with every try of a message. No redirect is followed: what the house
says goes to the address in the settings and nowhere else.
"""

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from dashboard import urls
from dashboard.delivery.troubles import (
    BUSY,
    NO_ANSWER,
    REDIRECTED,
    REFUSED,
    NotTaken,
    Unknown,
    unreached,
)
from dashboard.settings import Settings
from data.outbox import Letter

TIMEOUT_S = 10
PASSING = (408, 425, 429)  # of the answers that blame the request, those that may change


class _Stay(HTTPRedirectHandler):
    """Goes nowhere."""

    def redirect_request(self, *_args: Any) -> None:
        """No other request is made."""


OPENER = build_opener(ProxyHandler({}), _Stay)


def post(letter: Letter, settings: Settings) -> None:
    """Hand a message over; raises NotTaken or Unknown unless the answer is 2xx."""
    assert settings.webhook_url is not None
    request = Request(
        settings.webhook_url.get_secret_value(),
        data=json.dumps(body(letter), ensure_ascii=False).encode(),
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": letter.name,
            "User-Agent": "Aftercare",
        },
        method="POST",
    )
    _judge(_status(request))


def body(letter: Letter) -> dict[str, Any]:
    """What is said: which message, where, about what, and the page that tells more."""
    whose = {"store": letter.store, "store_name": letter.store_name}
    about = {"id": letter.name, "kind": letter.kind, "told_at": letter.created_at.isoformat()}
    return about | whose | letter.data | {"path": _path(letter)}


def _path(letter: Letter) -> str:
    page = urls.improvement if letter.kind.startswith("improvement") else urls.complaint
    return page(str(letter.data["number"]), letter.store)


def _status(request: Request) -> int:
    try:
        with OPENER.open(request, timeout=TIMEOUT_S) as answer:
            return int(answer.status)
    except HTTPError as answer:
        answer.close()
        return answer.code
    except URLError as error:  # the request did not get out
        raise unreached(error.reason) from error
    except (OSError, HTTPException) as error:
        raise Unknown(NO_ANSWER) from error


def _judge(status: int) -> None:
    if status < 300:
        return
    if status < 400:
        raise NotTaken(REDIRECTED, status, final=True)
    if status >= 500 or status in PASSING:
        raise NotTaken(BUSY, status, shut=True)
    raise NotTaken(REFUSED, status, final=True)
