"""The figures of the people page: a measure a chart, a person a row."""

from collections.abc import Callable
from typing import Any

from dashboard import figures, headlines, urls
from dashboard.i18n import later
from dashboard.widgets import Chart
from data.metrics import Metric, people


def _chart(
    name: str, title: str, metric: Metric, measure: str, key: str, drill: Callable[..., str]
) -> Chart:
    return Chart(
        name=name,
        title=title,
        metric=metric,
        options={"measure": measure},
        figure=figures.people,
        drawn={"drill": key},
        headline=headlines.people,
        drill=drill,
        height=320,
    )


def _agents(name: str, title: str, measure: str) -> Chart:
    return _chart(
        f"team-agents-{name}", title, people.agent_scorecard, measure, "agent", urls.followups
    )


def _advisers(name: str, title: str, measure: str, drill: Callable[..., str]) -> Chart:
    return _chart(
        f"team-advisers-{name}", title, people.adviser_scorecard, measure, "adviser", drill
    )


def _technicians(name: str, title: str, measure: str, drill: Callable[..., str]) -> Chart:
    metric = people.technician_scorecard
    return _chart(f"team-technicians-{name}", title, metric, measure, "technician", drill)


def _cases(view: urls.View, **person: Any) -> str:
    """The way to the complaints about somebody's orders."""
    return urls.complaints(view, state="all", **person)


CHARTS = (
    _agents("completed", later("Agents: callbacks completed"), "completed"),
    _agents("on-time", later("Agents: completed in time"), "on_time"),
    _agents("reached", later("Agents: customers reached"), "contact"),
    _agents("satisfied", later("Agents: satisfied customers"), "satisfied"),
    _advisers("satisfied", later("Advisers: satisfied customers"), "satisfied", urls.satisfaction),
    _advisers("complaints", later("Advisers: complaints per 1,000 orders"), "complaints", _cases),
    _technicians(
        "complaints", later("Technicians: complaints per 1,000 orders"), "complaints", _cases
    ),
    _technicians(
        "rework", later("Technicians: orders that came back"), "rework", urls.satisfaction
    ),
)
