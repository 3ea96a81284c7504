"""How long something takes, usually and at its slower end."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter

WARM = 2


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds: the middle one of all runs, and the one that 95 of 100 do not exceed."""

    median: float
    p95: float

    def __str__(self) -> str:
        return f"{self.median:8.1f}{self.p95:9.1f} ms"


def timed(work: Callable[[], object], runs: int) -> Timing:
    """How long `work` takes once it is warm."""
    for _ in range(WARM):
        work()
    taken = [_once(work) for _ in range(runs)]
    return Timing(median(taken), quantiles(taken, n=20, method="inclusive")[-1])


def _once(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000
