"""Daily sums of what the metrics add up: kept by store and day, right whether or not anybody kept
them up to date.

A day whose rows have changed is noted as stale in the same transaction, and read from its rows
until it was worked out anew; so are the last days, and every day before the first refresh.
"""

from data.sums import flushing  # noqa: F401  (it notes what a session writes)
from data.sums.invited import INVITED, Span
from data.sums.marking import mark, mark_calls, mark_rows, mark_visits, stop
from data.sums.refreshing import forget, refresh

__all__ = [
    "INVITED",
    "Span",
    "forget",
    "mark",
    "mark_calls",
    "mark_rows",
    "mark_visits",
    "refresh",
    "stop",
]
