"""Drawing all cards before anybody asks: a process remembers how, and is quicker from then on.

Whoever asks first would otherwise wait some 20 ms longer for each card: for statements, words of
numbers and days, and what libraries load when they are first used.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import cycle
from sys import getswitchinterval, setswitchinterval
from threading import Timer
from time import monotonic, sleep

import structlog

from callbacks import tables, widgets
from dashboard import i18n
from dashboard.urls import View
from dashboard.widgets import Ask, Chart, Table, Tile
from data import db, lookups
from data.person import SYSTEM, Person, Role
from pages import CHARTS, TABLES, TILES

AFTER = 10  # seconds from the start
RESTING = 1.0  # seconds for each of drawing: half of the time is left to who asks
TURN = 0.0005  # seconds for which others must wait until drawing lets them go on
CONNECTIONS = 4  # as many as a process answers at once
Card = Chart | Tile | Table
_log = structlog.get_logger()


def begin() -> None:
    """Draw in the background, a while after the start, so that nobody waits for it."""
    timer = Timer(AFTER, draw_all)
    timer.daemon = True
    timer.start()


def draw_all() -> int:
    """Draw every card, each time in another language; how many could not be drawn.

    What was asked of one connection is quicker there from then on. So it is held when all was, and
    the next time goes by another.
    """
    undrawn = 0
    with _giving_way(), ExitStack() as held:
        for stores, code in zip(_eyes(), cycle(i18n.LANGUAGES), strict=False):
            undrawn += draw(code, stores)
            held.enter_context(db.reading(as_=SYSTEM)).connection()
    return undrawn


@contextmanager
def _giving_way() -> Iterator[None]:
    """Let others have their turn at once: who saves needs many, and would wait for each."""
    usual = getswitchinterval()
    setswitchinterval(TURN)
    try:
        yield
    finally:
        setswitchinterval(usual)


def _eyes() -> Iterator[frozenset[int]]:
    """The store that is there for longest, alone and beside some that are not: no more than its
    work is counted, and what was counted for the others is not told again."""
    with db.reading(as_=SYSTEM) as session:
        first = lookups.first_store(session) or 0
    return (frozenset({first, *range(-others, 0)}) for others in range(CONNECTIONS))


def draw(code: str, stores: frozenset[int]) -> int:
    """Draw every card for who sees these stores; how many could not be drawn."""
    somebody = Person(login="", name="", role=Role.PRINCIPAL, stores=stores)
    with i18n.speaking(code):
        return sum(not _drawn(card, somebody) for card in (*TILES, *CHARTS, *TABLES))


def _drawn(card: Card, somebody: Person) -> bool:
    began = monotonic()
    try:
        _draw(card, somebody)
    except Exception as error:  # it will be asked for again, by somebody who is told
        _log.debug("not drawn ahead", card=card.name, error=type(error).__name__)
        return False
    finally:
        sleep(RESTING * (monotonic() - began))
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
