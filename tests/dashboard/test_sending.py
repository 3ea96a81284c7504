"""The verbs about mail and messages: what they say, what they refuse, and that the worker obeys."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from dashboard import worker
from dashboard.__main__ import cli
from data import db, events, outbox
from data.installing import open_database
from data.models import JobRun, Message, MessageChannel, Store
from data.person import SYSTEM
from tests import factories

BOSS = ("boss@example.com", "--store", "S1", "--report", "weekly")


@pytest.fixture(autouse=True)
def place(monkeypatch, tmp_path):
    """A folder and an environment of the test's own, with a database of one store."""
    for name in os.environ:
        if name.startswith("AFTERCARE_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    url = f"sqlite:///{tmp_path / 'post.db'}"
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", url)
    engine = open_database(url)
    with db.writing(by=SYSTEM) as session:
        factories.store(session)
    yield
    engine.dispose()


def said(*words, code=0):
    """What the verb prints; its exit code is checked."""
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


def given_up():
    """A message that was given up; its id."""
    now = datetime.now(UTC)
    with db.writing(by=SYSTEM) as session:
        home = session.scalars(select(Store.id)).one()
        plain = {"channel": MessageChannel.WEBHOOK, "kind": "complaint_assigned", "data": {}}
        outbox.put(session, store_id=home, key="k", now=now, **plain)
        id_ = session.scalars(select(Message.id)).one()
        letter = outbox.claim(session, id_, now=now)
        outbox.failed(session, letter, now=now, trouble="refused 404", final=True)
    return id_


def test_reports_are_ordered_and_ended_by_address():
    assert said("subscription", "add", *BOSS) == "boss@example.com gets the weekly report of S1.\n"
    said("subscription", "add", "Li@example.com", "--store", "S1", "--report", "monthly",
         "--language", "en", "--format", "xlsx")  # fmt: skip
    assert said("subscription", "list").splitlines() == [
        "S1\tweekly\tboss@example.com\tzh\tdocx",
        "S1\tmonthly\tli@example.com\ten\txlsx",
    ]
    assert "no more" in said("subscription", "remove", *BOSS)
    assert said("subscription", "list") == "S1\tmonthly\tli@example.com\ten\txlsx\n"
    assert said("subscription", "remove", *BOSS, code=1).startswith("Error: There is no such")


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("nobody", *BOSS[1:]), 1, "nobody is no mail address"),
        (("a@example.com", "--store", "S9", "--report", "weekly"), 1, "There is no store S9."),
        (("a@example.com", "--store", "S1", "--report", "daily"), 2, "is not one of"),
        (("a@example.com", "--report", "weekly"), 2, "--store"),
    ],
)
def test_what_makes_no_sense_is_refused(words, code, why):
    assert why in said("subscription", "add", *words, code=code)


def test_messages_are_listed_and_sent_again():
    assert said("messages", "list") == ""
    id_ = given_up()
    line = said("messages", "list", "--stuck").strip().split("\t")
    assert [line[0], *line[2:]] == [
        str(id_), "S1", "webhook", "complaint_assigned", "given_up", "refused 404",
    ]  # fmt: skip
    assert said("messages", "retry", id_) == "1 to be sent again by the worker.\n"
    assert "\twaiting\t" in said("messages", "list")
    assert said("messages", "list", "--stuck") == ""
    assert "on its way" in said("messages", "retry", id_, code=1)
    assert said("messages", "retry", 99, code=1) == (
        "Error: There is no such message in your stores.\n"
    )


@pytest.mark.parametrize("verb", ["subscription", "messages"])
def test_every_verb_explains_itself(verb):
    assert "Usage: " in said(verb, "--help")


def test_the_worker_tells_what_is_new_if_there_is_somebody_to_tell(monkeypatch):
    now = datetime.now(UTC) - timedelta(minutes=6)
    with db.writing(by=SYSTEM) as session:
        home = session.scalars(select(Store)).one()
        owner = factories.employee(session, home)
        case = factories.complaint(session, home, "2026-03-16T09:00")
        told = {"owner_id": owner.id, "due_on": "2026-03-20"}
        events.record(session, case, "assigned", at=now - timedelta(hours=1), **told)
    assert outcomes(now) == {"tell": {}, "deliver": {}}
    monkeypatch.setenv("AFTERCARE_WEBHOOK_URL", "http://127.0.0.1:1/")
    assert outcomes(now + timedelta(minutes=5)) == {
        "tell": {"complaint_assigned": 1},
        "deliver": {"failed": 1},
    }


def outcomes(now):
    """What the jobs that tell and deliver answer in this period."""
    for job in worker.JOBS:
        if job.name in ("tell", "deliver"):
            worker.do(job, lambda: now)
    with db.reading(as_=SYSTEM) as session:
        ran = session.scalars(select(JobRun).where(JobRun.started_at == now))
        return {run.job: run.outcome for run in ran}
