"""Drawing all cards before anybody asks: a process remembers how, and is quicker from then on.

Whoever asks first would otherwise wait some 20 ms longer for each card: for statements, words of
numbers and days, and what libraries load when they are first used.
"""

from datetime import UTC, datetime
from threading import Timer
from time import sleep

import structlog

from callbacks import tables, widgets
from dashboard import i18n
from dashboard.urls import View
from dashboard.widgets import Ask, Chart, Table, Tile
from data import db, lookups
from data.person import SYSTEM, Person, Role
from pages import CHARTS, TABLES, TILES

AFTER, BETWEEN = 10, 0.03  # seconds from the start, and from one card to the next
SEVERAL: frozenset[int] = frozenset()  # who sees several stores asks otherwise; these are none
Card = Chart | Tile | Table
_log = structlog.get_logger()


def begin() -> None:
    """Draw in the background, a while after the start, so that nobody waits for it."""
    timer = Timer(AFTER, draw_all)
    timer.daemon = True
    timer.start()


def draw_all() -> int:
    """Draw every card, of one store in each language; how many could not be drawn."""
    one = _one_store()
    eyes = [("en", SEVERAL), *((code, one) for code in i18n.LANGUAGES)]
    return sum(_undrawn(code, stores) for code, stores in eyes)


def _one_store() -> frozenset[int]:
    """The store that is there for longest, if there is any: no more than its work is counted."""
    with db.reading(as_=SYSTEM) as session:
        return frozenset({lookups.first_store(session) or 0})


def _undrawn(code: str, stores: frozenset[int]) -> int:
    somebody = Person(login="", name="", role=Role.PRINCIPAL, stores=stores)
    with i18n.speaking(code):
        return sum(not _drawn(card, somebody) for card in (*TILES, *CHARTS, *TABLES))


def _drawn(card: Card, somebody: Person) -> bool:
    sleep(BETWEEN)
    try:
        _draw(card, somebody)
    except Exception as error:  # it will be asked for again, by somebody who is told
        _log.debug("not drawn ahead", card=card.name, error=type(error).__name__)
        return False
    return True


def _draw(card: Card, somebody: Person) -> None:
    view, now = View(), datetime.now(UTC)
    scope = view.scope(now=now, zone="UTC")
    with db.reading(as_=somebody) as session:
        if isinstance(card, Table):
            tell = tables.of_list if card.short else tables.of_grid
            tell(card, Ask(sort=card.sort), session, scope)
        elif isinstance(card, Tile):
            widgets.filled(card, view, session, scope)
        else:
            widgets.drawn(card, session, scope)
