"""What was counted is told again, until something is written or time alone has made it old."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from prometheus_client import Counter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from data import db
from data.editions import edition
from data.metrics import Answer, Metric
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
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._most, self._lock, self._shared = most, Lock(), shared

    def of(self, question: Hashable, count: Callable[[], Answer]) -> Answer:
        """The answer kept for the question; `count` gives it if there is none yet."""
        kept = self._place(question)
        with kept.lock:
            if kept.answer is None:
                kept.answer = self._of_others(question) or self._counted(question, count)
            else:
                TOLD.labels("kept").inc()
            answer = kept.answer
        return Answer(answer.frame.copy(deep=False), dict(answer.summary))

    def _of_others(self, question: Hashable) -> Answer | None:
        found = self._shared.get(question) if self._shared else None
        if found:
            TOLD.labels("shared").inc()
        return found

    def _counted(self, question: Hashable, count: Callable[[], Answer]) -> Answer:
        TOLD.labels("counted").inc()
        answer = count()
        if self._shared:
            self._shared.put(question, answer)
        return answer

    def _place(self, question: Hashable) -> "_Kept":
        with self._lock:
            kept = self._kept.setdefault(question, _Kept())
            self._kept.move_to_end(question)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return kept


class _Kept:
    """The place of an answer; who finds it empty counts while the others wait."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.answer: Answer | None = None


_OF: WeakKeyDictionary[Engine, Answers] = WeakKeyDictionary()


def share(url: str, *, edition: str) -> None:
    """Share the answers of the database with all processes that have this edition of the code."""
    from data.sharing import Shared  # its library takes a while to load, and few need it

    engine = db.engine()
    named = f"{edition} {engine.url.render_as_string(hide_password=True)}"
    _OF[engine] = Answers(shared=Shared(url, named))


def ask(metric: Metric, session: Session, scope: Scope, **options: str) -> Answer:
    """The metric's answer, counted or remembered; what stood at a moment of the past is counted."""
    if not scope.live:
        return metric(session, scope, **options)
    asked = replace(scope, as_of=lately(scope.as_of))
    seen, written = db.person_of(session).stores, edition(session, scope.stores, metric.reads)
    eyes = "everything" if seen is None else tuple(sorted(seen))
    question = (metric.code, tuple(sorted(options.items())), asked, eyes, written)
    answers = _OF.setdefault(db.engine(), Answers())
    return answers.of(question, lambda: metric(session, scope, **options))


def lately(moment: datetime) -> datetime:
    """The moment at which figures that are not older than a few minutes may have been counted."""
    seconds = MINUTES_UNTIL_OLD * 60
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, UTC)
