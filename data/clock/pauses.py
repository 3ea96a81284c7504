"""Pauses: the stretches in which a clock runs and those in which it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from data.clock.instants import micros


@dataclass(frozen=True, slots=True)
class Span:
    """A pause from its start up to, not including, its end; the label says why.

    Both moments carry a time zone. A pause that still lasts is given up to the moment one speaks
    for. Raises ValueError without a time zone or if the end lies before the start.
    """

    start: datetime
    end: datetime
    label: str = ""

    def __post_init__(self) -> None:
        if micros(self.end) < micros(self.start):
            raise ValueError(
                f"The pause ends at {self.end}, before it starts at {self.start}: swap the two."
            )


class Stretch(NamedTuple):
    """A stretch of time in microseconds; `pause` is the pause that rules it, if any."""

    start: int
    end: int
    pause: Span | None


def stretches(start: int, end: int, pauses: Sequence[Span]) -> Iterator[Stretch]:
    """Cut start to end, without gaps, into running and paused; of two pauses the earlier rules."""
    if pauses:
        for began, ended, pause in _in_order(pauses):
            opened, closed = max(began, start), min(ended, end)
            if opened >= closed:
                continue
            if start < opened:
                yield Stretch(start, opened, None)
            yield Stretch(opened, closed, pause)
            start = closed
    if start < end:
        yield Stretch(start, end, None)


def running(start: int, end: int, pauses: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The stretches between start and end in which no pause stops the clock."""
    if not pauses:
        return iter([(start, end)] if start < end else [])
    return ((s.start, s.end) for s in stretches(start, end, pauses) if s.pause is None)


def _in_order(pauses: Sequence[Span]) -> list[tuple[int, int, Span]]:
    spans = [(micros(pause.start), micros(pause.end), pause) for pause in pauses]
    return sorted(spans, key=lambda span: span[:2])
