"""Accounts and stores: who may be added, who gets in, and what is logged about it."""

import pytest
from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy import select
from sqlalchemy.orm import Session

from data import accounts, defaults
from data.commands import Forbidden, NotFound, Refused
from data.commands.accounts import add_user, disable_user, set_password
from data.commands.stores import add_store
from data.models import AdminEvent, AppUser, Store
from data.person import Person, Role

PASSWORD = "correct horse"


@pytest.fixture
def stores(session: Session, now) -> Session:
    defaults.fill(session)
    for code in ("S1", "S2"):
        shanghai = {"group": None, "zone": "Asia/Shanghai", "calendar": "china"}
        add_store(session, code=code, name=f"Store {code}", at=now, **shanghai)
    return session


def somebody(session, now, **changed):
    wanted = {
        "login": "li",
        "name": "Li",
        "role": "manager",
        "password": PASSWORD,
        "stores": ["S1"],
        "all_stores": False,
    }
    return add_user(session, at=now, **wanted | changed)


def test_somebody_added_gets_in_with_role_and_stores(stores, now):
    somebody(stores, now)
    found = accounts.sign_in(stores, " LI ", PASSWORD)
    assert found is not None
    assert (found.person.login, found.person.role) == ("li", Role.MANAGER)
    first = stores.scalar(select(Store.id).where(Store.code == "S1"))
    assert found.person.stores == {first}


def test_all_stores_are_no_list_of_stores(stores, now):
    user = somebody(stores, now, stores=[], all_stores=True)
    found = accounts.account(stores, user.id)
    assert found is not None
    assert found.person.stores is None


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("li", "wrong password"),
        ("li", ""),
        ("nobody", PASSWORD),
        ("", ""),
        ("li", "x" * 1_000_000),
    ],
)
def test_nobody_else_gets_in(stores, now, login, password):
    somebody(stores, now)
    assert accounts.sign_in(stores, login, password) is None


def test_an_unknown_login_is_checked_against_a_hash_too(stores, monkeypatch):
    checked = []
    monkeypatch.setattr(accounts, "_matches", lambda known, _: bool(checked.append(known)))
    assert accounts.sign_in(stores, "nobody", PASSWORD) is None
    assert [known[:9] for known in checked] == ["$argon2id"]


def test_who_guesses_passwords_has_much_work_with_each(hasher):
    assert extract_parameters(hasher().hash(PASSWORD)) == RFC_9106_LOW_MEMORY


def test_the_password_itself_is_not_kept(stores, now):
    kept = somebody(stores, now).password_hash
    assert kept.startswith("$argon2id$")
    logged = stores.scalars(select(AdminEvent)).all()
    assert PASSWORD not in kept + str([event.data for event in logged])


def test_a_closed_account_does_not_get_in_and_its_sessions_end(stores, now):
    user = somebody(stores, now)
    disable_user(stores, login="li", at=now)
    assert accounts.sign_in(stores, "li", PASSWORD) is None
    assert accounts.account(stores, user.id) is None
    with pytest.raises(Refused, match="closed already"):
        disable_user(stores, login="li", at=now)


def test_a_new_password_takes_the_place_of_the_old_one(stores, now):
    somebody(stores, now)
    set_password(stores, login="li", password="another horse", at=now)
    assert accounts.sign_in(stores, "li", PASSWORD) is None
    assert accounts.sign_in(stores, "li", "another horse") is not None


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"login": "li wei"}, "1 to 40 letters"),
        ({"login": "system"}, "1 to 40 letters"),
        ({"role": "chief"}, "There is no role chief"),
        ({"role": "screen"}, "There is no role screen"),
        ({"password": "short"}, "10 to 1000 characters"),
        ({"stores": []}, "which stores"),
        ({"all_stores": True}, "which stores"),
        ({"stores": ["S1", "S9"]}, "There is no store S9"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(stores, now, changed, sentence):
    with pytest.raises(Refused, match=sentence):
        somebody(stores, now, **changed)
    assert stores.scalar(select(AppUser)) is None


def test_a_login_is_given_once(stores, now):
    somebody(stores, now)
    with pytest.raises(Refused, match="There is an account li already"):
        somebody(stores, now, login="LI")


def test_what_is_not_there_cannot_be_changed(stores, now):
    with pytest.raises(NotFound, match="no account li"):
        set_password(stores, login="li", password=PASSWORD, at=now)


def test_each_change_is_logged(stores, now):
    somebody(stores, now)
    set_password(stores, login="li", password="another horse", at=now)
    disable_user(stores, login="li", at=now)
    events = stores.scalars(select(AdminEvent).order_by(AdminEvent.id)).all()
    assert [(event.subject, event.kind) for event in events] == [
        ("store S1", "store_added"),
        ("store S2", "store_added"),
        ("user li", "user_added"),
        ("user li", "password_changed"),
        ("user li", "user_disabled"),
    ]
    assert {event.actor for event in events} == {"system"}
    assert events[2].data == {"role": "manager", "stores": ["S1"], "version": 0}


def test_only_administrators_may(stores, now):
    stores.info["person"] = Person(login="w", name="W", role=Role.MANAGER, stores=None)
    with pytest.raises(Forbidden):
        somebody(stores, now)
    with pytest.raises(Forbidden):
        add_store(stores, code="S3", name="", group=None, zone="UTC", calendar="china", at=now)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "S1"}, "There is a store S1 already"),
        ({"code": "S 3"}, "1 to 40 letters"),
        ({"zone": "Mars/Base"}, "no time zone Mars/Base"),
        ({"calendar": "moon"}, "no calendar moon"),
    ],
)
def test_a_store_that_makes_no_sense_is_refused(stores, now, changed, sentence):
    wanted = {"code": "S3", "name": "", "group": None, "zone": "UTC", "calendar": "china"}
    with pytest.raises(Refused, match=sentence):
        add_store(stores, at=now, **wanted | changed)


def test_accounts_are_listed_with_their_stores(stores, now):
    somebody(stores, now, stores=["S2", "S1"])
    somebody(stores, now, login="boss", role="principal", stores=[], all_stores=True)
    assert [(row.login, row.role, row.stores, row.active) for row in accounts.listed(stores)] == [
        ("boss", "principal", None, True),
        ("li", "manager", ("S1", "S2"), True),
    ]
    assert accounts.demo_logins(stores) == []
