"""The weekly review (周例会): its agenda, its frozen numbers and what became of them."""

from data.reviews.minutes import Decision, Minutes, Shown, find, held, minutes

__all__ = ["Decision", "Minutes", "Shown", "find", "held", "minutes"]
