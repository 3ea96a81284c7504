"""What was counted is told again, until something is written or time alone has made it old."""

from collections.abc import Callable, Collection, Hashable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary
from zlib import crc32

from prometheus_client import Counter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from data import db
from data.editions import edition
from data.metrics import Answer, Metric
from data.person import Person
from data.remembered import Remembered
from data.scope import Scope

if TYPE_CHECKING:
    from data.sharing import Shared

MINUTES_UNTIL_OLD = 5
MOST = 1000
TOLD = Counter("aftercare_figures", "Figures told, by where they came from.", ["source"])


class Answers:
    """The latest answers of one database, for all threads: each is counted once.

    With `shared`, what another process has counted is taken from there.
    """

    def __init__(self, most: int = MOST, shared: "Shared | None" = None) -> None:
        self._kept, self._shared = Remembered[Answer](most), shared

    def of(self, question: Hashable, count: Callable[[], Answer]) -> Answer:
        """The answer kept for the question; `count` gives it if there is none yet."""
        sources = ["kept"]

        def find() -> Answer:
            sources[0], found = self._found(question, count)
            return found

        answer = self._kept.of(question, find)
        TOLD.labels(*sources).inc()
        return Answer(answer.frame.copy(deep=False), dict(answer.summary))

    def _found(self, question: Hashable, count: Callable[[], Answer]) -> tuple[str, Answer]:
        """Where the answer came from, and the answer."""
        if found := self._shared and self._shared.get(question):
            return "shared", found
        answer = count()
        if self._shared:
            self._shared.put(question, answer)
        return "counted", answer


_OF: WeakKeyDictionary[Engine, Answers] = WeakKeyDictionary()


def share(url: str, *, edition: str) -> None:
    """Share the answers of the database with all processes that have this edition of the code."""
    from data.sharing import Shared  # its library takes a while to load, and few need it

    engine = db.engine()
    named = f"{edition} {engine.url.render_as_string(hide_password=True)}"
    _OF[engine] = Answers(shared=Shared(url, named))


def ask(metric: Metric, session: Session, scope: Scope, **options: str) -> Answer:
    """The metric's answer, counted or remembered; what stood at a moment of the past is counted."""
    asked = question(metric, session, scope, **options)
    if asked is None:
        return metric(session, scope, **options)
    answers = _OF.setdefault(db.engine(), Answers())
    return answers.of(asked, lambda: metric(session, scope, **options))


def question(metric: Metric, session: Session, scope: Scope, **options: str) -> Hashable | None:
    """What is asked, by whose eyes, and of which edition; None if the answer is not remembered."""
    if not scope.live:
        return None
    eyes = db.person_of(session).stores
    return metric.code, tuple(sorted(options.items())), *state(session, scope, eyes, metric.reads)


def state(
    session: Session, scope: Scope, eyes: Hashable, reads: Collection[str] | None = None
) -> tuple[Hashable, ...]:
    """What tells a present scope, as these `eyes` see it, from any other and from an older one.

    reads: the subjects of the log that matter; None if any may.
    """
    asked = replace(scope, as_of=lately(scope.as_of, db.person_of(session)))
    written = edition(session, scope.stores, reads)
    seen = tuple(sorted(eyes)) if isinstance(eyes, frozenset) else eyes  # others read it by letters
    return asked, seen, written


def lately(moment: datetime, person: Person) -> datetime:
    """The moment at which figures that are not older than a few minutes may have been counted.

    It moves on at other times for those who see other stores: not all grow old at once.
    """
    seconds = MINUTES_UNTIL_OLD * 60
    began = crc32(repr(sorted(person.stores or ())).encode()) % seconds
    passed = (moment.timestamp() - began) // seconds * seconds
    return datetime.fromtimestamp(began + passed, UTC)
