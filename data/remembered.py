"""What was worked out is told again: the latest of it, each worked out once for all threads."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """The latest answers, by all that makes them differ; together they weigh at most `most`.

    `weigh` tells what an answer weighs, 1 if it is not given; the last one is kept in any case.
    """

    def __init__(self, most: int, weigh: Callable[[T], int] = lambda _answer: 1) -> None:
        self._places: OrderedDict[Hashable, _Place[T]] = OrderedDict()
        self._most, self._weigh, self._lock = most, weigh, Lock()
        self._weight = 0

    def of(self, question: Hashable, work: Callable[[], T]) -> T:
        """The answer to the question; `work` gives it if there is none, while others wait."""
        with self._lock:
            place = self._places.setdefault(question, _Place())
            self._places.move_to_end(question)
        with place.lock:
            if not place.told:
                self._fill(question, place, work)
            return place.told[0]

    def __len__(self) -> int:
        return len(self._places)

    def _fill(self, question: Hashable, place: "_Place[T]", work: Callable[[], T]) -> None:
        try:
            place.told = [work()]
        finally:
            with self._lock:
                self._settle(question, place)

    def _settle(self, question: Hashable, place: "_Place[T]") -> None:
        """Forget a place that stayed empty; else what was not asked for longest, as need be."""
        if not place.told:
            if self._places.get(question) is place:
                del self._places[question]
        elif self._places.setdefault(question, place) is place:
            place.weight = self._weigh(*place.told)
            self._weight += place.weight
        while self._weight > self._most and len(self._places) > 1:
            self._weight -= self._places.popitem(last=False)[1].weight


class _Place(Generic[T]):
    """The place of an answer; who finds it empty works while the others wait."""

    def __init__(self) -> None:
        self.lock, self.weight = Lock(), 0
        self.told: list[T] = []
