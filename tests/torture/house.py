"""A real server in processes of its own that can be killed, and people who write through it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

from sqlalchemy import func, select

from data import db
from data.commands.accounts import add_user
from data.installing import open_database
from data.models import Complaint, Event, Promise
from data.person import SYSTEM
from tests import factories
from tests.conftest import free_port
from tests.logs import personal
from tests.torture.asking import CALL, bodies, leaves

ROOT = Path(__file__).parents[2]
LOGIN, PASSWORD = "wang", "correct horse battery"
OPENED = "2026-03-16T09:00"
DUE = "2036-03-16T09:00"
LONGEST = 300
SECRET = "only-for-the-tests-of-faults-0123456789"


def prepare(url: str, cases: int) -> list[int]:
    """A database with a manager and so many complaints; their ids."""
    engine = open_database(url)
    with db.writing(by=SYSTEM) as session:
        store = factories.store(session)
        made = [factories.complaint(session, store, OPENED) for _ in range(cases)]
        person = {"login": LOGIN, "name": "Wang", "role": "manager", "all_stores": False}
        moment = factories.at(OPENED)
        add_user(session, **person, password=PASSWORD, stores=["S1"], at=moment)
        found = [case.id for case in made]
    engine.dispose()
    return found


class House:
    """The server, as its own command starts it."""

    def __init__(self, url: str, folder: Path, *, workers: int = 2, **settings: str) -> None:
        self.url, self.port, self.workers = url, free_port(), workers
        self.log = (folder / "log").open("ab")
        self.environment = os.environ | {
            "AFTERCARE_DATABASE_URL": url,
            "AFTERCARE_SECRET_KEY": SECRET,
            **settings,
        }
        self.start()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        bind = ("--bind", f"127.0.0.1:{self.port}", "--workers", str(self.workers))
        factory = "dashboard.app:create_server()"
        config = ("--config", "dashboard/gunicorn_conf.py")
        command = (sys.executable, "-m", "gunicorn", *config, *bind, factory)
        self.server = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log
        )
        self.wait()

    def wait(self) -> float:
        """Wait until it is ready; how many seconds that took."""
        began = time.monotonic()
        while time.monotonic() - began < LONGEST and self.server.poll() is None:
            try:
                with urlopen(f"{self.address}/readyz", timeout=5):
                    return time.monotonic() - began
            except OSError:
                time.sleep(0.05)
        self.server.kill()
        raise AssertionError(f"the server is not ready; it says why in {self.log.name}")

    def workers_now(self) -> list[int]:
        """The process numbers of the workers there are."""
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children")
        return [int(each) for each in children.read_text().split()]

    def worker(self, which: int = 0) -> int:
        """The process number of a worker."""
        while not (found := self.workers_now()):
            time.sleep(0.05)
        return found[which % len(found)]

    def kill_worker(self, which: int) -> None:
        """Kill a worker; its master starts another."""
        os.kill(self.worker(which), signal.SIGKILL)

    def kill(self) -> None:
        """Kill the master and its workers at once, as when the machine stops."""
        for number in (self.server.pid, *self.workers_now()):
            os.kill(number, signal.SIGKILL)
        self.server.wait()

    def stop(self) -> int:
        """Ask it to stop; the exit code."""
        self.server.terminate()
        code = self.server.wait(30)
        self.log.close()
        return code


@contextmanager
def house(url: str, folder: Path, **more: Any) -> Iterator[House]:
    """A server for as long as it is needed."""
    made = House(url, folder, **more)
    try:
        yield made
    finally:
        made.stop()
    assert personal(folder / "log", url, SECRET, PASSWORD) == [], "the log names people"


class Stranger:
    """Somebody at a browser without a screen."""

    def __init__(self, address: str) -> None:
        self.address, self.cookies = address, CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))

    @property
    def token(self) -> str:
        """What a form sends back as its token."""
        return next(each.value or "" for each in self.cookies if each.name == "_csrf_token")

    def get(self, path: str) -> tuple[int, str]:
        """What is at an address."""
        return self.ask(Request(f"{self.address}{path}"))

    def send(self, path: str, **form: str) -> tuple[int, str]:
        """Send a form to an address."""
        return self.ask(Request(f"{self.address}{path}", urlencode(form).encode()))

    def call(self, body: Any) -> tuple[int, str]:
        """Call a callback."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        return self.ask(Request(f"{self.address}{CALL}", json.dumps(body).encode(), headers))

    def ask(self, request: Request) -> tuple[int, str]:
        """Status and text of an answer; OSError if none comes."""
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()


class Caller(Stranger):
    """The same, signed in."""

    def __init__(self, address: str, login: str = LOGIN, password: str = PASSWORD) -> None:
        super().__init__(address)
        self.get("/login")
        self.send("/login", login=login, password=password, csrf_token=self.token)
        self.get("/definitions")


def promising(
    callbacks: Mapping[str, Any], case: int, version: int, words: str, attempt: str
) -> dict[str, Any]:
    """The call by which the page of a complaint writes down what was promised."""
    template = next(
        body for body in bodies(callbacks).values()
        if {"case-id", "case-version"} <= {one["id"] for one in leaves(body) if "-" in one["id"]}
        and body["inputs"][0]["property"] == "n_clicks"
        and "form" in body["inputs"][0]["id"]
    )  # fmt: skip
    body = json.loads(json.dumps(template).replace('"x"', '"promise"'))
    said = {"said": words, "due_at": DUE}
    button, values, names, named, about, stands_at = deepcopy(body["state"])
    part = {"form": "promise", "type": "field"}
    fields = [part | {"name": name} for name in said]
    body["inputs"][0]["value"] = 1
    body["state"] = [
        button,
        [
            values[0] | {"id": field, "value": text}
            for field, text in zip(fields, said.values(), strict=True)
        ],
        [names[0] | {"id": field, "value": field} for field in fields],
        named | {"value": attempt},
        about | {"value": case},
        stands_at | {"value": version},
    ]
    return body


def acknowledged(answer: tuple[int, str]) -> bool:
    """Whether the page was told that it is saved."""
    return answer[0] == 200 and "notice-good" in answer[1]


def version_in(answer: tuple[int, str], known: int) -> int:
    """The version of the case that an answer tells, or the one known before."""
    found = re.search(r'"case-version"(?:,"data":|:{"data":)(\d+)', answer[1])
    return int(found[1]) if found else known


def kept(url: str) -> dict[str, tuple[int, int]]:
    """Each promise by its words: how often it is there, and how many events tell of it."""
    engine = db.connect(url)
    with db.reading(as_=SYSTEM) as session:
        rows = dict(
            session.execute(select(Promise.words, func.count()).group_by(Promise.words)).all()
        )
        told = [event.data["words"] for event in session.scalars(
            select(Event).where(Event.kind == "promised", Event.subject == Complaint.__tablename__)
        )]  # fmt: skip
    engine.dispose()
    return {words: (rows.get(words, 0), told.count(words)) for words in {*rows, *told}}
