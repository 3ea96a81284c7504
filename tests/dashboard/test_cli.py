"""The command line: what it says, what it exits with, and that it keeps its word to scripts."""

import csv
import errno
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from shutil import copy
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from dashboard.__main__ import cli
from dashboard.verbs import serving
from data import accounts, db, health
from data.demo import load
from data.installing import open_database
from data.models import AdminEvent, Customer, FollowupRule, Store, VisitMonth
from data.person import SYSTEM
from tests import factories
from tests.conftest import free_port

ROOT = Path(__file__).parents[2]
AS_OF = "2026-03-16T10:00"


@pytest.fixture(autouse=True)
def place(monkeypatch, tmp_path):
    """A folder and an environment of the test's own."""
    for name in os.environ:
        if name.startswith("AFTERCARE_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(*words, code=0):
    """What the verb prints; its exit code is checked."""
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


@pytest.fixture
def two_stores():
    said("store", "add", "S1", "--name", "East", "--group", "Cloud")
    said("store", "add", "S2", "--timezone", "Europe/Berlin")


@pytest.mark.parametrize(
    "verb",
    [
        *(
            "run",
            "upgrade",
            "check",
            "backup",
            "restore",
            "load-demo",
            "metrics",
            "store",
            "user",
            "import",
        ),
        *("plan", "worker", "rollup"),
    ],
)
def test_every_verb_explains_itself(verb):
    assert "Usage: " in said(verb, "--help")


def test_stores_are_added_once_and_listed(two_stores):
    assert said("store", "list").splitlines() == [
        "S1\tEast\tAsia/Shanghai\tCloud",
        "S2\tS2\tEurope/Berlin\t",
    ]
    assert said("store", "add", "S1", code=1) == "Error: There is a store S1 already.\n"
    assert "no time zone Mars" in said("store", "add", "S3", "--timezone", "Mars", code=1)


def test_a_store_is_logged(two_stores):
    with db.reading(as_=SYSTEM) as session:
        found = session.execute(select(AdminEvent.subject, AdminEvent.kind)).all()
        assert session.scalar(select(Store.calendar_id)) == 1
    assert found == [("store S1", "store_added"), ("store S2", "store_added")]
    db.close()


def signs_in(login, password):
    with db.reading(as_=SYSTEM) as session:
        found = accounts.sign_in(session, login, password)
    db.close()
    return found is not None


def test_an_account_gets_a_password_that_is_shown_once(two_stores):
    shown = said("user", "add", "li", "--role", "manager", "--store", "S1")
    password = shown.rsplit(" ", 1)[1].strip()
    assert len(password) == 16
    assert signs_in("li", password)
    assert password not in said("user", "list")


def test_accounts_through_their_life(two_stores):
    said("user", "add", "boss", "--role", "principal", "--all-stores", "--password", "first horse")
    said("user", "passwd", "boss", "--password", "second horse")
    assert not signs_in("boss", "first horse")
    assert signs_in("boss", "second horse")
    assert said("user", "list") == "boss\tboss\tprincipal\tall stores\tactive\n"
    said("user", "disable", "boss")
    assert not signs_in("boss", "second horse")
    assert said("user", "list") == "boss\tboss\tprincipal\tall stores\tclosed\n"


def test_a_given_password_is_not_repeated(two_stores):
    given = ("--role", "quality", "--store", "S1", "--password", "quiet horse")
    assert "quiet horse" not in said("user", "add", "wu", *given)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--role", "manager"), "which stores the account may see"),
        (("--role", "manager", "--store", "S9"), "There is no store S9"),
        (("--role", "manager", "--store", "S1", "--password", ""), "10 to 1000 characters"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused_in_one_line(two_stores, words, sentence):
    refused = said("user", "add", "li", *words, code=1)
    assert sentence in refused
    assert refused.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("user", "add", "li"),
        ("user", "add", "li", "--role", "chief"),
        ("run", "--port", "0"),
        ("metrics",),
        ("metrics", "nonsense"),
        ("metrics", "complaint_ageing", "--from", "2026-02-30"),
        ("metrics", "complaint_ageing", "--as-of", "yesterday"),
        ("metrics", "complaint_ageing", "--option", "grain"),
        ("metrics", "complaint_ageing", "--option", "grain=week"),
        ("metrics", "complaint_ageing", "--format", "xml"),
    ],
)
def test_wrong_usage_is_exit_2(words):
    assert "Error: " in said(*words, code=2)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A database with a small demo in it."""
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    engine = open_database(f"sqlite:///{file}")
    as_of = datetime.fromisoformat(AS_OF).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    load(engine, stores=1, years=1, as_of=as_of)
    engine.dispose()
    return file


@pytest.fixture
def demo(filled, place):
    """A copy of it, where the application looks for its database."""
    (place / "var").mkdir()
    copy(filled, place / "var" / "aftercare.db")


def asked(*words):
    return json.loads(said("metrics", *words, "--format", "json", "--as-of", AS_OF))


def test_a_metric_as_json(demo):
    found = asked("closure_compliance", "--from", "2026-01-01", "--to", "2026-03-15")
    assert list(found) == ["metric", "as_of", "scope", "unit", "columns", "rows", "summary"]
    assert (found["metric"], found["unit"]) == ("closure_compliance", "share")
    assert found["as_of"] == "2026-03-16T10:00:00+08:00"
    assert found["scope"] == {
        "stores": [],
        "from": "2026-01-01",
        "to": "2026-03-15",
        "timezone": "Asia/Shanghai",
    }
    assert all(list(row) == found["columns"] for row in found["rows"])
    rate = {"value", "numerator", "denominator", "not_due", "ci_low", "ci_high"}
    assert rate | {"naive_value"} <= set(found["summary"])
    assert rate <= set(found["columns"])
    assert {date.fromisoformat(row["period"]).weekday() for row in found["rows"]} == {0}
    assert type(found["summary"]["denominator"]) is int


def test_every_metric_answers_in_every_format(demo):
    names = [line.split("\t")[0] for line in said("metrics", "--list").splitlines()]
    assert "complaint_ageing" in names
    for name in names:
        found = asked(name)
        assert "NaN" not in json.dumps(found)
        table = list(
            csv.reader(StringIO(said("metrics", name, "--format", "csv", "--as-of", AS_OF)))
        )
        assert table[0] == found["columns"]
        assert len(table) == 1 + len(found["rows"])
        assert said("metrics", name, "--as-of", AS_OF).count("\n") > len(found["rows"])


def test_metrics_of_an_empty_database_are_empty_not_errors():
    for line in said("metrics", "--list").splitlines():
        assert asked(line.split("\t")[0])["columns"]


def test_options_are_passed_on(demo):
    by_age, by_target = (
        asked("complaint_ageing"),
        asked("complaint_ageing", "--option", "by=target"),
    )
    assert by_age["summary"] == by_target["summary"]
    assert by_age["rows"] != by_target["rows"]


def test_a_moment_without_a_zone_is_by_the_clocks_of_the_store(two_stores):
    moments = {code: asked("complaint_ageing", "--store", code)["as_of"] for code in ("S1", "S2")}
    assert moments == {"S1": "2026-03-16T10:00:00+08:00", "S2": "2026-03-16T10:00:00+01:00"}
    words = ("--store", "S2", "--as-of", "2026-03-16T10:00Z", "--format", "json")
    assert json.loads(said("metrics", "complaint_ageing", *words))["as_of"].endswith("+00:00")


def test_a_store_that_is_not_there_is_refused(two_stores):
    refused = said("metrics", "complaint_ageing", "--store", "S9", code=1)
    assert refused == "Error: There is no store S9.\n"


def test_demo_data_are_loaded_and_their_logins_told():
    told = said("load-demo", "--stores", 1, "--years", 1, "--as-of", "2026-03-16")
    assert "1 store\n" in told
    login = re.search(r"Login (\w+), password (.+)", told)
    assert login
    assert signs_in(*login.groups())


def test_demo_data_go_into_an_empty_database_alone(demo):
    assert "already holds 1 stores" in said("load-demo", code=1)


def test_check_looks_over_the_installation(demo, monkeypatch):
    monkeypatch.setenv("AFTERCARE_TIMEZON", "UTC")
    monkeypatch.setenv("AFTERCARE_OIDC_ISSUER", "https://example.com")
    monkeypatch.setenv("AFTERCARE_MAIL_FROM", "care@example.com")
    monkeypatch.setattr(serving.health, "fault", lambda now: None)
    found = said("check")
    assert "AFTERCARE_TIMEZON is no setting" in found
    assert "needs AFTERCARE_OIDC_CLIENT_ID and AFTERCARE_OIDC_CLIENT_SECRET as well" in found
    assert "Mail needs both AFTERCARE_SMTP_URL and AFTERCARE_MAIL_FROM" in found
    assert "1 stores" in found
    assert "Calendar china: loaded until" in found
    assert "Cohorts by month: all are those of their visits." in found
    assert re.search(r"[1-9]\d* of [\d,]+: Delivered orders without a callback\.", found)
    assert found.endswith("All is well.\n")


def test_check_fails_when_something_keeps_it_from_working(monkeypatch):
    assert "run the upgrade" in said("check", code=1)
    said("upgrade")
    monkeypatch.setattr(serving.health, "fault", lambda now: "The calendar is not loaded.")
    assert said("check", code=1) == "Error: The calendar is not loaded.\n"


def test_a_backup_is_restored_and_what_was_there_is_kept(two_stores, place):
    assert "every page checked" in said("backup", "monday.db")
    said("store", "add", "S3")
    told = said("restore", "monday.db")
    assert re.search(r"before is kept as .*aftercare\.db\.before-", told)
    assert [line[:2] for line in said("store", "list").splitlines()] == ["S1", "S2"]
    assert "choose another name" in said("backup", "monday.db", code=1)
    assert "There is no file" in said("restore", "tuesday.db", code=1)


def test_check_finds_a_damaged_database(two_stores, place):
    said("check")
    file = place / "var" / "aftercare.db"
    os.truncate(file, file.stat().st_size // 2)
    for verb in ("check", "run", "upgrade", "worker"):
        assert "The database is damaged (aftercare.db is cut off" in said(verb, code=1)


def test_gunicorn_serves_no_damaged_database(place):
    (place / "var").mkdir()
    (place / "var" / "aftercare.db").write_text("Dear diary")
    command = (sys.executable, "-m", "gunicorn", "--config", str(serving.CONFIGURATION))
    done = subprocess.run(
        (*command, "--check-config", serving.FACTORY),
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The database is damaged (aftercare.db is no database")


def test_a_bad_setting_is_one_line(monkeypatch):
    monkeypatch.setenv("AFTERCARE_TIMEZONE", "Mars")
    refused = said("check", code=1)
    assert refused.startswith("Error: AFTERCARE_TIMEZONE cannot be 'Mars'")
    assert refused.count("\n") == 1


def breaks(*_args, **_kwargs):
    raise KeyError("inside")


def test_what_nobody_foresaw_is_one_line_and_a_trace_only_if_asked(monkeypatch):
    monkeypatch.setattr(serving.installing, "prepare", breaks)
    told = said("upgrade", code=1)
    assert "(KeyError)" in told
    assert told.count("\n") == 1
    assert isinstance(CliRunner().invoke(cli, ["--debug", "upgrade"]).exception, KeyError)


def out_of_space(*_args, **_kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_what_the_disk_suffers_from_is_told(monkeypatch):
    monkeypatch.setattr(serving.installing, "prepare", out_of_space)
    assert said("upgrade", code=1).startswith("Error: The disk is full")


def test_a_taken_port_is_refused_before_anything_is_made(place):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert "choose another with --port" in said("run", "--port", port, code=1)
    assert not (place / "var").exists()


def answer(url, process):
    """What `url` answers once the server is up; fails if the process ends before."""
    while True:
        assert process.poll() is None, process.communicate()[0]
        try:
            with urlopen(url) as found:
                return found.read().decode()
        except OSError:
            time.sleep(0.2)


COMPLAINTS = """投诉编号,投诉时间,投诉类别,级别,投诉内容,车牌号,客户名称,手机
T-1,2026-03-01 09:00,维修质量,一般,异响,粤B10001,张三,19900001111
T-2,2026-03-02 10:00,等待与准时,一般,等待太久,粤B10002,李四,19900002222
T-3,2026-02-30 10:00,等待与准时,一般,日期不对,粤B10003,王五,19900003333
"""


@pytest.fixture
def complaints(place):
    file = place / "complaints.csv"
    file.write_text(COMPLAINTS, encoding="utf-8")
    return file


def counts(*words):
    return json.loads(said("import", "complaints", "complaints.csv", *words, "--json"))


def test_a_spreadsheet_is_read_in_once(two_stores, complaints, place):
    first = counts("--store", "S1", "--rejects", "rejects.csv")
    assert (first["read"], first["added"], first["refused"]) == (3, 2, 1)
    assert "T-3" in (place / "rejects.csv").read_text(encoding="utf-8-sig")
    second = counts("--store", "S1")
    assert (second["added"], second["unchanged"], second["refused"]) == (0, 2, 1)
    found = json.loads(said("metrics", "complaint_ageing", "--store", "S1", "--format", "json"))
    assert found["summary"]["open"] == 2


def test_a_dry_run_writes_nothing(two_stores, complaints):
    assert counts("--store", "S1", "--dry-run")["added"] == 2
    assert counts("--store", "S1", "--dry-run")["added"] == 2


def test_an_import_says_what_was_read_and_what_was_wrong(two_stores, complaints):
    told = said("import", "complaints", "complaints.csv", "--store", "S1")
    assert re.search(r"^read +3$", told, re.MULTILINE)
    assert re.search(r"^refused +1$", told, re.MULTILINE)
    assert re.search(r'^Line 4, 投诉时间 "2026-02-30 10:00": .* no such day', told, re.MULTILINE)


def test_the_only_store_need_not_be_named(complaints):
    assert "no store yet" in said("import", "complaints", "complaints.csv", code=1)
    said("store", "add", "S1")
    assert counts()["added"] == 2
    said("store", "add", "S2")
    assert "--store" in said("import", "complaints", "complaints.csv", code=1)


def test_a_file_that_cannot_be_read_is_refused_in_one_line(two_stores, place):
    (place / "complaints.csv").write_bytes(b"")
    refused = said("import", "complaints", "complaints.csv", "--store", "S1", code=1)
    assert refused.startswith("Error: ")
    assert refused.count("\n") == 1
    said("import", "complaints", "missing.csv", "--store", "S1", code=2)
    said("import", "nonsense", "complaints.csv", "--store", "S1", code=2)


@pytest.fixture
def served(place, monkeypatch):
    """The server started from nothing, as people start it, without demo data."""
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "AFTERCARE_DEMO": "0"}
    command = [sys.executable, "-m", "dashboard", "run", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(
        command,
        cwd=place,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        yield f"http://127.0.0.1:{port}", process
        process.send_signal(signal.SIGTERM)


def test_run_serves_from_nothing(served, place):
    address, process = served
    assert json.loads(answer(f"{address}/healthz", process)) == {"alive": True}
    assert json.loads(answer(f"{address}/readyz", process)) == {"ready": True}
    assert 'name="password"' in answer(address, process)
    assert (place / "var" / "aftercare.db").exists()
    process.send_signal(signal.SIGTERM)
    printed = process.communicate()[0]
    assert printed.startswith(f"Aftercare is at {address} ")
    assert "Traceback" not in printed


def test_settings_are_those_of_the_environment(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///elsewhere.db")
    said("upgrade")
    assert Path("elsewhere.db").exists()


def test_callbacks_are_planned_once_and_ended_when_their_time_is_up(two_stores):
    with db.writing(by=SYSTEM) as session:
        store = session.scalars(select(Store)).first()
        factories.order(session, store, factories.vehicle(session, store), "2026-03-15 16:00")
    db.close()
    first = json.loads(said("plan", "--as-of", AS_OF, "--json"))
    assert first == {
        "as_of": "2026-03-16T10:00:00+08:00",
        "expired": 0,
        "settled": 0,
        "planned": [
            {"store": "S1", "rule": "service", "planned": 1, "excluded": 0, "missed": 0},
        ],
    }
    none_back = "0 vehicles that stayed away have come again.\n"
    over = "callbacks were given up: their time was over.\n"
    assert said("plan", "--as-of", AS_OF) == f"0 {over}{none_back}"
    assert said("plan", "--as-of", "2026-04-16") == f"1 {over}{none_back}"


def test_visits_and_sums_are_worked_out_anew_from_what_was_written_past_the_import(two_stores):
    with db.writing(by=SYSTEM) as session:
        store = session.scalars(select(Store).where(Store.code == "S1")).one()
        car = factories.vehicle(session, store)
        factories.order(session, store, car, "2026-03-05 16:00")
        factories.followup(session, store, "2026-03-05 16:00")
        count = {"came": 1, "first_in_quarter": 1, "last_seen": 1}
        session.add(VisitMonth(store_id=store.id, first_month=1, month=2, **count))
    assert "Cohorts by month: 1 are not those of their visits" in health.cohorts_in_words()
    for _ in range(2):
        visits, days = said("rollup", "--rebuild").splitlines()
        assert visits == "1 visits."
        assert days.endswith("days of sums were worked out.")
    assert said("rollup") == "0 days of sums were worked out.\n"
    assert health.cohorts_in_words() == "Cohorts by month: all are those of their visits."


def test_rules_are_switched_on_from_today_and_off_again(two_stores):
    resting = next(row for row in said("rule", "list").splitlines() if "birthday" in row)
    assert resting == "birthday\toff\t\tBirthday"
    told = said("rule", "on", "birthday")
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    assert told == f"The rule birthday makes callbacks from {today} on.\n"
    assert f"birthday\ton\t{today}\tBirthday" in said("rule", "list")
    assert "is on already" in said("rule", "on", "birthday", code=1)
    assert "51 is not in the range" in said("rule", "on", "visit_gap", "--hold-out", "51", code=2)
    said("rule", "on", "visit_gap", "--hold-out", "20")
    with db.reading(as_=SYSTEM) as session:
        shares = dict(session.execute(select(FollowupRule.code, FollowupRule.hold_out)).all())
        assert shares["visit_gap"] == 0.2
        assert shares["birthday"] == 0
    assert said("rule", "off", "birthday") == "The rule birthday rests.\n"
    assert "is off already" in said("rule", "off", "birthday", code=1)
    assert said("rule", "on", "xmas", code=1) == "Error: There is no rule xmas.\n"
    with db.reading(as_=SYSTEM) as session:
        kinds = session.scalars(
            select(AdminEvent.kind).where(AdminEvent.subject == "rule birthday")
        )
        assert list(kinds) == ["rule_on", "rule_off"]
    db.close()


def test_a_customer_is_made_anonymous_by_number_and_only_after_a_yes(two_stores):
    with db.writing(by=SYSTEM) as session:
        row = session.scalars(select(Store).where(Store.code == "S1")).one()
        chen = factories.customer(session, row, "Chen", number="C7", phone="13900000050").id
    db.close()
    assert "no customer C7 here" in said("anonymise", "C7", code=1)
    assert "no customer C7 here" in said("anonymise", "C7", "--store", "S2", "--yes", code=1)
    said("anonymise", "C7", "--store", "S1", code=1)  # nobody says yes
    assert name_of(chen) == "Chen"
    told = said("anonymise", "C7", "--store", "S1", "--yes")
    assert told == f"Customer {chen} is anonymous now: 0 cars, 0 orders, 0 calls, 0 cases.\n"
    assert name_of(chen).startswith("~")
    assert "taken out already" in said("anonymise", chen, "--yes", code=1)


def name_of(customer):
    with db.reading(as_=SYSTEM) as session:
        found = session.get_one(Customer, customer).name
    db.close()
    return found
