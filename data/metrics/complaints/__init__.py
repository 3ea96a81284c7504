"""Complaints: how many, how old, how late, and how they end."""

from data.metrics.complaints.ageing import complaint_ageing
from data.metrics.complaints.compliance import (
    breach_causes,
    closure_compliance,
    first_reply_compliance,
    overrun,
)
from data.metrics.complaints.outcomes import (
    hand_offs,
    recontact_rate,
    reopen_rate,
    repeat_rate,
    resolution_satisfaction,
    two_week_closure_rate,
)
from data.metrics.complaints.risk import complaints_at_risk
from data.metrics.complaints.volume import (
    category_pareto,
    complaint_origins,
    complaints_per_1000_orders,
)

__all__ = [
    "breach_causes",
    "category_pareto",
    "closure_compliance",
    "complaint_ageing",
    "complaint_origins",
    "complaints_at_risk",
    "complaints_per_1000_orders",
    "first_reply_compliance",
    "hand_offs",
    "overrun",
    "recontact_rate",
    "reopen_rate",
    "repeat_rate",
    "resolution_satisfaction",
    "two_week_closure_rate",
]
