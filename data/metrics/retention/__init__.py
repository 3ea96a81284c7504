"""Retention and churn: who stays, who leaves, why, and what it costs.

All of it counts visits: the local days on which a vehicle came in. Where nothing else is said a
metric speaks for the data time, over all of history before it; the period does not narrow it.
"""

from data.metrics.retention.base import active_base

__all__ = ["active_base"]
