"""/metrics: for a monitor on this machine or with the token, and nothing that is personal."""

import re
from datetime import UTC, datetime

import pytest

from dashboard import metering
from data import answers, db
from data.installing import open_database
from data.metrics.retention.base import active_base
from data.person import SYSTEM
from data.scope import Scope

FAR = {"REMOTE_ADDR": "10.0.0.5"}
NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
SECRET = "a-token-of-more-than-twenty-characters"


@pytest.fixture
def monitor(application, tmp_path, monkeypatch):
    open_database(f"sqlite:///{tmp_path / 'metered.db'}")
    monkeypatch.setitem(application.server.config, metering.TOKEN, SECRET)
    yield application.server.test_client()
    db.close()


def figure(text, name):
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.M)
    return float(found[1]) if found else 0.0


def test_who_is_on_this_machine_is_told(monitor):
    answer = monitor.get("/metrics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    assert figure(answer.text, "aftercare_database_up") == 1
    assert figure(answer.text, "aftercare_open_sessions") == 0


def test_answers_are_counted_by_what_was_asked_for(monitor):
    asked = 'aftercare_answers_total{route="/healthz",status="200"}'
    before = figure(monitor.get("/metrics").text, asked)
    for _time in range(3):
        monitor.get("/healthz")
    told = monitor.get("/metrics").text
    assert figure(told, asked) == before + 3
    assert figure(told, 'aftercare_answer_seconds_count{route="/healthz"}') >= 3


def test_figures_are_counted_by_where_they_came_from(monitor):
    names = [f'aftercare_figures_total{{source="{name}"}}' for name in ("counted", "kept")]
    before = [figure(monitor.get("/metrics").text, name) for name in names]
    with db.reading(as_=SYSTEM) as session:
        for _time in range(3):
            answers.ask(active_base, session, Scope(as_of=NOW, live=True))
    told = monitor.get("/metrics").text
    assert [figure(told, name) for name in names] == [before[0] + 1, before[1] + 2]


@pytest.mark.parametrize(
    ("environment", "headers", "status"),
    [
        (FAR, {}, 403),
        (FAR, {"Authorization": f"Bearer {SECRET}"}, 200),
        (FAR, {"Authorization": f"Bearer {SECRET[:-1]}"}, 403),
        (FAR, {"Authorization": "Bearer "}, 403),
        ({}, {"X-Forwarded-For": "10.0.0.5"}, 403),
        ({"REMOTE_ADDR": "::1"}, {}, 200),
        ({"REMOTE_ADDR": "nonsense"}, {}, 403),
    ],
)
def test_nobody_else_is(monitor, environment, headers, status):
    answer = monitor.get("/metrics", headers=headers, environ_overrides=environment)
    assert answer.status_code == status
    assert ("aftercare_" in answer.text) == (status == 200)


def test_without_a_token_none_is_right(monitor, application, monkeypatch):
    monkeypatch.setitem(application.server.config, metering.TOKEN, "")
    headers = {"Authorization": "Bearer "}
    answer = monitor.get("/metrics", headers=headers, environ_overrides=FAR)
    assert answer.status_code == 403


def test_what_somebody_typed_is_not_counted_by_name(monitor):
    monitor.get("/complaints/王小姐?phone=13800000000")
    told = monitor.get("/metrics").text
    assert "王" not in told
    assert "13800000000" not in told


def test_it_says_that_the_database_is_gone(monitor, monkeypatch):
    monkeypatch.setattr(metering.health, "ages", lambda now: None)
    told = monitor.get("/metrics").text
    assert figure(told, "aftercare_database_up") == 0
    assert "aftercare_open_sessions" not in told
