"""The wall: who may look, what is told, that nobody is named, and that many are told at once."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Event

import pytest
from flask import Flask
from flask_bootstrap import Bootstrap5
from pandas import DataFrame
from sqlalchemy import select

from callbacks import clock
from callbacks import wall as routes
from dashboard import formats, i18n, log, security, wall
from dashboard.settings import Settings
from dashboard.wall import advice, asking, viewers
from dashboard.wall.asking import NONE, Asked, Some
from dashboard.wall.sharing import ANEW_AFTER, NEWS_AFTER
from data import answers, db, events
from data.commands.screens import add_screen, revoke_screen
from data.demo.stores import PASSWORD
from data.installing import open_database
from data.metrics import Answer, Metric, complaints
from data.models import Complaint, Customer, Employee, Store, Vehicle
from data.person import SYSTEM, Person, Role
from data.scope import Scope
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("standing_still")

CODES = ["overview", "complaints", "callbacks", "improvements", "satisfaction"]
LATER = NOW + NEWS_AFTER


@pytest.fixture(scope="module")
def url(demo_in, tmp_path_factory):
    return demo_in(tmp_path_factory.mktemp("wall"))


@pytest.fixture
def server():
    made = Flask("dashboard")
    Bootstrap5(made)
    i18n.init(made, None)
    log.init(made)
    security.init(made, Settings(secret_key="s" * 32))
    made.config[clock.ZONE] = "Asia/Shanghai"
    routes.init(made, Settings())
    made.add_url_rule("/", "/", lambda: "<p>overview</p>")
    made.add_url_rule("/export/<name>", "export", lambda name: "a,b")
    made.add_url_rule("/_dash-update-component", "update", dict, methods=["POST"])
    return made


def token(visitor, page):
    found = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get(page).text)
    return found[1]


def as_(server, login):
    visitor = server.test_client()
    form = {"login": login, "password": PASSWORD, "csrf_token": token(visitor, "/login")}
    assert visitor.post("/login", data=form).status_code == 303
    return visitor


def add(secret, **more):
    with db.writing(by=SYSTEM) as session:
        return add_screen(session, name="Showroom", secret=secret, now=NOW, **more)


def linked(server, secret, **more):
    """The browser of a new screen, and the screen's number."""
    number, visitor = add(secret, **more), server.test_client()
    assert become(visitor, secret).status_code == 303
    return visitor, number


def become(visitor, secret):
    form = {"once": secret, "csrf_token": token(visitor, f"/wall/link?once={secret}")}
    return visitor.post("/wall/link", data=form)


def told(visitor, **query):
    answer = visitor.get("/wall/state", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def piece(state, code, language="en"):
    return next(one["html"] for one in state["pieces"][language] if one["code"] == code)


# --- who may look --------------------------------------------------------------------------------


def test_who_has_neither_key_nor_login_is_led_to_the_login(server):
    visitor = server.test_client()
    answer = visitor.get("/wall")
    assert (answer.status_code, answer.location) == (302, "/login?next=/wall")
    answer = visitor.get("/wall/state")
    assert (answer.status_code, answer.json) == (401, {"trouble": "signed_out"})


def test_who_may_see_figures_sees_the_wall_in_ones_own_language(server):
    state = told(as_(server, "manager1"))
    assert state["languages"] == ["en"]
    assert [one["code"] for one in state["pieces"]["en"]] == CODES
    assert state["opens"] == state["closes"]


def test_who_may_not_see_figures_does_not(server):
    visitor = as_(server, "agent1")
    assert visitor.get("/wall").status_code == 403
    assert visitor.get("/wall/state").status_code == 401


def test_a_link_makes_the_browser_a_screen_and_then_no_other(server):
    visitor, _number = linked(server, "once-a")
    assert visitor.get("/wall").status_code == 200
    assert told(visitor)["languages"] == ["zh", "en"]
    assert visitor.get("/wall/link?once=once-a").location == "/wall"
    other = server.test_client().get("/wall/link?once=once-a")
    assert other.status_code == 410
    assert "used up" in other.text


def test_looking_at_a_link_does_not_use_it_up(server):
    add("once-b")
    for _ in range(2):  # as programs do that show a preview of every link
        assert server.test_client().get("/wall/link?once=once-b").status_code == 200
    assert become(server.test_client(), "once-b").status_code == 303


def test_the_key_is_kept_from_scripts_and_sent_to_the_wall_alone(server):
    visitor, _number = linked(server, "once-c")
    cookie = visitor.get_cookie(viewers.COOKIE, path="/wall")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.path == "/wall"


def test_a_screen_opens_nothing_else_and_writes_nothing(server):
    visitor, _number = linked(server, "once-d")
    assert visitor.get("/").status_code == 302
    assert visitor.get("/export/x.csv").status_code == 401
    assert visitor.post("/_dash-update-component", json={}).status_code == 401
    assert visitor.post("/wall/state").status_code == 401


def test_a_revoked_screen_is_told_so_and_shown_nothing(server):
    visitor, number = linked(server, "once-e")
    with db.writing(by=SYSTEM) as session:
        revoke_screen(session, screen_id=number, now=NOW)
    answer = visitor.get("/wall/state")
    assert (answer.status_code, answer.json) == (401, {"trouble": "revoked"})
    assert 'data-trouble="revoked"' in visitor.get("/wall").text


def test_another_site_cannot_make_a_browser_a_screen(server):
    add("once-f")
    visitor = server.test_client()
    form = {"once": "once-f", "csrf_token": token(visitor, "/wall/link?once=once-f")}
    answer = visitor.post("/wall/link", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert visitor.post("/wall/link", data={"once": "once-f"}).status_code == 400


# --- what is told --------------------------------------------------------------------------------


def test_a_screen_of_one_store_counts_that_store_alone(server):
    shown = {}
    for code in (None, "S1", "S2"):
        visitor, _number = linked(server, f"once-g{code}", store=code)
        scope = Scope(as_of=NOW, stores=(code,) if code else ())
        with db.reading(as_=SYSTEM) as session:
            summary = complaints.complaint_ageing(session, scope).summary
        shown[code] = summary["open"]
        assert f'<p class="shown">{summary["open"]}</p>' in piece(told(visitor), "complaints")
    assert shown[None] == shown["S1"] + shown["S2"]
    assert min(shown.values()) > 0


def test_another_store_cannot_be_asked_for(server):
    visitor, _number = linked(server, "once-h", store="S1")
    html = piece(told(visitor, store="S2"), "complaints")
    assert '<p class="shown">0</p>' in html


def test_nobody_is_named_and_no_phone_and_plate_leaves_the_house(server):
    visitor, _number = linked(server, "once-i")
    text = json.dumps(told(visitor), ensure_ascii=False) + visitor.get("/wall").text
    with db.reading(as_=SYSTEM) as session:
        columns = (Customer.name, Customer.phone, Employee.name, Vehicle.plate, Vehicle.vin)
        known = {value for c in columns for value in session.scalars(select(c)) if value}
    assert len(known) > 100
    assert [value for value in known if value in text] == []


def test_what_is_asked_holds_the_first_sign_of_a_name_alone():
    asked = wall.ask(SYSTEM, Scope(as_of=NOW))
    with db.reading(as_=SYSTEM) as session:
        names = set(session.scalars(select(Employee.name)))
    owners = [one.first["owner"] for one in (asked.late, asked.overdue) if one.first]
    assert owners
    assert {owner for owner in owners if owner} <= {formats.masked_name(name) for name in names}
    assert not names & set(owners)


def test_who_has_the_pieces_is_not_sent_them_again(server):
    visitor = as_(server, "manager1")
    first = told(visitor)
    again = told(visitor, have=first["tag"])
    assert "pieces" not in again
    assert again["tag"] == first["tag"]


def test_news_are_told_after_a_minute(server, monkeypatch, tmp_path, demo_in):
    engine = db.connect(demo_in(tmp_path))
    visitor = as_(server, "manager1")
    before = told(visitor)
    with db.writing(by=SYSTEM) as session:
        add_screen(session, name="News", secret="news", now=NOW)
    assert told(visitor)["at"] == before["at"]
    monkeypatch.setattr(clock, "now", lambda: LATER)
    assert told(visitor)["at"] == before["at"] + 60_000
    engine.dispose()


def test_the_state_says_the_version_the_page_has(server):
    visitor = as_(server, "manager1")
    version = told(visitor)["version"]
    assert f'data-version="{version}"' in visitor.get("/wall").text


def test_every_page_is_drawn_of_nothing(server, tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    visitor, _number = linked(server, "once-j")
    state = told(visitor)
    for language in ("en", "zh"):
        assert [one["code"] for one in state["pieces"][language]] == CODES
    assert "Nothing counted yet" in piece(state, "overview")
    assert "尚无数据" in piece(state, "overview", "zh")
    engine.dispose()


def test_hostile_words_are_text(server):
    evil = '<img src=x onerror="alert(1)">'
    case = {"number": evil, "close_due_at": NOW, "owner": None}
    case |= dict.fromkeys(asking.TOPIC, evil)
    asked = replace(empty(), late=Some(case, 1))
    with server.test_request_context():
        shown = wall.show(asked)
    html = next(one["html"] for one in shown.pieces["en"] if one["code"] == "complaints")
    assert "<img" not in html
    assert "&lt;img" in html


# --- when something fails ------------------------------------------------------------------------


def broken(*_args, **_options):
    raise RuntimeError("no answer")


def test_a_question_that_fails_leaves_the_others_standing(server, monkeypatch):
    code = complaints.complaint_ageing.code
    failing = Metric(code, "x", "complaints", broken, {})
    some = [failing if metric.code == code else metric for metric in asking.METRICS]
    monkeypatch.setattr(asking, "METRICS", tuple(some))
    state = told(as_(server, "manager1"))
    assert "Could not be worked out" in piece(state, "complaints")
    assert "Could not be worked out" not in piece(state, "satisfaction")


def test_what_is_counted_is_shared_with_whoever_sees_the_same_until_there_are_news(
    server, monkeypatch
):
    counted, scope = [], Scope(as_of=NOW, live=True)
    answer = Answer(DataFrame(), {"value": 1})
    metric = Metric("x", "x", "share", lambda *_: counted.append(1) or answer, {})
    monkeypatch.setattr(asking, "METRICS", (metric,))
    with db.reading(as_=SYSTEM) as session:
        answers.ask(metric, session, scope)
    assert [asking.ask(SYSTEM, scope).told(metric, "value") for _ in "ab"] == [1, 1]
    assert len(counted) == 1
    with db.writing(by=SYSTEM) as session:
        events.record(session, session.query(Complaint).first(), "noted", at=NOW)
    asking.ask(SYSTEM, scope)
    assert len(counted) == 2


def test_if_every_question_fails_it_says_so(server, monkeypatch):
    visitor = as_(server, "manager1")
    metric = Metric("x", "x", "share", broken, {})
    monkeypatch.setattr(asking, "METRICS", (metric,))
    answer = visitor.get("/wall/state")
    assert (answer.status_code, answer.json) == (503, {"trouble": "server"})


def test_a_database_that_is_gone_is_called_that(server):
    visitor, _number = linked(server, "once-k")
    gone = db.connect("postgresql://nobody@127.0.0.1:1/none")
    answer = visitor.get("/wall/state")
    assert (answer.status_code, answer.json) == (503, {"trouble": "database"})
    gone.dispose()


# --- many screens --------------------------------------------------------------------------------


def asked_of(shared, key="S1", *, now=NOW, edition="1"):
    """What is told under `key`, and how often it had to be worked out by then."""
    return shared.get(
        key, lambda: asked_of.made.append(key) or len(asked_of.made), now=now, edition=edition
    )


@pytest.fixture
def shared():
    asked_of.made = []
    return wall.Shared(most=3)


def test_what_many_ask_is_worked_out_once(shared):
    assert [asked_of(shared) for _ in range(200)] == [1] * 200


def test_news_wait_a_minute_and_no_news_five(shared):
    assert asked_of(shared) == 1
    assert asked_of(shared, edition="2") == 1
    assert asked_of(shared, edition="2", now=NOW + NEWS_AFTER) == 2
    assert asked_of(shared, edition="2", now=NOW + ANEW_AFTER) == 2
    assert asked_of(shared, edition="2", now=NOW + NEWS_AFTER + ANEW_AFTER) == 3


def test_a_clock_put_back_does_not_keep_old_figures(shared):
    assert asked_of(shared) == 1
    assert asked_of(shared, now=NOW - timedelta(hours=1)) == 2


def test_each_key_has_its_own_and_only_so_many_are_kept(shared):
    assert [asked_of(shared, key) for key in "abcd"] == [1, 2, 3, 4]
    assert len(shared) == 3
    assert asked_of(shared, "d") == 4
    assert asked_of(shared, "a") == 5


def test_who_asks_meanwhile_waits_for_the_same_answer():
    shared, entered, go, made = wall.Shared(), Event(), Event(), []

    def slowly():
        entered.set()
        assert go.wait(10)
        made.append(1)
        return len(made)

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(shared.get, "S1", slowly, now=NOW, edition="1") for _ in range(8)]
        assert entered.wait(10)
        go.set()
        assert [one.result(10) for one in asked] == [1] * 8


def test_a_failure_is_not_kept(shared):
    with pytest.raises(RuntimeError):
        shared.get("S1", broken, now=NOW, edition="1")
    assert asked_of(shared) == 1


def test_viewers_of_different_stores_are_told_different_things(server):
    tags = {login: told(as_(server, login))["tag"] for login in ("manager1", "manager2", "quality")}
    assert tags["manager1"] != tags["manager2"]


# --- advice --------------------------------------------------------------------------------------


def empty():
    nothing = {"answers": {}, "targets": {}, "written": None}
    some = dict.fromkeys(("unowned", "late", "near", "overdue", "soon"), NONE)
    return Asked(scope=Scope(as_of=NOW), **nothing, **some)


def answer(metric, rows=(), **summary):
    return {metric.code: Answer(DataFrame(list(rows)), summary)}


CASE = {
    "number": "C7",
    "close_due_at": NOW - timedelta(days=2, hours=5),
    "owner": "李**",
    "category_name": "Noise",
    "category_name_zh": "异响",
}
ACTION = CASE | {
    "number": "A3",
    "due_on": date(2026, 3, 13),
    "kind": "training",
    "state": "open",
    "dimension": None,
    "reason": None,
}
WEAKEST = [
    {"dimension": "tact", "value": 0.5, "denominator": 5},
    {"dimension": "flow", "value": 0.6, "denominator": 90},
    {"dimension": "attitude", "value": 0.9, "denominator": 90},
]
SAYINGS = [
    (
        advice.on_complaints,
        {"unowned": Some(None, 2), "late": Some(CASE, 1)},
        "bad",
        "2 complaints have no owner: the service manager names one for each today.",
    ),
    (
        advice.on_complaints,
        {"late": Some(CASE, 4)},
        "bad",
        "Complaint C7 (Noise) is 2 d late: 李** solves it today.",
    ),
    (
        advice.on_complaints,
        {"late": Some(CASE | {"owner": None}, 1)},
        "bad",
        "Complaint C7 (Noise) is 2 d late: the service manager solves it today.",
    ),
    (
        advice.on_complaints,
        {"near": Some(CASE | {"close_due_at": NOW + timedelta(hours=3)}, 1)},
        "warn",
        "Complaint C7 (Noise) is to be solved by 李** until 16 Mar, 13:00.",
    ),
    (
        advice.on_complaints,
        {},
        "good",
        "No complaint is late or without an owner: nothing to decide today.",
    ),
    (
        advice.on_callbacks,
        {"answers": answer(asking.followups.callback_load, overdue=3, today=9)},
        "warn",
        "3 callbacks are past their time: the callback agents make them today.",
    ),
    (
        advice.on_callbacks,
        {"answers": answer(asking.followups.callback_load, overdue=0, today=1)},
        "good",
        "1 callback is still due: the callback agents make it before the day ends.",
    ),
    (advice.on_callbacks, {}, "good", "No callback is waiting: nothing to decide today."),
    (
        advice.on_improvements,
        {"overdue": Some(ACTION, 1), "soon": Some(ACTION, 1)},
        "bad",
        "Action A3 (Noise) is 3 days overdue: 李** finishes it this week.",
    ),
    (
        advice.on_improvements,
        {"soon": Some(ACTION | {"dimension": "tact", "due_on": date(2026, 3, 20)}, 1)},
        "warn",
        "Action A3 (Tact) is to be done by 李** until 20 Mar.",
    ),
    (
        advice.on_improvements,
        {},
        "good",
        "No action is overdue or due this week: nothing to decide today.",
    ),
    (
        advice.on_satisfaction,
        {"answers": answer(asking.satisfaction.hot_alerts, open=1)},
        "bad",
        "1 unhappy customer has no complaint yet: quality opens it today.",
    ),
    (
        advice.on_satisfaction,
        {"answers": answer(asking.satisfaction.dimension_scores, WEAKEST)},
        "warn",
        "Flow is weakest, 60% content: the service manager proposes an action for Monday, 23 Mar.",
    ),
    (
        advice.on_satisfaction,
        {},
        "good",
        "Too few answers for advice: the callback agents ask on.",
    ),
]


@pytest.mark.parametrize(("of", "known", "tone", "says"), SAYINGS)
def test_the_advice_says_what_who_and_until_when(of, known, tone, says):
    found = of(replace(empty(), **known))
    assert (found.text, found.tone) == (says, tone)


def test_the_overview_gives_the_most_pressing_advice():
    near = Some(CASE | {"close_due_at": NOW + timedelta(hours=3)}, 1)
    asked = replace(empty(), near=near, overdue=Some(ACTION, 1))
    assert advice.most_pressing(asked) == advice.on_improvements(asked)


def test_a_screen_is_a_person_of_no_rights():
    person = Person(login="screen 1", name="x", role=Role.SCREEN, stores=frozenset({1}))
    with db.reading(as_=person) as session:
        assert session.scalars(select(Store.code)).all() == ["S1"]
