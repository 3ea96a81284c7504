"""An Apache Superset beside us, asked over HTTP as its own dashboards ask.

The releases in bench/superset.lock are installed, once, into an environment of their own under
var/bench/superset/. Every time it serves, it is as it was when it was installed: a group is
connected to, each question of `bench.plain` becomes a virtual dataset, and a chart of all its
columns is asked for. What it keeps are files that both workers share.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe
from shutil import copy, rmtree
from tempfile import TemporaryDirectory
from typing import Any

import requests
from sqlalchemy import make_url

from bench.groups import VAR
from bench.plain import QUESTIONS
from bench.serving import serving_another

HERE = Path(__file__).parent
LOCK, CONFIG = HERE / "superset.lock", HERE / "superset_config.py"
HOME = VAR.resolve() / "superset"
BIN, SECRET, METADATA = HOME / "venv" / "bin", HOME / "secret", HOME / "superset.db"
INSTALLED = HOME / "installed.lock"  # that of the last installation that came to its end
APPLICATION = "superset.app:create_app()"
LOGIN = "bench"
ACCOUNT = ("--username", LOGIN, "--firstname", LOGIN, "--lastname", LOGIN, "--email", "b@localhost")
MOST_ROWS = 1_000


class Charts:
    """Somebody signed in to a Superset that has a chart for every question."""

    def __init__(self, site: str, database: str) -> None:
        self._site, self._session = site, requests.Session()
        self._sign_in()
        connected = self._connect(database)
        self._charts = {name: self._chart(connected, name) for name in QUESTIONS}

    def ask(self, name: str, *, anew: bool) -> None:
        """Have the rows of a chart, either counted anew or those that were kept."""
        found = self._post("/api/v1/chart/data", self._charts[name] | {"force": anew})["result"][0]
        assert found["rowcount"], f"{name} found nothing"
        assert bool(found["is_cached"]) is not anew, f"{name} was not asked as it was meant"

    def _sign_in(self) -> None:
        who = {"username": LOGIN, "password": SECRET.read_text(), "provider": "db"}
        token = self._post("/api/v1/security/login", who)["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.headers["X-CSRFToken"] = self._get("/api/v1/security/csrf_token/")

    def _connect(self, database: str) -> int:
        url = make_url(database).set(drivername="postgresql+psycopg2")
        address = url.render_as_string(hide_password=False)
        given = {"database_name": "group", "sqlalchemy_uri": address}
        return int(self._post("/api/v1/database/", given)["id"])

    def _chart(self, connected: int, name: str) -> dict[str, Any]:
        """What is posted for a chart of every column that a question answers with."""
        given = {"database": connected, "table_name": name, "sql": QUESTIONS[name]}
        dataset = self._post("/api/v1/dataset/", given)["id"]
        columns = self._get(f"/api/v1/dataset/{dataset}")["columns"]
        query = {"columns": [one["column_name"] for one in columns], "row_limit": MOST_ROWS}
        return {"datasource": {"id": dataset, "type": "table"}, "queries": [query]}

    def _get(self, path: str) -> Any:
        return _said(self._session.get(self._site + path))["result"]

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return _said(self._session.post(self._site + path, json=body))


def _said(answer: requests.Response) -> Any:
    assert answer.ok, answer.text
    return answer.json()


@contextmanager
def serving(database: str) -> Iterator[Charts]:
    """A Superset with a chart for every question on the group at the address `database`."""
    _install()
    with TemporaryDirectory() as place:
        copy(METADATA, place)
        settings, python = _settings(place), BIN / "python"
        with serving_another(python, APPLICATION, ready="/health", **settings) as site:
            yield Charts(site, database)


def release() -> str:
    """Which Superset it is."""
    found = re.search(r"^apache-superset==(\S+)", LOCK.read_text(), re.MULTILINE)
    return found[1] if found else ""


def _install() -> None:
    """Install it and make its tables and an account, unless that was done."""
    if INSTALLED.exists() and INSTALLED.read_text() == LOCK.read_text():
        return
    rmtree(HOME, ignore_errors=True)
    _run(sys.executable, "-m", "venv", HOME / "venv")
    _run(BIN / "python", "-m", "pip", "install", "--require-hashes", "--requirement", LOCK)
    SECRET.write_text(token_urlsafe(42))
    _superset("db", "upgrade")
    _superset("fab", "create-admin", *ACCOUNT, "--password", SECRET.read_text())
    _superset("init")
    copy(LOCK, INSTALLED)


def _superset(*words: str) -> None:
    _run(BIN / "superset", *words, **_settings(HOME))


def _settings(place: str | Path) -> dict[str, str]:
    """What a Superset is told that has its metadata at `place`."""
    return {
        "FLASK_APP": APPLICATION,
        "SUPERSET_CONFIG_PATH": str(CONFIG),
        "SUPERSET_HOME": str(place),
        "SUPERSET_SECRET_KEY": SECRET.read_text(),
    }


def _run(*words: str | Path, **settings: str) -> None:
    done = subprocess.run(words, env=os.environ | settings, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
