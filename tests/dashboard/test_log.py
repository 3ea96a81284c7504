"""The log names a request without telling anybody's data."""

import json
import logging
import os
import subprocess
import sys

import psycopg
import pytest
import structlog
from flask import Flask, abort
from sqlalchemy.exc import OperationalError

from dashboard import log
from dashboard.app import ROOT
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


@pytest.mark.parametrize("shape", ["text", "json"])
def test_what_moves_the_cursor_or_turns_the_writing_is_spelt_out(visitor, capsys, shape):
    log.set_up(Settings(log_format=shape))
    visitor.get("/esc%1b%5b31mFAKE%07%08%0a%e2%80%a8%c2%85%e2%80%ae投诉")
    visitor.open("/", method="X\x1b[31m")
    one, other = capsys.readouterr().err.splitlines()
    spelt = r"/esc\x1b[31mFAKE\x07\x08\n\u2028\x85\u202e投诉"
    assert (spelt if shape == "text" else json.dumps(spelt, ensure_ascii=False)) in one
    assert one.isprintable()
    assert other.isprintable()


def test_an_error_keeps_its_lines_and_nothing_else_unprintable(capsys):
    log.set_up(Settings())
    log.failed(ValueError("odd\x1b[31m"))
    lines_ = capsys.readouterr().err.splitlines()
    assert all(line.isprintable() for line in lines_)
    assert lines_[-1] == r"ValueError: odd\x1b[31m"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("Error handling request %s %s", "GET", "/r?store=S1&s=x y"), "GET /r?…"),
        (("Error handling request %s", "/r?s=secret"), "Error handling request /r?…"),
        (
            ("Invalid request from ip=::1: 'GET /r?s=a b'",),
            "ip=::1: 'GET /r?…",
        ),
        (("worker %s died", 7), "worker 7 died"),
    ],
)
@pytest.mark.parametrize("server", ["gunicorn.error", "werkzeug"])
def test_a_server_tells_no_query(capsys, server, said, told):
    log.set_up(Settings(log_format="json"))
    logging.getLogger(server).warning(*said)
    (line,) = lines(capsys)
    assert line["event"].endswith(told)


SERVER = """
from datetime import timedelta
from types import SimpleNamespace
from gunicorn.config import Config
from dashboard.gunicorn_conf import logger_class

settings = Config()
settings.set("accesslog", "-")
log = logger_class(settings)
about = {"REQUEST_METHOD": "GET", "RAW_URI": "/r?s=secret", "SERVER_PROTOCOL": "HTTP/1.1"}
about |= {"PATH_INFO": "/r", "QUERY_STRING": "s=secret", "HTTP_REFERER": "http://h/r?s=secret"}
answer = SimpleNamespace(status="200 OK", sent=7, headers=[])
log.access(answer, SimpleNamespace(headers=[]), about, timedelta())
log.error("Error handling request %s %s", "GET", "/r?s=secret")
"""


def test_gunicorn_tells_no_query_in_either_of_its_logs(tmp_path):
    own = {"AFTERCARE_DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}"}
    own |= {"AFTERCARE_SECRET_KEY": "s" * 32, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    command = [sys.executable, "-c", SERVER]
    done = subprocess.run(
        command, env=os.environ | own, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert '"GET /r?…" 200 7 "http://h/r?…"' in done.stdout
    assert "Error handling request GET /r?…" in done.stderr
    assert "secret" not in done.stdout + done.stderr


def test_text_is_for_people(visitor, capsys):
    log.set_up(Settings())
    visitor.get("/closed")
    assert "path=/closed" in capsys.readouterr().err
