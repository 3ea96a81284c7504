"""How long something takes, usually and at its slower end."""

from collections.abc import Callable, Sequence
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
    return one_by_one([work] * runs)


def one_by_one(works: Sequence[Callable[[], object]]) -> Timing:
    """How long each of these takes, one after the other."""
    taken = [once(work) for work in works]
    return Timing(median(taken), quantiles(taken, n=20, method="inclusive")[-1])


def once(work: Callable[[], object]) -> float:
    """How many milliseconds `work` takes this time."""
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000
