"""Whatever is asked, and however it is edited: not a word of another store comes back.

The words are what is found in one store alone: numbers, names, plates, phones. Somebody who sees
every store gets them from the very same questions, so that an empty answer proves nothing here.
"""

import random
from functools import cache
from typing import Any
from urllib.parse import quote, unquote

import pytest
from sqlalchemy import select

from dashboard.wall.viewers import COOKIE
from data import db
from data.commands.screens import add_screen, link_screen
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
from tests.conftest import NOW, fresh
from tests.torture.asking import Asker, bodies, leaves, text_of
from tests.torture.conftest import rounds
from tests.torture.looking import Looker
from tests.torture.test_fuzz import fired, fitted

pytestmark = pytest.mark.usefixtures("standing_still")

TIMES = {"sqlite": (120, 5_000), "postgresql": (40, 5_000)}
SCREEN = "the-secret-of-the-screen-of-the-first-store"
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


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request, demo_in, tmp_path_factory):
    """The demo data on each kind of database, and a wall screen of the first store."""
    if request.param == "sqlite":
        made = demo_in(tmp_path_factory.mktemp("isolation"))
    else:
        made = fresh(request.getfixturevalue("postgres_url"), "aftercare_isolation")
        engine = open_database(made)
        load(engine, stores=2, years=1, as_of=NOW)
        engine.dispose()
    engine = db.connect(made)
    with db.writing(by=SYSTEM) as session:
        known = {"store": "S1", "secret": SCREEN, "now": NOW}
        add_screen(session, name="Showroom", language="zh", **known)
        link_screen(session, secret=SCREEN, key=SCREEN, now=NOW)
    engine.dispose()
    return made


@cache
def words_of(url: str, store: int) -> frozenset[str]:
    """What is told in this store and in no other, not as a part of something longer either."""
    with db.reading(as_=SYSTEM) as session:
        found: dict[int, set[str]] = {1: set(), 2: set()}
        for model, names in TOLD.items():
            for name in names:
                column = getattr(model, name)
                for where, said in session.execute(select(model.store_id, column)).all():
                    found[where].add(str(said or ""))
    others = pieces(found[3 - store])
    return frozenset(
        word
        for word in found[store]
        if ((len(word) > 2 and not word.isascii()) or len(word) > 5) and word not in others
    )


def pieces(words: set[str]) -> set[str]:
    """Every part of these words, from three signs on."""
    return {
        word[begin:end]
        for word in words for begin in range(len(word)) for end in range(begin + 3, len(word) + 1)
    }  # fmt: skip


@cache
def numbers_of(url: str, store: int) -> frozenset[str]:
    """The numbers of cases of this store: a wall shows those that need somebody."""
    with db.reading(as_=SYSTEM) as session:
        return frozenset(
            number for model in (Complaint, Followup, Improvement)
            for number in session.scalars(select(model.number).where(model.store_id == store))
        )  # fmt: skip


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
    sent = unquote(str(said))
    return {word for word in standing(text_of(answer), words) if word not in sent}


def standing(text: str, words: frozenset[str]) -> set[str]:
    """Which words stand in a text: it has fewer places than there are words to look for."""
    return {
        word for length in {len(word) for word in words}
        for word in words & {text[at : at + length] for at in range(len(text))}
    }  # fmt: skip


def kind_of(url: str) -> str:
    return url.partition(":")[0]


@pytest.mark.parametrize(("login", "store"), PAIRS)
def test_nothing_of_another_store_comes_back(application, url, login, store, measured):
    asker, words = Asker(application.server, login), words_of(url, int(store[1]))
    count = rounds(*TIMES[kind_of(url)])
    for said, answer in asked(asker, application, url, store, count):
        assert leaked(said, answer, words) == set(), said
    measured(
        gate="isolation", aim="0 rows of another store", database=kind_of(url),
        figure=f"{login} asked {count} times about {store}: 0 of {len(words)} words came back",
    )  # fmt: skip


def test_who_sees_every_store_gets_them_by_the_same_questions(application, url):
    asker, words = Asker(application.server, "principal"), words_of(url, 2)
    told = [leaked(*each, words) for each in asked(asker, application, url, "S2", 200)]
    assert len(words) > 300
    assert sum(map(bool, told)) > 2


FOREIGN = [
    "store_id", "customer.phone", "phone", "number; DROP TABLE customer", "id", "__class__", "",
    "store.code", "1", "customer", "name' OR '1'='1", "S2", "工单",
]  # fmt: skip
OPERATORS = ["contains", "equals", "notEqual", "') OR 1=1 --", "inRange", "blank", "regexp", "", 7]
PLACES = [0, -1, 1, 7, 200, 10**6, 2**53, -(2**53), 1.5, 1e300, True, "7", "", None, [], {}]


def grid_request(chance: random.Random, fields: list[str], known: list[str], ids: Any) -> Any:
    """What a grid asks for, edited in any way."""

    def some(kinds: list[Any]) -> Any:
        return [chance.choice(kinds) for _each in range(chance.randrange(4))]

    names, said = [*fields, *FOREIGN], [*known, "%", "_", "' OR 1=1 --", "", 7, None, ["S2"], {}]
    sorts = [{"colId": one, "sort": chance.choice(["asc", "desc", "up; --", 7])} for one in names]
    filters = [
        {"filter": chance.choice(said), "type": chance.choice(OPERATORS), "filterType": "text"}
        for _each in names
    ]
    filters += [{"operator": "OR", "conditions": filters[:2]}, chance.choice(said)]
    return {
        "startRow": chance.choice(PLACES),
        "endRow": chance.choice(PLACES),
        "sortModel": chance.choice([some([*sorts, {}, "name", 7]), sorts[0], "name", None]),
        "filterModel": chance.choice([{one: chance.choice(filters) for one in some(names)}, [], 7]),
        "context": {"store": "S2", "store_id": chance.choice(ids)},
    }


@pytest.mark.parametrize(("login", "store"), PAIRS)
def test_a_grid_that_is_edited_gives_nothing_of_another_store(
    application, url, login, store, monkeypatch, measured
):
    failures, chance = fired(monkeypatch), random.Random(f"{login}'s grids")
    asker, words = Asker(application.server, login), words_of(url, int(store[1]))
    looker = Looker(asker, application.callback_map)
    known, ids = sorted(words), ids_of(url, int(store[1]))
    times = rounds(3, 150)
    for table in [*TABLES] * times:
        fields = [column.field for column in table.columns]
        search = searches(chance, store, known, ids)
        request = grid_request(chance, fields, known, ids)
        answer = looker.grid(table.name, search, request)
        assert leaked([search, request], answer, words) == set(), request
        assert failures == [], (table.name, request)
    measured(
        gate="isolation", aim="0 rows of another store, 0 × 5xx", database=kind_of(url),
        figure=f"{login}: {times * len([*TABLES])} edited grids: 0 words of {store}, 0 failures",
    )  # fmt: skip


def test_a_wall_screen_tells_of_its_store_alone_and_names_nobody(application, url, measured):
    asker, chance = Asker(application.server), random.Random("a screen")
    asker.client.set_cookie(COOKIE, SCREEN, path="/wall")
    known, ids = sorted(words_of(url, 2)), ids_of(url, 2)
    words = words_of(url, 1) | words_of(url, 2)
    names = [widget.name for registry in (CHARTS, TABLES, TILES) for widget in registry]
    for _turn in range(count := rounds(10, 1_000)):
        search = searches(chance, "S2", known, ids)
        answer = asker.client.get(f"/wall/state{search}")
        assert answer.status_code == 200
        assert leaked(search, answer.get_data(), words - numbers_of(url, 1)) == set(), search
        for path in (f"/export/{chance.choice(names)}.csv{search}", *PATHS):
            refused = asker.client.get(path.format(quote(chance.choice(known), safe="")))
            assert refused.status_code in (302, 401), path
    body = bodies(application.callback_map)
    assert {asker.call(each).status_code for each in body.values()} == {401}
    measured(
        gate="isolation", aim="a wall screen: its store, no names", database=kind_of(url),
        figure=f"{count} edited questions: 0 of {len(words)} words; {len(body)} callbacks refused",
    )  # fmt: skip


def test_the_wall_tells_more_to_who_sees_every_store(application, url):
    asker = Asker(application.server, "principal")
    every = asker.client.get("/wall/state").get_json()["pieces"]
    asker.client.set_cookie(COOKIE, SCREEN, path="/wall")
    assert asker.client.get("/wall/state").get_json()["pieces"]["zh"] not in every.values()
