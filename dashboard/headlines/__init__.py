"""What a figure says in words: is there a change, what is the number, what should it be.

A headline is a function of (answer, target) that gives a sentence, or None when there is nothing
to say. "No real change" is a headline too: a difference is called a change only on a signal.
"""

from dashboard.headlines.base import Headline
from dashboard.headlines.changes import beside_naive, change, measure, rate
from dashboard.headlines.comparing import heaviest, lowest, most
from dashboard.headlines.complaints import ageing, at_risk, hand_offs, overrun

__all__ = [
    "Headline",
    "ageing",
    "at_risk",
    "beside_naive",
    "change",
    "hand_offs",
    "heaviest",
    "lowest",
    "measure",
    "most",
    "overrun",
    "rate",
]
