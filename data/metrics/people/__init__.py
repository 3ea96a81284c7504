"""People: what each one's work comes to, against what is usual in their own store."""

from data.metrics.people.agents import agent_scorecard
from data.metrics.people.strikes import strikes
from data.metrics.people.workshop import adviser_scorecard, technician_scorecard

__all__ = ["adviser_scorecard", "agent_scorecard", "strikes", "technician_scorecard"]
