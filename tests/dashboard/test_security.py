"""The guard: who gets in, what is refused, and what every answer carries."""

import re
from datetime import UTC, datetime, timedelta
from shutil import copy

import pytest
from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_login.utils import encode_cookie

from dashboard import gate, i18n, log, ops, security, sessions
from dashboard.doors import SIGNED_IN, open_to
from dashboard.settings import Settings
from data import accounts, db, defaults
from data.commands.accounts import add_user, disable_user, set_password
from data.commands.stores import add_store
from data.migrations import upgrade
from data.person import SYSTEM, Right

PASSWORD = "correct horse"
STYLE = "/bootstrap/static/css/bootstrap.min.css"
FONT = "/bootstrap/static/css/font/fonts/bootstrap-icons.woff2"
SCRIPT = "/bootstrap/static/js/bootstrap.min.js"
NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
PEOPLE = (("wang", "manager", ["S2"]), ("li", "agent", ["S1"]))


@pytest.fixture(scope="module")
def server():
    """A server with the guard on it, and routes such as Dash and the exports have."""
    made = Flask("dashboard")
    Bootstrap5(made)
    i18n.init(made, None)
    log.init(made)
    ops.init(made)
    security.init(made, Settings(secret_key="s" * 32), {"/team": Right.SEE_SCORECARDS}.get)
    for path, answer in {
        "/": lambda: "<p>overview</p>",
        "/<path:path>": lambda path: f"<p>{path}</p>",
        "/_dash-layout": who,
        "/export/<name>": lambda name: ("a,b", {"Content-Type": "text/csv"}),
        "/picture": lambda: ("<svg/>", {"Content-Type": "image/svg+xml"}),
        "/broken": lambda: 1 / 0,
    }.items():
        made.add_url_rule(path, path, open_to(SIGNED_IN)(answer))
    made.add_url_rule("/written", "written", open_to(SIGNED_IN)(who), methods=["POST"])
    made.add_url_rule("/of-nobody", "of-nobody", lambda: "never declared")
    made.add_url_rule("/scores", "scores", open_to(Right.SEE_SCORECARDS)(lambda: "scores"))
    security.trust_scripts(made, ["'sha256-abc='", "'sha256-def='"])
    return made


def who():
    person = security.current_person()
    return {"login": person.login, "role": person.role, "stores": sorted(person.stores or ())}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A database file with two stores and somebody in each."""
    file = tmp_path_factory.mktemp("security") / "prepared.db"
    engine = db.connect(f"sqlite:///{file}")
    upgrade(engine)
    with db.writing(by=SYSTEM) as session:
        defaults.fill(session)
        for code in ("S1", "S2"):
            shanghai = {"group": None, "zone": "Asia/Shanghai", "calendar": "china"}
            add_store(session, code=code, name="", at=NOW, **shanghai)
        for login, role, stores in PEOPLE:
            person = {"login": login, "name": login, "role": role, "stores": stores}
            add_user(session, **person, password=PASSWORD, all_stores=False, at=NOW)
    engine.dispose()
    return file


@pytest.fixture(autouse=True)
def database(prepared, tmp_path):
    """A copy of it for each test."""
    engine = db.connect(f"sqlite:///{copy(prepared, tmp_path)}")
    yield
    engine.dispose()


@pytest.fixture
def visitor(server):
    return server.test_client()


def token_of(visitor, page="/login"):
    visitor.get(page)
    return visitor.get_cookie("_csrf_token").value


def enter(visitor, login="wang", password=PASSWORD, **form):
    form |= {"login": login, "password": password, "csrf_token": token_of(visitor)}
    return visitor.post("/login", data=form)


def change(visitor, **headers):
    """A callback, as the page sends it."""
    headers = {"X-CSRFToken": token_of(visitor, "/"), **headers}
    return visitor.post("/written", json={}, headers=headers)


def test_somebody_signs_in_and_is_known_with_role_and_stores(visitor):
    answer = enter(visitor)
    assert (answer.status_code, answer.location) == (303, "/")
    assert visitor.get("/").text == "<p>overview</p>"
    assert visitor.get("/_dash-layout").json == {"login": "wang", "role": "manager", "stores": [2]}
    assert change(visitor).status_code == 200


@pytest.mark.parametrize("path", ["/", "/complaints?store=S1&store=S2", "/assets/../complaints"])
def test_pages_ask_for_a_login_first(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=/")


@pytest.mark.parametrize("path", ["/_dash-layout", "/export/x", "/export/x?store=S1", "/_dash-x"])
def test_what_scripts_ask_for_is_401(visitor, path):
    assert visitor.get(path).status_code == 401


@pytest.mark.parametrize("path", ["/_dash-update-component", "/complaints", "/nowhere", "/logout"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_changed_without_a_login(visitor, path, method):
    assert visitor.open(path, method=method, data=b"{not json").status_code == 401


@pytest.mark.parametrize("path", ["/login", "/healthz", "/readyz", "/version"])
def test_the_door_is_open(visitor, path):
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("host", ["a..b", "..", "a" * 300])
@pytest.mark.parametrize("path", ["/healthz", "/", "/login", "/nowhere", "/_dash-layout"])
def test_a_host_that_can_be_none_is_refused_in_words(visitor, path, host):
    answer = visitor.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "The request was not understood." in answer.text
    assert visitor.post(path, headers={"Host": host}).status_code == 400


def test_a_cookie_that_we_never_set_signs_nobody_in(visitor):
    enter(visitor)
    with visitor.session_transaction() as session:
        key = session["_user_id"]
    with visitor.application.app_context():
        forged = encode_cookie(key)
    for said in (forged, "\xff|\xe9", "|", ""):
        stranger = visitor.application.test_client(use_cookies=False)
        answer = stranger.get("/_dash-layout", headers={"Cookie": f"remember_token={said}"})
        assert answer.status_code == 401


@pytest.mark.parametrize("name", ["aftercare", "aftercare_browser", "_csrf_token", "lang", "theme"])
def test_a_cookie_of_ours_may_hold_anything(visitor, name):
    answer = visitor.get("/login", headers={"Cookie": f"{name}=\xff|\xe9"})
    assert answer.status_code == 200


def test_vendor_files_are_open_but_nothing_else_below_their_addresses(visitor):
    with visitor.get(STYLE) as file:
        assert file.status_code == 200
        assert "no-store" not in file.headers.get("Cache-Control", "")
    assert visitor.get("/bootstrap/static/css/none.css").status_code == 404
    assert visitor.get("/bootstrap/elsewhere").status_code == 302
    assert visitor.get("/assets/elsewhere").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/complaints?store=S2&bucket=%3C50", "/complaints?store=S2&bucket=%3C50"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("evil.example", "/"),
        ("", "/"),
    ],
)
def test_after_the_login_one_stays_on_this_site(visitor, wanted, reached):
    assert enter(visitor, next=wanted).location == reached


def test_the_page_one_wanted_is_remembered(visitor):
    asked = visitor.get("/complaints?store=S2&store=S1").location
    form = visitor.get(asked).text
    assert 'name="next" value="/complaints?store=S2&amp;store=S1"' in form


def test_an_unknown_login_and_a_wrong_password_are_answered_alike(visitor):
    answers = [enter(visitor, *given) for given in (("wang", "wrong"), ("nobody", PASSWORD))]
    assert [answer.status_code for answer in answers] == [401, 401]
    first, second = (re.sub(r'value="[^"]*"', "", answer.text) for answer in answers)
    assert first == second
    assert "do not go together" in first


def test_the_form_needs_its_token(visitor):
    answer = visitor.post("/login", data={"login": "wang", "password": PASSWORD})
    assert answer.status_code == 400
    assert "too old" in answer.text
    assert visitor.get("/").status_code == 302


def test_a_callback_needs_its_token(visitor):
    enter(visitor)
    assert visitor.post("/written", json={}).status_code == 400


def test_one_signs_out_by_post_alone(visitor):
    enter(visitor)
    visitor.get("/logout")
    assert visitor.get("/_dash-layout").status_code == 200
    left = visitor.post("/logout", data={"csrf_token": token_of(visitor, "/")})
    assert (left.status_code, left.location) == (303, "/login")
    assert visitor.get("/_dash-layout").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
def test_another_site_cannot_make_the_browser_write(visitor, headers):
    enter(visitor)
    assert change(visitor, **headers).status_code == 403


def test_our_own_site_can(visitor):
    enter(visitor)
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert change(visitor, **own).status_code == 200


def test_a_role_without_the_right_does_not_see_the_page(visitor):
    enter(visitor, "li")
    answer = visitor.get("/team")
    assert answer.status_code == 403
    assert "Your role does not allow this." in answer.text
    assert visitor.get("/complaints").status_code == 200


def test_what_does_not_say_who_may_ask_is_closed(visitor):
    enter(visitor)
    assert visitor.get("/of-nobody").status_code == 403


def test_a_route_lets_in_whom_it_says(visitor):
    enter(visitor, "li")
    assert visitor.get("/scores").status_code == 403
    enter(visitor, "wang")
    assert visitor.get("/scores").status_code == 200


def test_a_closed_account_is_out_at_once(visitor):
    enter(visitor)
    with db.writing(by=SYSTEM) as session:
        disable_user(session, login="wang", at=NOW)
    assert visitor.get("/_dash-layout").status_code == 401


def test_a_new_password_ends_other_sessions(visitor):
    enter(visitor)
    with db.writing(by=SYSTEM) as session:
        set_password(session, login="wang", password="another horse", at=NOW)
    assert visitor.get("/_dash-layout").status_code == 401


def test_a_changed_cookie_is_worth_nothing(visitor):
    enter(visitor)
    kept = visitor.get_cookie("aftercare").value
    for forged in (kept[:-2], "x" + kept, "e30.x.y", ""):
        visitor.set_cookie("aftercare", forged)
        assert visitor.get("/_dash-layout").status_code == 401


def test_signing_in_begins_a_new_session(visitor):
    before = token_of(visitor)
    enter(visitor)
    assert visitor.post("/written", json={}, headers={"X-CSRFToken": before}).status_code == 400


@pytest.mark.parametrize(("base", "secure"), [("http://a.test", False), ("https://a.test", True)])
def test_cookies_are_kept_from_scripts_and_from_plain_http(server, base, secure):
    answer = server.test_client().get("/login", base_url=base)
    cookies = {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    assert ("HttpOnly" in cookies["aftercare"], "HttpOnly" in cookies["_csrf_token"]) == (
        True,
        False,
    )
    assert all("SameSite=Lax" in line for line in cookies.values())
    assert all(("Secure" in line) is secure for line in cookies.values())


def test_whatever_can_be_a_document_carries_the_headers(visitor):
    enter(visitor)
    for path in ("/", "/export/x", "/picture", "/login", "/team", "/broken-not"):
        headers = visitor.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert security.OF_DOCUMENTS.items() <= dict(headers).items()
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self' 'sha256-abc=' 'sha256-def=';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy


@pytest.mark.parametrize("path", ["/_dash-layout", STYLE, FONT, SCRIPT])
def test_what_no_browser_shows_as_a_document_is_only_not_to_be_taken_for_another(visitor, path):
    enter(visitor)
    with visitor.get(path) as answer:
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not {*security.OF_DOCUMENTS, "Content-Security-Policy"} & {*answer.headers.keys()}


@pytest.mark.parametrize("path", ["/_dash-layout", "/bootstrap/static/js/none.js"])
def test_what_is_answered_in_the_place_of_a_script_is_a_document(visitor, path):
    assert "Content-Security-Policy" in visitor.get(path).headers


def test_what_breaks_tells_a_reference_and_nothing_of_the_inside(visitor):
    enter(visitor)
    answer = visitor.get("/broken")
    assert answer.status_code == 500
    assert re.search(r"Reference <code>[0-9a-f]{8}</code>", answer.text)
    assert "ZeroDivision" not in answer.text
    assert "Traceback" not in answer.text


def test_a_body_too_large_is_refused(visitor):
    enter(visitor)
    headers = {"X-CSRFToken": token_of(visitor, "/")}
    answer = visitor.post("/login", data={"login": "x" * 3_000_000}, headers=headers)
    assert answer.status_code == 413


def test_the_login_page_speaks_chinese_and_follows_the_theme(visitor):
    visitor.set_cookie("lang", "zh")
    visitor.set_cookie("theme", "dark")
    assert '<html lang="zh-CN" data-bs-theme="dark">' in visitor.get("/login").text


def test_an_idle_session_ends_and_a_poll_does_not_keep_it_alive(visitor, monkeypatch):
    began = sessions.now()

    def later(hours, path="/"):
        monkeypatch.setattr(sessions, "now", lambda: began + timedelta(hours=hours))
        monkeypatch.setattr(gate, "of_itself", lambda: path == "/_dash-layout")
        answer = visitor.get(path)
        answer.close()  # what is written after the answer is written now
        return answer.status_code

    enter(visitor)
    assert later(7) == 200
    assert later(14) == 200
    assert later(21, "/_dash-layout") == 200
    assert later(23, "/_dash-layout") == 401


def test_the_cookie_is_renewed_as_often_as_somebody_is_seen(visitor, monkeypatch):
    began = sessions.now()

    def renewed(minutes):
        monkeypatch.setattr(sessions, "now", lambda: began + timedelta(minutes=minutes))
        answer = visitor.get("/_dash-layout")
        answer.close()
        return any(line.startswith("aftercare=") for line in answer.headers.getlist("Set-Cookie"))

    enter(visitor)
    assert [renewed(minutes) for minutes in (0, 4, 6, 7, 10, 12)] == [False, False, True] * 2


def test_signing_out_ends_every_copy_of_the_cookie(visitor):
    enter(visitor)
    kept = visitor.get_cookie("aftercare").value
    visitor.post("/logout", data={"csrf_token": token_of(visitor, "/")})
    visitor.set_cookie("aftercare", kept)
    assert visitor.get("/_dash-layout").status_code == 401


def guess(visitor, times, login="wang"):
    return [enter(visitor, login, "wrong").status_code for _time in range(times)]


def test_guessing_is_slowed_down_and_says_for_how_long(visitor):
    assert guess(visitor, 11) == [401] * 10 + [429]
    answer = enter(visitor)
    assert answer.status_code == 429
    assert "Too many attempts. Try again in 15 minutes." in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 900


def test_an_unknown_login_is_slowed_down_alike(visitor):
    assert guess(visitor, 11, "nobody") == [401] * 10 + [429]


def test_the_victim_s_own_browser_gets_in_while_somebody_guesses_beside(server, visitor):
    enter(visitor)
    visitor.post("/logout", data={"csrf_token": token_of(visitor, "/")})
    stranger = server.test_client()
    assert guess(stranger, 12)[-1] == 429
    assert enter(visitor).status_code == 303


def test_a_forged_browser_is_a_stranger(visitor):
    visitor.set_cookie("aftercare_browser", "WyJ4IixbIndhbmciXV0.forged", path="/login")
    assert guess(visitor, 11)[-1] == 429


def test_a_password_of_a_megabyte_is_no_work(visitor, monkeypatch):
    def work(*_):
        raise AssertionError("it was hashed")

    monkeypatch.setattr(accounts, "_matches", work)
    assert enter(visitor, password="x" * 1_000_000).status_code == 401
