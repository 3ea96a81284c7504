"""What a figure says in words: is there a change, what is the number, what should it be.

A headline is a function of (answer, target) that gives a sentence, or None when there is nothing
to say. "No real change" is a headline too: a difference is called a change only on a signal.
"""

from dashboard.headlines.base import Headline
from dashboard.headlines.changes import beside_naive, change, measure, rate
from dashboard.headlines.comparing import heaviest, lowest, most
from dashboard.headlines.complaints import ageing, at_risk, hand_offs, overrun
from dashboard.headlines.followups import (
    attempts,
    bounds,
    call_length,
    callers,
    funnel,
    load,
    reach,
)
from dashboard.headlines.people import people
from dashboard.headlines.satisfaction import dimensions, quadrants

__all__ = [
    "Headline",
    "ageing",
    "at_risk",
    "attempts",
    "beside_naive",
    "bounds",
    "call_length",
    "callers",
    "change",
    "dimensions",
    "funnel",
    "hand_offs",
    "heaviest",
    "load",
    "lowest",
    "measure",
    "most",
    "overrun",
    "people",
    "quadrants",
    "rate",
    "reach",
]
