"""The five pages of the wall."""

from collections.abc import Callable

from dashboard.i18n import _
from dashboard.wall import advice
from dashboard.wall.asking import Asked
from dashboard.wall.lines import trend
from dashboard.wall.numbers import counted, measured
from dashboard.wall.parts import Panel
from data.metrics import complaints, followups, improvements, retention, satisfaction


def overview(asked: Asked) -> Panel:
    """The most important number of each subject, and the most pressing advice of all."""
    return Panel(
        code="overview",
        title=_("Overview"),
        numbers=(
            measured(_("Callbacks completed"), followups.completion_rate, asked),
            measured(_("Satisfied customers"), satisfaction.csat_t2b, asked),
            counted(_("Complaints late"), complaints.complaint_ageing, "breached", asked, "bad"),
            counted(_("Actions overdue"), improvements.action_status, "overdue", asked, "bad"),
        ),
        advice=advice.most_pressing(asked),
        trend=trend(satisfaction.csat_t2b, asked),
    )


def of_complaints(asked: Asked) -> Panel:
    """What is open, late and about to be."""
    ageing = complaints.complaint_ageing
    return Panel(
        code="complaints",
        title=_("Complaints"),
        numbers=(
            counted(_("Open complaints"), ageing, "open", asked),
            counted(_("Past their deadline"), ageing, "breached", asked, "bad"),
            counted(_("About to be late"), ageing, "at_risk", asked, "warn"),
            measured(_("Solved in time"), complaints.closure_compliance, asked),
        ),
        advice=advice.on_complaints(asked),
        trend=trend(complaints.complaints_per_1000_orders, asked),
    )


def of_callbacks(asked: Asked) -> Panel:
    """Whether customers are rung, and in time."""
    load = followups.callback_load
    return Panel(
        code="callbacks",
        title=_("Callbacks"),
        numbers=(
            measured(_("Callbacks completed"), followups.completion_rate, asked),
            measured(_("Completed in time"), followups.on_time_rate, asked),
            counted(_("Past their time"), load, "overdue", asked, "warn"),
            counted(_("Still due today"), load, "today", asked),
        ),
        advice=advice.on_callbacks(asked),
        trend=trend(followups.completion_rate, asked),
    )


def of_improvements(asked: Asked) -> Panel:
    """Whether actions are done in time, and whether they help."""
    status = improvements.action_status
    return Panel(
        code="improvements",
        title=_("Improvement"),
        numbers=(
            counted(_("Actions overdue"), status, "overdue", asked, "bad"),
            counted(_("Due within 7 days"), status, "due_in_7_days", asked, "warn"),
            measured(_("Done on time"), improvements.action_on_time, asked),
            measured(_("Actions that helped"), improvements.action_effectiveness, asked),
        ),
        advice=advice.on_improvements(asked),
        trend=trend(complaints.complaints_per_1000_orders, asked),
    )


def of_satisfaction(asked: Asked) -> Panel:
    """Whether customers are content, and stay."""
    return Panel(
        code="satisfaction",
        title=_("Satisfaction"),
        numbers=(
            measured(_("Satisfied customers"), satisfaction.csat_t2b, asked),
            measured(_("Net promoter score"), satisfaction.nps, asked),
            measured(_("Fixed right first time"), satisfaction.fixed_right_first_time, asked),
            measured(_("Customers kept"), retention.keep_rate, asked),
        ),
        advice=advice.on_satisfaction(asked),
        trend=trend(satisfaction.csat_t2b, asked),
    )


PAGES: tuple[Callable[[Asked], Panel], ...] = (
    overview,
    of_complaints,
    of_callbacks,
    of_improvements,
    of_satisfaction,
)
