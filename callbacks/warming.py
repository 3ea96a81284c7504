"""Putting together what all cards ask, before anybody does: SQLAlchemy keeps it for the process.

Whoever asks first would otherwise wait some 15 ms longer for each card.
"""

from datetime import UTC, datetime
from itertools import product
from threading import Timer
from time import sleep

import structlog

from dashboard.urls import View
from dashboard.widgets import Ask, Chart, Table, Tile
from data import db
from data.person import Person, Role
from pages import CHARTS, TABLES, TILES

AFTER, BETWEEN = 10, 0.05  # seconds from the start, and from one card to the next
NO_STORES, NO_SUCH_STORE = frozenset[int](), frozenset({0})  # nothing is counted
SEEN = (NO_STORES, NO_SUCH_STORE)  # who sees several stores asks otherwise than who sees one
_log = structlog.get_logger()


def begin() -> None:
    """Ask in the background, a while after the start, so that nobody waits for it."""
    timer = Timer(AFTER, ask_all)
    timer.daemon = True
    timer.start()


def ask_all() -> int:
    """Ask what every card asks; how many could not be asked."""
    failed = 0
    for stores, card in product(SEEN, (*TILES, *CHARTS, *TABLES)):
        try:
            _ask(card, Person(login="", name="", role=Role.PRINCIPAL, stores=stores))
        except Exception as error:  # it will be asked again, by somebody who is told
            failed += 1
            _log.debug("not asked ahead", card=card.name, error=type(error).__name__)
        sleep(BETWEEN)
    return failed


def _ask(card: Chart | Tile | Table, nobody: Person) -> None:
    scope = View().scope(now=datetime.now(UTC), zone="UTC")
    with db.reading(as_=nobody) as session:
        if isinstance(card, Table):
            card.rows(session, scope, Ask(sort=card.sort))
        else:
            asked = card.asked(scope) if isinstance(card, Chart) else card.options
            card.metric(session, scope, **asked)
