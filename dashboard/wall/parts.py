"""The parts of a page on the wall: numbers, a trend, and the one sentence of advice."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

PRESSING = ("bad", "warn", "good", "quiet")  # the tones, worst first


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One large number: against its target, whether it really changes, and of how many."""

    label: str
    shown: str
    tone: str = "quiet"
    judged: str = ""
    arrow: str = ""
    change: str = ""
    change_tone: str = "quiet"
    counted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A line over the latest periods, with what stands beside it."""

    title: str
    svg: Markup
    top: str
    bottom: str
    first: str
    last: str
    aim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What is to be done, by whom, until when; and how pressing it is."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One page on the wall."""

    code: str
    title: str
    numbers: tuple[Number, ...]
    advice: Advice
    trend: Trend | None = None

    @property
    def tone(self) -> str:
        """The worst of what it shows."""
        return worst(number.tone for number in self.numbers)


def worst(tones: Iterable[str]) -> str:
    """The most pressing of these tones; quiet if there is none."""
    return min(tones, key=PRESSING.index, default="quiet")
