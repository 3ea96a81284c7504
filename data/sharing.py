"""Answers that several processes share through Redis; when it is away each counts for itself."""

from collections.abc import Callable, Hashable
from hashlib import sha256
from time import monotonic
from typing import Any

import structlog
from redis import Redis, RedisError

from data import spelling
from data.metrics import Answer

WAIT_S = 0.25  # an answer is counted in about this time; waiting longer is no gain
REST_S = 30.0  # so long nobody asks again after a failure
KEPT_S = 600  # past the age at which nobody asks for an answer any more
LARGEST = 1_000_000  # bytes


class Shared:
    """What one installation keeps in the Redis at `url`; `edition` names its code and database."""

    def __init__(self, url: str, edition: str) -> None:
        waits: dict[str, Any] = {"socket_timeout": WAIT_S, "socket_connect_timeout": WAIT_S}
        self._redis = Redis.from_url(url, **waits)
        self._edition, self._rests_until = edition, 0.0

    def get(self, question: Hashable) -> Answer | None:
        """The answer somebody has left for the question."""
        found = self._asked(lambda redis: redis.get(self._key(question)))
        return spelling.read(found) if found else None

    def put(self, question: Hashable, answer: Answer) -> None:
        """Leave an answer for the others, unless it is too long to be worth it."""
        said = spelling.spelled(answer)
        if len(said) <= LARGEST:
            self._asked(lambda redis: redis.set(self._key(question), said, ex=KEPT_S))

    def _key(self, question: Hashable) -> str:
        return f"aftercare:{sha256(repr((self._edition, question)).encode()).hexdigest()}"

    def _asked(self, work: Callable[["Redis"], Any]) -> Any:
        if monotonic() < self._rests_until:
            return None
        try:
            return work(self._redis)
        except RedisError as error:
            self._rests_until = monotonic() + REST_S
            log = structlog.get_logger()
            log.warning("shared answers away", why=type(error).__name__, rests_s=REST_S)
            return None
