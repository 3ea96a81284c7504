"""What was counted is told again, until something is written or time alone has made it old."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from data import db
from data.editions import edition
from data.metrics import Answer, Metric
from data.scope import Scope

MINUTES_UNTIL_OLD = 5
MOST = 1000


class Answers:
    """The latest answers of one database, for all threads: each is counted once."""

    def __init__(self, most: int = MOST) -> None:
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._most, self._lock = most, Lock()

    def of(self, question: Hashable, count: Callable[[], Answer]) -> Answer:
        """The answer kept for the question; `count` gives it if there is none yet."""
        kept = self._place(question)
        with kept.lock:
            answer = kept.answer = kept.answer or count()
        return Answer(answer.frame.copy(deep=False), dict(answer.summary))

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


def ask(metric: Metric, session: Session, scope: Scope, **options: str) -> Answer:
    """The metric's answer, counted or remembered; what stood at a moment of the past is counted."""
    if not scope.live:
        return metric(session, scope, **options)
    asked = replace(scope, as_of=lately(scope.as_of))
    eyes, written = db.person_of(session).stores, edition(session, scope.stores, metric.reads)
    question = (metric.code, tuple(sorted(options.items())), asked, eyes, written)
    answers = _OF.setdefault(db.engine(), Answers())
    return answers.of(question, lambda: metric(session, scope, **options))


def lately(moment: datetime) -> datetime:
    """The moment at which figures that are not older than a few minutes may have been counted."""
    seconds = MINUTES_UNTIL_OLD * 60
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, UTC)
