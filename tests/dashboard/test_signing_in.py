"""Signing in at the house's provider: a small one that signs real tokens, and what is refused."""

import time
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from shutil import copy
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import pytest
from authlib.common.encoding import to_unicode, urlsafe_b64encode
from flask import Flask, jsonify, request
from flask_bootstrap import Bootstrap5
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from sqlalchemy import select
from werkzeug.serving import make_server

from dashboard import i18n, log, oidc, security
from dashboard.doors import SIGNED_IN, open_to
from dashboard.settings import Settings
from data import db, defaults
from data.commands.accounts import add_user, disable_user
from data.migrations import upgrade
from data.models import AdminEvent, AppUser
from data.person import SYSTEM

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
KEY = RSAKey.generate_key(2048, {"kid": "one"})
SECRET = "t" * 40
OTHERS_KEY = RSAKey.generate_key(2048, {"kid": "one"})


class Provider:
    """A provider whose next answer a test may spoil."""

    def __init__(self, address):
        self.address, self.asked = address, {}
        self.claims, self.key, self.algorithm = {}, KEY, "RS256"

    def describes_itself(self):
        ways = {"authorization": "/go", "token": "/token"}
        said = {f"{name}_endpoint": self.address + path for name, path in ways.items()}
        said["id_token_signing_alg_values_supported"] = ["RS256", "HS256", "none"]
        return jsonify(issuer=self.address, jwks_uri=f"{self.address}/keys", **said)

    def keys(self):
        return jsonify(KeySet([KEY]).as_dict(private=False))

    def token(self):
        proof = urlsafe_b64encode(sha256(request.form["code_verifier"].encode()).digest())
        if to_unicode(proof) != self.asked["code_challenge"]:
            return jsonify(error="invalid_grant"), 400
        at = int(time.time())
        said = {"iss": self.address, "aud": "us", "sub": "77", "iat": at, "exp": at + 60}
        said |= {"nonce": self.asked["nonce"], "preferred_username": "wang"} | self.claims
        header = {"alg": self.algorithm, "kid": "one"}
        told = jwt.encode(header, said, self.key, algorithms=[self.algorithm])
        return jsonify(access_token="a", token_type="Bearer", id_token=told)


@contextmanager
def served(made):
    """A provider on a port of its own."""
    server = make_server("127.0.0.1", 0, made, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def running():
    made = Flask("provider")
    with served(made) as address:
        found = Provider(address)
        made.add_url_rule("/.well-known/openid-configuration", view_func=found.describes_itself)
        made.add_url_rule("/keys", view_func=found.keys)
        made.add_url_rule("/token", view_func=found.token, methods=["POST"])
        yield found


@pytest.fixture
def provider(running):
    running.claims, running.key, running.algorithm = {}, KEY, "RS256"
    return running


def house(issuer):
    made = Flask("dashboard")
    Bootstrap5(made)
    i18n.init(made, None)
    log.init(made)
    ours = {"oidc_issuer": issuer, "oidc_client_id": "us", "oidc_client_secret": SECRET}
    settings = Settings(secret_key="s" * 32, **(ours if issuer else {}))
    security.init(made, settings)
    oidc.init(made, settings)
    for path in ("/", "/<path:path>"):
        made.add_url_rule(path, path, open_to(SIGNED_IN)(who))
    return made


def who(path=""):
    return security.current_person().login


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A database file with two accounts."""
    file = tmp_path_factory.mktemp("signing") / "prepared.db"
    engine = db.connect(f"sqlite:///{file}")
    upgrade(engine)
    with db.writing(by=SYSTEM) as session:
        defaults.fill(session)
        for login in ("wang", "li@example.com"):
            person = {"login": login, "name": login, "role": "manager", "stores": []}
            add_user(session, **person, password="correct horse", all_stores=True, at=NOW)
    engine.dispose()
    return file


@pytest.fixture
def visitor(provider, prepared, tmp_path):
    engine = db.connect(f"sqlite:///{copy(prepared, tmp_path)}")
    yield house(provider.address).test_client()
    engine.dispose()


def leave(visitor, provider, wanted="/"):
    """Go to the provider; what it is asked."""
    there = visitor.get("/login/oidc", query_string={"next": wanted}).location
    provider.asked = dict(parse_qsl(urlsplit(there).query))
    return provider.asked


def come_back(visitor, **changed):
    return visitor.get("/login/oidc/callback", query_string={"code": "c", **changed})


def sign_in(visitor, provider, wanted="/", **claims):
    provider.claims = claims
    asked = leave(visitor, provider, wanted)
    return come_back(visitor, state=asked["state"])


def signed_in_as(visitor):
    found = visitor.get("/")
    return found.text if found.status_code == 200 else None


def test_who_is_known_there_gets_in_and_reaches_the_page_they_wanted(visitor, provider):
    answer = sign_in(visitor, provider, "/complaints")
    assert visitor.get(answer.location).location == "/complaints"
    assert signed_in_as(visitor) == "wang"


def test_the_way_there_carries_state_nonce_and_a_hashed_verifier(visitor, provider):
    asked = leave(visitor, provider)
    assert asked["code_challenge_method"] == "S256"
    assert asked["state"]
    assert asked["nonce"]


def test_the_first_time_binds_the_account_and_is_logged_once(visitor, provider):
    sign_in(visitor, provider)
    visitor.delete_cookie("aftercare")
    sign_in(visitor, provider, preferred_username="renamed")
    assert signed_in_as(visitor) == "wang"
    with db.reading(as_=SYSTEM) as session:
        query = select(AdminEvent.subject).where(AdminEvent.kind == "user_bound")
        assert session.scalars(query).all() == ["user wang"]


def test_an_account_that_is_somebody_s_is_not_given_to_another(visitor, provider):
    sign_in(visitor, provider)
    visitor.delete_cookie("aftercare")
    assert sign_in(visitor, provider, sub="78").status_code == 403
    assert signed_in_as(visitor) is None


@pytest.mark.parametrize(("proved", "who"), [(True, "li@example.com"), (False, None)])
def test_an_address_counts_only_if_it_is_proved(visitor, provider, proved, who):
    claims = {"email": "li@example.com", "email_verified": proved}
    sign_in(visitor, provider, preferred_username="nobody", **claims)
    assert signed_in_as(visitor) == who


def test_who_has_no_account_is_told_so(visitor, provider):
    answer = sign_in(visitor, provider, preferred_username="nobody")
    assert answer.status_code == 403
    assert "You have no account here" in answer.text


def test_a_closed_account_stays_closed(visitor, provider):
    with db.writing(by=SYSTEM) as session:
        disable_user(session, login="wang", at=NOW)
    assert sign_in(visitor, provider).status_code == 403
    with db.reading(as_=SYSTEM) as session:
        assert not session.scalars(select(AppUser.subject).where(AppUser.login == "wang")).one()


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"exp": 1},
    ],
)
def test_a_token_that_was_not_meant_for_us_now_is_refused(visitor, provider, claims):
    assert sign_in(visitor, provider, **claims).status_code == 401
    assert signed_in_as(visitor) is None


@pytest.mark.parametrize(
    ("key", "algorithm"), [(OTHERS_KEY, "RS256"), (OctKey.import_key(SECRET), "HS256")]
)
def test_a_token_that_another_signed_is_refused(visitor, provider, key, algorithm):
    provider.key, provider.algorithm = key, algorithm
    assert sign_in(visitor, provider).status_code == 401
    assert signed_in_as(visitor) is None


def test_a_state_that_is_not_this_browser_s_is_refused(visitor, provider):
    leave(visitor, provider)
    assert come_back(visitor, state="another").status_code == 401
    assert signed_in_as(visitor) is None


def test_an_answer_is_good_once(visitor, provider):
    state = leave(visitor, provider)["state"]
    come_back(visitor, state=state)
    visitor.delete_cookie("aftercare")
    assert come_back(visitor, state=state).status_code == 401


def test_nobody_is_signed_out_or_replaced_by_a_link(visitor, provider):
    sign_in(visitor, provider)
    come_back(visitor, state="another")
    visitor.get("/login/oidc")
    assert signed_in_as(visitor) == "wang"


def test_a_provider_that_does_not_answer_or_refuses_is_told(visitor, provider):
    asked = leave(visitor, provider)
    answer = come_back(visitor, state=asked["state"], error="access_denied")
    assert answer.status_code == 401
    assert house("http://127.0.0.1:9").test_client().get("/login/oidc").status_code == 401


def test_a_provider_of_another_name_is_not_believed(visitor, provider):
    other = provider.address.replace("127.0.0.1", "localhost")
    assert house(other).test_client().get("/login/oidc").status_code == 401


def test_one_stays_on_this_site_afterwards(visitor, provider):
    answer = sign_in(visitor, provider, "//evil.example")
    assert visitor.get(answer.location).location == "/"


def test_the_way_is_shown_only_where_there_is_one(visitor):
    assert "/login/oidc" in visitor.get("/login").text
    without = house(None).test_client()
    assert "/login/oidc" not in without.get("/login").text
    assert without.get("/login/oidc").status_code == 302  # an address like any other
