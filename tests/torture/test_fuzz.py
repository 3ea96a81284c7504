"""Callbacks called with anything at all: an answer in words, never a failure of ours.

Each call begins as one that fits. Then its values become others of the right type, with real ids
among them, so that it gets past the gate; or its shape is broken anywhere.
"""

import json
import random
from copy import deepcopy
from typing import Any
from urllib.parse import quote

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from callbacks import clock
from dashboard import gate, log
from data import db
from data.models import AdminEvent, Event
from data.person import SYSTEM
from pages import CHARTS, TABLES, TILES
from tests.conftest import NOW
from tests.torture.asking import Asker, bodies, leaves
from tests.torture.conftest import rounds

ROLES = ("principal", "manager1", "quality", "agent1", "admin")
INTERNALS = ("Traceback", "sqlalchemy", "psycopg", "/site-packages/", "Error:", "SELECT ", "0x7f")
ANSWERS = {200, 204, 400, 403, 404, 413}
WORDS = [
    "", "x", "S1", "S2", "?store=S2&from=2026-02-30", "?store=%00&owner=-1&category=../..", "/",
    "0", "-1", "1", "7", "2026-02-30", "2026-03-16", "2026-03-16T10:00", "99999999999999999999",
    "%", "_", "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "\x00", "\ud800",
    "工单" * 3000, "null", "javascript:alert(1)", "category:brakes", "state:all", "2026-W12",
    "manager1", "yes", "no", "corrective", "general", "e" * 300, "１２", "\u202e", "=1+1", "close",
    "open", "assign", "note", "person", "date.insurance.1", "decide", "begin", "give-1",
    "assign-1", "start", "verify", "link", "unlink.1", "accounts.add_user", "targets.set",
    "rules.on", "add", "edit", "missed", "talked",
]  # fmt: skip
NAMES = [widget.name for registry in (CHARTS, TABLES, TILES) for widget in registry]
FIELDS = [
    "owner", "due_on", "reason", "said", "satisfied", "words", "title", "kind", "aim", "cause",
    "result", "respondent", "overall", "nps", "version", "number", "category", "severity", "until",
    "value", "store", "metric", "valid_from", "login", "name", "role", "stores", "complaints",
]  # fmt: skip


@pytest.fixture(scope="module")
def database(application, demo_in, tmp_path_factory):
    engine = db.connect(demo_in(tmp_path_factory.mktemp("fuzz")))
    yield
    engine.dispose()


def anything(chance: random.Random, deep: int = 0) -> Any:
    """Some JSON value."""
    kinds = [None, True, 0, 1, -1, 2, 7, 2**40, 2**53, 1.5, -0.0, [], {}]
    sort = chance.random()
    if sort < 0.5 or deep > 3:
        return chance.choice([*kinds, *WORDS, *NAMES])
    some = range(chance.randrange(4))
    if sort < 0.75:
        return [anything(chance, deep + 1) for _ in some]
    return {chance.choice([*WORDS, *FIELDS]): anything(chance, deep + 1) for _ in some}


def fitted(chance: random.Random, body: dict[str, Any], function: Any) -> dict[str, Any]:
    """A call whose values have the types that the callback takes."""
    body = deepcopy(body)
    _name_parts(chance, body)
    kinds = gate._types(function).values()
    for kind, one in zip(kinds, (*body["inputs"], *body["state"]), strict=True):
        _fill(chance, kind, one)
    body["changedPropIds"] = _changed(chance, body)
    return body


def _name_parts(chance: random.Random, body: dict[str, Any]) -> None:
    """Give the parts that are told by name the names of real ones."""
    outputs = body["outputs"] if isinstance(body["outputs"], list) else [body["outputs"]]
    singles = [one for each in outputs for one in (each if isinstance(each, list) else [each])]
    named: dict[str, Any] = {}
    for one in (*leaves(body), *singles):
        if not isinstance(one["id"], dict):
            continue
        for key, value in one["id"].items():
            if value == "x":
                one["id"][key] = named.setdefault(key, _named(chance, key))
        if one["property"] == "id":
            one["value"] = dict(one["id"])


def _named(chance: random.Random, key: str) -> Any:
    known = {"name": [*NAMES, *FIELDS], "form": WORDS, "number": [0, 1, 2, 3], "path": ["/"]}
    return chance.choice(known.get(key, [*WORDS, *FIELDS, 1]))


def _fill(chance: random.Random, kind: Any, one: Any) -> None:
    places = one if isinstance(one, list) else [one]
    for _try in range(20):
        if places and places[0]["property"] != "id":
            for place in places:
                place["value"] = anything(chance)
        values = [place["value"] for place in places if "value" in place]
        try:
            kind.validate_python(values if isinstance(one, list) else values[0], strict=True)
            return
        except ValidationError:
            continue


def _changed(chance: random.Random, body: dict[str, Any]) -> list[str]:
    inputs = [
        one for each in body["inputs"] for one in (each if isinstance(each, list) else [each])
    ]
    chosen = chance.sample(inputs, k=min(len(inputs), chance.randrange(3)))
    return [f"{_text(one['id'])}.{one['property']}" for one in chosen]


def _text(part: Any) -> str:
    return (
        part if isinstance(part, str) else json.dumps(part, sort_keys=True, separators=(",", ":"))
    )


def broken(chance: random.Random, body: Any) -> Any:
    """The call with one thing in it taken out, put in or made another."""
    body = deepcopy(body)
    place = body
    while isinstance(place, dict | list) and place and chance.random() < 0.8:
        key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[key], dict | list) or chance.random() < 0.3:
            place[key] = anything(chance)
            return body
        place = place[key]
    if isinstance(place, dict):
        place[chance.choice(WORDS)] = anything(chance)
    elif isinstance(place, list):
        place.append(anything(chance))
    return body


def fired(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """What was logged as nobody's expectation, from now on."""
    found: list[BaseException] = []
    monkeypatch.setattr(log, "failed", lambda error: found.append(error) or "reference")
    return found


def written(model: type[db.Base], login: str) -> int:
    with db.reading(as_=SYSTEM) as session:
        query = select(func.count()).select_from(model).where(model.actor == login)
        return session.scalar(query) or 0


@pytest.mark.parametrize("login", ROLES)
def test_no_call_makes_it_fail(application, database, login, monkeypatch, measured):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    failures, chance, callbacks = fired(monkeypatch), random.Random(login), application.callback_map
    asker, fitting, count = Asker(application.server, login), bodies(callbacks), rounds(250, 20_000)
    through = 0
    for turn in range(count):
        output = chance.choice(list(fitting))
        body = fitted(chance, fitting[output], callbacks[output]["callback"])
        sent = body if turn % 3 else broken(chance, body)
        answer = asker.call(sent)
        through += answer.status_code in (200, 204)
        assert answer.status_code in ANSWERS, (turn, sent)
        assert not [word for word in INTERNALS if word in answer.text], (turn, sent)
        assert failures == [], (turn, sent)
    assert through > count / 10  # else the gate alone was tried
    assert login != "admin" or written(Event, login) == 0
    assert login in ("admin", "quality") or written(AdminEvent, login) == 0
    measured(
        gate="fuzzed callbacks", aim="0 × 5xx, 0 internals, 0 tracebacks", database="sqlite",
        figure=f"{login}: {count} calls, {through} got through the gate, 0 failures",
    )  # fmt: skip


PATHS = [
    "/", "/complaints", "/complaints/{}", "/callbacks", "/callbacks/worklist", "/callbacks/{}",
    "/satisfaction", "/retention", "/retention/vehicles", "/retention/cases/{}", "/customers/{}",
    "/actions", "/actions/{}", "/actions/new", "/review", "/review/{}", "/issues/{}", "/team",
    "/definitions", "/data-health", "/admin/users/{}", "/admin/import/{}", "/export/{}.csv",
    "/export/{}.xlsx", "/admin/import/{}/refused.csv", "/report/monthly/{}.xlsx",
    "/report/weekly/{}.docx", "/wall", "/wall/state", "/wall/link", "/version", "/{}",
    "/_dash-component-suites/{}/x.js", "/_dash-component-suites/dash/{}", "/assets/{}",
]  # fmt: skip
KEYS = [
    "store", "from", "to", "period", "compare", "as_of", "once", "have", "next", *FIELDS,
]  # fmt: skip


@pytest.mark.parametrize("login", [None, *ROLES])
def test_no_address_makes_it_fail(application, database, login, monkeypatch, measured):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    failures, chance = fired(monkeypatch), random.Random(login)
    asker = Asker(application.server, login)
    for turn in range(count := rounds(100, 5_000)):
        words = [chance.choice([*WORDS, *NAMES]).replace("\ud800", "?") for _ in range(4)]
        path = chance.choice(PATHS).replace("{}", quote(words[0], safe=""))
        query = {chance.choice(KEYS): word for word in words[1:]}
        answer = asker.client.get(path, query_string=query)
        assert answer.status_code < 500, (turn, path, query)
        assert failures == [], (turn, path, query)
        assert not [word for word in INTERNALS if word.encode() in answer.data], (turn, path, query)
    measured(
        gate="fuzzed addresses", aim="0 × 5xx", database="sqlite",
        figure=f"{login or 'nobody'}: {count} addresses, 0 failures",
    )  # fmt: skip


@pytest.mark.parametrize("number", [10**20, 2**63, 2**31, 0])
def test_a_number_that_no_record_can_have_is_not_found(application, database, number):
    asker = Asker(application.server, "admin")
    assert asker.client.get(f"/admin/import/{number}/refused.csv").status_code == 404


def test_nobody_gets_in_without_a_login(application, database, measured):
    chance, asker = random.Random("nobody"), Asker(application.server)
    fitting, count = bodies(application.callback_map), rounds(100, 20_000)
    for _turn in range(count):
        body = fitting[chance.choice(list(fitting))]
        assert asker.call(broken(chance, body)).status_code == 401
    measured(
        gate="fuzzed callbacks", aim="anonymous: 100 % refused", database="sqlite",
        figure=f"{count} of {count} refused",
    )  # fmt: skip
