"""Whatever is asked, and however it is edited: not a word of another store comes back.

The words are what is found in one store alone: numbers, names, plates, phones. Somebody who sees
every store gets them from the very same questions, so that an empty answer proves nothing here.
"""

import json
import random
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import quote, unquote
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from callbacks import clock
from data import db
from data.demo import load
from data.installing import open_database
from data.models import (
    ChurnCase,
    Complaint,
    Customer,
    Employee,
    Followup,
    ImportBatch,
    Improvement,
    RepairOrder,
    Review,
    Vehicle,
)
from data.person import SYSTEM
from pages import CHARTS, TABLES, TILES
from tests.torture.asking import Asker, bodies, leaves
from tests.torture.conftest import rounds
from tests.torture.test_fuzz import fitted

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
PAIRS = [("manager1", "S2"), ("manager2", "S1"), ("agent1", "S2")]
TOLD = {  # what names a row
    Complaint: ("number",),
    Customer: ("name", "phone"),
    Employee: ("name",),
    Followup: ("number",),
    Improvement: ("number", "title"),
    RepairOrder: ("number",),
    Vehicle: ("plate", "vin"),
}
OWNED = (*TOLD, ChurnCase, Review, ImportBatch)
PATHS = (
    "/complaints/{}", "/callbacks/{}", "/actions/{}", "/retention/cases/{}", "/customers/{}",
    "/review/2026-W11", "/report/monthly/2026-02.xlsx", "/admin/import/{}/refused.csv",
)  # fmt: skip
KEYS = ("store", "category", "owner", "agent", "adviser", "number", "vehicle", "rule", "state")


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    made = f"sqlite:///{tmp_path_factory.mktemp('isolation') / 'demo.db'}"
    load(open_database(made), stores=2, years=1, as_of=NOW)
    return made


@pytest.fixture(autouse=True)
def database(url, monkeypatch):
    engine = db.connect(url)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    yield
    engine.dispose()


@cache
def words_of(url: str, store: int) -> frozenset[str]:
    """What is told in this store and in no other."""
    with db.reading(as_=SYSTEM) as session:
        found: dict[int, set[str]] = {1: set(), 2: set()}
        for model, names in TOLD.items():
            for name in names:
                column = getattr(model, name)
                for where, said in session.execute(select(model.store_id, column)).all():
                    found[where].add(str(said or ""))
    own = found[store] - found[3 - store]
    return frozenset(
        word for word in own if (len(word) > 2 and not word.isascii()) or len(word) > 5
    )


@cache
def ids_of(url: str, store: int) -> tuple[int, ...]:
    """The numbers of rows of this store."""
    with db.reading(as_=SYSTEM) as session:
        return tuple(
            number for model in OWNED
            for number in session.scalars(select(model.id).where(model.store_id == store).limit(40))
        )  # fmt: skip


def searches(chance: random.Random, store: str, known: list[str], ids: tuple[int, ...]) -> str:
    """An address' query that reaches for the store in some way."""
    others = [
        f"{chance.choice(KEYS)}={quote(str(chance.choice([*known, *ids])), safe='')}"
        for _ in range(chance.randrange(3))
    ]
    stores = chance.choice([[store], ["S1", "S2"], [], [f"{store},S1"], ["*"], ["%"], [store] * 2])
    return "?" + "&".join([*(f"store={each}" for each in stores), *others])


def edited(chance: random.Random, body: dict[str, Any], search: str, known: list[str], ids) -> Any:
    """The call, about rows of the store."""
    for one in leaves(body):
        if one["property"] == "search":
            one["value"] = search
        elif one["property"] == "data" and type(one.get("value")) is int:
            one["value"] = chance.choice(ids)
        elif one["property"] == "pathname":
            one["value"] = chance.choice(PATHS).format(quote(chance.choice(known), safe=""))
        elif one["property"] == "value" and chance.random() < 0.3:
            one["value"] = chance.choice(known)
    return body


def asked(asker: Asker, application, url: str, store: str, count: int):
    """What was asked about the store, and the answer, so many times."""
    chance, callbacks = random.Random(store), application.callback_map
    fitting, number = bodies(callbacks), int(store[1])
    known, ids = sorted(words_of(url, number)), ids_of(url, number)
    names = [widget.name for registry in (CHARTS, TABLES, TILES) for widget in registry]
    for turn in range(count):
        search = searches(chance, store, known, ids)
        if turn % 4 == 0:
            path = f"/export/{chance.choice(names)}.csv{search}"
            yield path, asker.client.get(path).get_data()
        elif turn % 4 == 1:
            word = chance.choice([chance.choice(known), str(chance.choice(ids))])
            path = chance.choice(PATHS).format(quote(word, safe="")) + search
            yield path, asker.client.get(path).get_data()
        else:
            output = chance.choice(list(fitting))
            body = fitted(chance, fitting[output], callbacks[output]["callback"])
            body = edited(chance, body, search, known, ids)
            yield body, asker.call(body).get_data()


def leaked(said: Any, answer: bytes, words: frozenset[str]) -> set[str]:
    """Words of the store that came back although they were not sent."""
    sent, text = unquote(str(said)), text_of(answer)
    return {word for word in words if word in text and word not in sent}


def text_of(answer: bytes) -> str:
    """What a person reads of it: workbooks are unpacked, and JSON is read."""
    if answer.startswith(b"PK"):
        with ZipFile(BytesIO(answer)) as book:
            return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    try:
        return json.dumps(json.loads(answer), ensure_ascii=False)
    except ValueError:
        return answer.decode("utf-8", "replace")


@pytest.mark.parametrize(("login", "store"), PAIRS)
def test_nothing_of_another_store_comes_back(application, url, login, store, measured):
    asker, words = Asker(application.server, login), words_of(url, int(store[1]))
    count = rounds(200, 5_000)
    for said, answer in asked(asker, application, url, store, count):
        assert leaked(said, answer, words) == set(), said
    measured(
        gate="isolation", aim="0 rows of another store", database="sqlite",
        figure=f"{login} asked {count} times about {store}: 0 of {len(words)} words came back",
    )  # fmt: skip


def test_who_sees_every_store_gets_them_by_the_same_questions(application, url):
    asker, words = Asker(application.server, "principal"), words_of(url, 2)
    told = [leaked(*each, words) for each in asked(asker, application, url, "S2", 120)]
    assert len(words) > 300
    assert sum(map(bool, told)) > 5
