"""Callbacks: are they made, in time, and can their answers be believed."""

from data.metrics.followups.callers import scores_by_caller
from data.metrics.followups.calls import (
    attempts_per_completion,
    reach_by_hour,
    unreached_reasons,
)
from data.metrics.followups.completion import (
    attempt_rate,
    callback_funnel,
    completion_rate,
    contact_rate,
    followups_due,
    on_time_rate,
)
from data.metrics.followups.coverage import followup_coverage
from data.metrics.followups.load import callback_load
from data.metrics.followups.promises import promise_kept_rate
from data.metrics.followups.truth import (
    blank_answer_rate,
    call_length_compliance,
    caller_independence,
)

__all__ = [
    "attempt_rate",
    "attempts_per_completion",
    "blank_answer_rate",
    "call_length_compliance",
    "callback_funnel",
    "callback_load",
    "caller_independence",
    "completion_rate",
    "contact_rate",
    "followup_coverage",
    "followups_due",
    "on_time_rate",
    "promise_kept_rate",
    "reach_by_hour",
    "scores_by_caller",
    "unreached_reasons",
]
