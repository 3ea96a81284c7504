"""Retention and churn: who stays, who leaves, why, and what it costs.

All of it counts visits: the local days on which a vehicle came in. Where nothing else is said a
metric speaks for the data time, over all of history before it; the period does not narrow it.
"""

from data.metrics.retention.base import active_base
from data.metrics.retention.cohorts import cohort_retention, retention_at
from data.metrics.retention.gaps import gap_flows, visit_gap_classes
from data.metrics.retention.returning import repeat_visit_rate, return_curve, visit_classes

__all__ = [
    "active_base",
    "cohort_retention",
    "gap_flows",
    "repeat_visit_rate",
    "retention_at",
    "return_curve",
    "visit_classes",
    "visit_gap_classes",
]
