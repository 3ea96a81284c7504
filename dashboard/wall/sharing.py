"""One answer for many screens: whoever sees the same is told the same, worked out once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
NEWS_AFTER = timedelta(minutes=1)  # what was written since is shown after so long
ANEW_AFTER = timedelta(minutes=5)  # deadlines pass although nobody writes anything
NEVER = datetime.min.replace(tzinfo=UTC)


class _Place(Generic[T]):
    """What is known under one key, and the lock of who works it out."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.made_at, self.edition = NEVER, ""
        self.value: T | None = None

    def holds(self, now: datetime, edition: str) -> bool:
        """Whether it may still be told."""
        age = now - self.made_at
        lasts = ANEW_AFTER if edition == self.edition else NEWS_AFTER
        return self.value is not None and timedelta(0) <= age < lasts


class Shared(Generic[T]):
    """The latest answers, at most `most` of them; who asks meanwhile waits for the same one."""

    def __init__(self, most: int = 64) -> None:
        self._most, self._lock = most, Lock()
        self._places: OrderedDict[Hashable, _Place[T]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T], *, now: datetime, edition: str) -> T:
        """What is known under `key`, which must hold all that makes answers differ."""
        place = self._place(key)
        with place.lock:
            if place.value is None or not place.holds(now, edition):
                place.value = make()
                place.made_at, place.edition = now, edition
            return place.value

    def __len__(self) -> int:
        return len(self._places)

    def _place(self, key: Hashable) -> _Place[T]:
        with self._lock:
            place = self._places.pop(key, None) or _Place[T]()
            self._places[key] = place
            if len(self._places) > self._most:
                self._places.popitem(last=False)
            return place
