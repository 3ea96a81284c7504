"""The log names a request without telling anybody's data."""

import json
import logging

import psycopg
import pytest
import structlog
from flask import Flask, abort
from sqlalchemy.exc import OperationalError

from dashboard import log
from dashboard.settings import Settings


@pytest.fixture(autouse=True)
def put_back():
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def visitor():
    server = Flask("log")
    log.init(server)
    server.add_url_rule("/", "/", log.reference)
    server.add_url_rule("/assets/x", "asset", lambda: "x")
    server.add_url_rule("/broken", "broken", lambda: 1 / 0)
    server.add_url_rule("/closed", "closed", lambda: abort(403))
    server.add_url_rule("/away", "away", ask_nobody)
    return server.test_client()


def ask_nobody():
    raise OperationalError("SELECT 1", {}, psycopg.OperationalError("refused"))


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_request_is_one_line_without_its_query_or_form(visitor, capsys):
    log.set_up(Settings(log_format="json"))
    shown = visitor.get("/?phone=19900001111").text
    visitor.post("/?token=abc", data={"password": "hunter2"})
    first, second = lines(capsys)
    assert first | {"timestamp": "", "ms": 0} == {
        "event": "answered",
        "level": "info",
        "method": "GET",
        "path": "/",
        "status": 200,
        "reference": shown,
        "timestamp": "",
        "ms": 0,
    }
    assert second["status"] == 405
    assert second["reference"] != shown


def test_what_is_asked_all_the_time_is_told_in_debug_alone(visitor, capsys):
    log.set_up(Settings(log_format="json"))
    visitor.get("/assets/x")
    assert lines(capsys) == []
    log.set_up(Settings(log_format="json", log_level="debug"))
    visitor.get("/assets/x")
    assert [line["path"] for line in lines(capsys)] == ["/assets/x"]


def test_an_error_is_logged_with_the_reference_the_person_sees(visitor, capsys):
    log.set_up(Settings(log_format="json"))
    visitor.get("/broken?phone=19900001111")
    failure, answered = lines(capsys)
    assert "ZeroDivisionError" in failure["exception"]
    assert failure["reference"] == answered["reference"]
    assert "19900001111" not in json.dumps([failure, answered])


def test_an_expected_error_can_be_logged_by_hand(capsys):
    log.set_up(Settings(log_format="json"))
    reference = log.failed(ValueError("odd"))
    (line,) = lines(capsys)
    assert (line["event"], line["level"], line["reference"]) == ("failed", "error", reference)
    assert "ValueError: odd" in line["exception"]


def test_a_database_that_is_away_is_one_line_a_request(visitor, capsys):
    log.set_up(Settings(log_format="json"))
    visitor.get("/away")
    away = OperationalError("SELECT 1", {}, psycopg.OperationalError("refused"))
    log.failed(away)
    first, _answered, second = lines(capsys)
    assert first["event"] == "Exception on /away [GET]"
    for line in (first, second):
        assert (line["trouble"], line["reason"]) == ("silent", "refused")
    assert not {"exception", "exc_info"} & {*first, *second}


def test_other_libraries_speak_the_same_way(capsys):
    log.set_up(Settings(log_format="json", log_level="warning"))
    logging.getLogger("gunicorn.error").warning("worker %s died", 7)
    logging.getLogger("elsewhere").info("not this loud")
    assert [line["event"] for line in lines(capsys)] == ["worker 7 died"]


def test_text_is_for_people(visitor, capsys):
    log.set_up(Settings())
    visitor.get("/closed")
    assert "path=/closed" in capsys.readouterr().err
