"""Drawings: a DataFrame in, a Figure out. They count nothing and know no database."""

from dashboard.figures.bars import ageing, amounts, lifetime, pareto, rates, shares
from dashboard.figures.cliffs import cliff
from dashboard.figures.cohorts import cohort_map
from dashboard.figures.curves import cohort_curves, cohort_trend, return_curve
from dashboard.figures.dots import bounds, callers, dots, recovery
from dashboard.figures.flows import class_flows
from dashboard.figures.groups import churn_reasons, churn_steps
from dashboard.figures.heat import heat
from dashboard.figures.improvements import actions, delays, effects, waits
from dashboard.figures.lifts import lift
from dashboard.figures.people import people
from dashboard.figures.quadrants import dimensions, quadrants
from dashboard.figures.rules import rules
from dashboard.figures.spreads import spread
from dashboard.figures.steps import funnel, load
from dashboard.figures.trends import over_time, rate_over_time

__all__ = [
    "actions",
    "ageing",
    "amounts",
    "bounds",
    "callers",
    "churn_reasons",
    "churn_steps",
    "class_flows",
    "cliff",
    "cohort_curves",
    "cohort_map",
    "cohort_trend",
    "delays",
    "dimensions",
    "dots",
    "effects",
    "funnel",
    "heat",
    "lifetime",
    "lift",
    "load",
    "over_time",
    "pareto",
    "people",
    "quadrants",
    "rate_over_time",
    "rates",
    "recovery",
    "return_curve",
    "rules",
    "shares",
    "spread",
    "waits",
]
