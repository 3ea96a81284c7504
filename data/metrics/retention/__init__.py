"""Retention and churn: who stays, who leaves, why, and what it costs.

All of it counts visits: the local days on which a vehicle came in. Where nothing else is said a
metric speaks for the data time, over all of history before it; the period does not narrow it.
"""

from data.metrics.retention.base import active_base
from data.metrics.retention.cases import case_win_back_rate, churn_reasons, churn_steps
from data.metrics.retention.cohorts import cohort_retention, retention_at
from data.metrics.retention.curve import return_curve
from data.metrics.retention.gaps import gap_flows, visit_gap_classes
from data.metrics.retention.keeping import (
    keep_rate,
    monthly_churn,
    recapture_rate,
    win_back_rate,
    window_churn,
)
from data.metrics.retention.lab import churn_rule_lab
from data.metrics.retention.lift import solicitation_lift
from data.metrics.retention.often import repeat_visit_rate, visit_classes
from data.metrics.retention.recovery import service_recovery
from data.metrics.retention.renewals import renewal_rate
from data.metrics.retention.value import customer_value, value_at_risk

__all__ = [
    "active_base",
    "case_win_back_rate",
    "churn_reasons",
    "churn_rule_lab",
    "churn_steps",
    "cohort_retention",
    "customer_value",
    "gap_flows",
    "keep_rate",
    "monthly_churn",
    "recapture_rate",
    "renewal_rate",
    "repeat_visit_rate",
    "retention_at",
    "return_curve",
    "service_recovery",
    "solicitation_lift",
    "value_at_risk",
    "visit_classes",
    "visit_gap_classes",
    "win_back_rate",
    "window_churn",
]
