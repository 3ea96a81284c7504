"""Those who stay away, as people look at them; `settling`, which writes, is imported by itself."""

from data.churn.case import Case, OnCall, find, of_followup
from data.churn.listing import listing

__all__ = ["Case", "OnCall", "find", "listing", "of_followup"]
