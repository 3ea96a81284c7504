"""What cards show is drawn once for all who see the same, until there are news or it is old."""

import json
from collections.abc import Callable, Collection, Hashable
from hashlib import sha256
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from plotly.io.json import to_json_plotly

from callbacks import clock
from dashboard import i18n, sessions, urls
from data import answers, db, editions
from data.lookups import Session
from data.remembered import Remembered
from data.scope import Scope

MOST = 10_000_000  # letters that a process remembers
Draw = Callable[[Session, Scope], Any]


class Drawn(NamedTuple):
    """What is shown, as JSON, and its mark, another for everything else."""

    text: str
    mark: str


_OF: WeakKeyDictionary[Any, Remembered[Drawn]] = WeakKeyDictionary()


def once(
    card: Hashable,
    search: str,
    draw: Draw,
    *,
    eyes: Hashable,
    reads: Collection[str] | None,
    keep: bool = True,
) -> tuple[Any, str]:
    """What the card shows for an address, as plain lists and dicts, and its mark.

    eyes: what makes those who ask see different things. reads: the subjects of the log that may
    change it, None for any. What stood at a moment of the past is drawn each time, and so is
    what we are not to `keep`.
    """
    person, scope = sessions.current_person(), clock.scope(search)
    with db.glancing(as_=person) as glance, db.reading(as_=person) as session:
        if not (scope.live and keep):
            return _told(_marked(draw(session, scope)))
        editions.same_for(glance, session)
        state = answers.state(glance, scope, eyes, reads)
        glance.close()  # the drawing may want its connection
        question = (card, i18n.language(), urls.read(search), state)
        return _told(_kept().of(question, lambda: _marked(draw(session, scope))))


def _told(found: Drawn) -> tuple[Any, str]:
    return json.loads(found.text), found.mark


def _kept() -> Remembered[Drawn]:
    return _OF.setdefault(db.engine(), Remembered(MOST, lambda drawn: len(drawn.text)))


def _marked(content: Any) -> Drawn:
    text = to_json_plotly(content)
    return Drawn(text, sha256(text.encode()).hexdigest()[:16])
