"""The dashboard as it is usually begun: whole tables are read into pandas at every question.

It answers the thirteen questions of `bench.thirteen` for the last thirteen weeks, one graph each,
counted less exactly: neither who may see what, nor what stood when, nor how sure it is.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pandas as pd
from dash import Dash, Input, Output, dcc, html
from flask import Flask
from plotly import express as px
from sqlalchemy import Connection, Engine, create_engine, make_url

DATABASE = "NAIVE_DATABASE_URL"
NOW = pd.Timestamp.now("UTC")
SINCE = NOW - timedelta(weeks=13)
Frame = pd.DataFrame


class Tables:
    """The tables of a database, each read whole whenever it is asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Frame:
        return pd.read_sql(f"SELECT * FROM {name}", self._connection)


def _week(moments: Any) -> Any:
    return moments.dt.tz_localize(None).dt.to_period("W").dt.start_time


def _due(tables: Tables) -> Frame:
    calls = tables.callback
    calls = calls[(calls.due_at >= SINCE) & (calls.due_at <= NOW)]
    on_time = calls.completed_at <= calls.due_at
    return calls.assign(done=calls.completed_at.notna(), on_time=on_time, week=_week(calls.due_at))


def completion(tables: Tables) -> Frame:
    """Calls done of those due, by week."""
    return _due(tables).groupby("week", as_index=False).done.mean()


def by_agent(tables: Tables) -> Frame:
    """Calls done in time, by who calls."""
    people = tables.employee.rename(columns={"id": "agent_id"})[["agent_id", "name"]]
    return _due(tables).merge(people).groupby("name", as_index=False).on_time.mean()


def reach(tables: Tables) -> Frame:
    """Talks of tries, by weekday and hour."""
    tries = tables.call_attempt
    local = tries["at"].dt.tz_convert("Asia/Shanghai")
    tries = tries.assign(day=local.dt.weekday, hour=local.dt.hour, talk=tries.result == "connected")
    return tries[local >= SINCE].groupby(["day", "hour"], as_index=False).talk.mean()


def _answered(tables: Tables) -> Frame:
    found = tables.survey_response
    return found[found.answered_at >= SINCE]


def satisfied(tables: Tables) -> Frame:
    """Customers who are satisfied, by week."""
    found = _answered(tables)
    found = found.assign(week=_week(found.answered_at), good=found.overall >= 4)
    return found.groupby("week", as_index=False).good.mean()


def promoters(tables: Tables) -> Frame:
    """Promoters less detractors, by month."""
    found = _answered(tables)
    month = found.answered_at.dt.strftime("%Y-%m")
    score = (found.nps >= 9).astype(int) - (found.nps <= 6).astype(int)
    return found.assign(month=month, score=score).groupby("month", as_index=False).score.mean()


def dimensions(tables: Tables) -> Frame:
    """The mean of each of the fourteen scores."""
    questions = tables.question.rename(columns={"id": "question_id"})[["question_id", "dimension"]]
    responses = _answered(tables).rename(columns={"id": "response_id"})[["response_id"]]
    scores = tables.survey_answer.merge(responses).merge(questions)
    return scores.groupby("dimension", as_index=False).score.mean()


def ageing(tables: Tables) -> Frame:
    """Open complaints by their age."""
    cases = tables.complaint
    days = (NOW - cases[cases.resolved_at.isna()].opened_at).dt.days
    classes = pd.cut(days, [-1, 0, 2, 6, 13, 29, 100_000]).astype(str)
    return classes.value_counts().rename_axis("days").reset_index(name="cases")


def first_reply(tables: Tables) -> Frame:
    """First replies in time, by week."""
    cases = tables.complaint
    cases = cases[(cases.reply_due_at >= SINCE) & (cases.reply_due_at <= NOW)]
    good = cases.replied_at <= cases.reply_due_at
    cases = cases.assign(week=_week(cases.reply_due_at), good=good)
    return cases.groupby("week", as_index=False).good.mean()


def pareto(tables: Tables) -> Frame:
    """Complaints by category."""
    categories = tables.complaint_category.rename(columns={"id": "category_id"})
    cases = tables.complaint[["category_id", "opened_at"]].merge(categories)
    found = cases[cases.opened_at >= SINCE].name.value_counts()
    return found.rename_axis("category").reset_index(name="cases")


def cohorts(tables: Tables) -> Frame:
    """Cars that came again, by the month of their first visit."""
    orders = tables.repair_order
    month = orders.opened_at.dt.year * 12 + orders.opened_at.dt.month
    first = month.groupby(orders.vehicle_id).transform("min")
    cells = orders.assign(cohort=first, after=month - first)
    return cells.groupby(["cohort", "after"], as_index=False).vehicle_id.nunique()


def _last_visits(tables: Tables) -> Frame:
    orders = tables.repair_order
    return orders.groupby("vehicle_id", as_index=False).opened_at.max()


def away(tables: Tables) -> Frame:
    """Cars by the months since their last visit."""
    months = (NOW - _last_visits(tables).opened_at).dt.days // 30
    return months.value_counts().rename_axis("months").reset_index(name="cars")


def who_is_away(tables: Tables) -> Frame:
    """The hundred cars that have been away for longest."""
    last = _last_visits(tables).rename(columns={"vehicle_id": "id"}).merge(tables.vehicle)
    return last.nsmallest(100, "opened_at")[["plate", "opened_at"]]


def actions(tables: Tables) -> Frame:
    """Improvements by their state."""
    return tables.action.state.value_counts().rename_axis("state").reset_index(name="actions")


QUESTIONS: dict[str, Callable[[Tables], Frame]] = {
    each.__name__: each
    for each in (
        *(completion, by_agent, reach, satisfied, promoters, dimensions, ageing, first_reply),
        *(pareto, cohorts, away, who_is_away, actions),
    )
}


def create_server() -> Flask:
    """What gunicorn serves: a page with a graph for each question."""
    url = make_url(os.environ[DATABASE]).set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    app = Dash("naive", compress=True)
    app.layout = html.Div([dcc.Input(id="go"), *(dcc.Graph(id=name) for name in QUESTIONS)])
    for name, question in QUESTIONS.items():
        app.callback(Output(name, "figure"), Input("go", "value"))(_drawing(engine, question))
    server: Flask = app.server
    server.test_client().get("/")  # Dash's lazy set-up, before anybody asks
    return server


def _drawing(engine: Engine, question: Callable[[Tables], Frame]) -> Callable[[str], Any]:
    def draw(_go: str) -> Any:
        with engine.connect() as connection:
            found = question(Tables(connection))
        return px.bar(found, x=found.columns[0], y=found.columns[-1])

    return draw
