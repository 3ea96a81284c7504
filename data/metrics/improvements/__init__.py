"""Improvement actions: where they stand, whether they come on time, and whether they help."""

from data.metrics.improvements.effects import action_effectiveness, action_recurrence
from data.metrics.improvements.informed import customers_informed_rate
from data.metrics.improvements.status import action_status
from data.metrics.improvements.timing import action_on_time, action_slippage, time_to_action

__all__ = [
    "action_effectiveness",
    "action_on_time",
    "action_recurrence",
    "action_slippage",
    "action_status",
    "customers_informed_rate",
    "time_to_action",
]
