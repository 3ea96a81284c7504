"""Satisfaction: what customers answer, how much of it is signal, and what was done about it."""

from data.metrics.satisfaction.alerts import hot_alerts
from data.metrics.satisfaction.asked import response_rate, unreached_bounds
from data.metrics.satisfaction.dimensions import dimension_scores
from data.metrics.satisfaction.index import csi_index
from data.metrics.satisfaction.overall import csat_t1b, csat_t2b, dissatisfied_rate
from data.metrics.satisfaction.promoters import nps
from data.metrics.satisfaction.repairs import fixed_right_first_time

__all__ = [
    "csat_t1b",
    "csat_t2b",
    "csi_index",
    "dimension_scores",
    "dissatisfied_rate",
    "fixed_right_first_time",
    "hot_alerts",
    "nps",
    "response_rate",
    "unreached_bounds",
]
