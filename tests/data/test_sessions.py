"""Sessions end when they should, and failed sign-ins slow down whoever guesses alone."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data import sessions, throttle
from data.commands.accounts import add_user, disable_user, enable_user, set_password
from data.models import LoginSession, LoginTry

PASSWORD = "correct horse"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def user(session, now):
    person = {"login": "li", "name": "Li", "role": "manager", "stores": (), "all_stores": True}
    return add_user(session, **person, password=PASSWORD, at=now)


@pytest.fixture
def key(session, user, now):
    made = sessions.begin(session, user.id, now=now)
    session.flush()
    return made


def who(session, key, now):
    found = sessions.find(session, key, now=now)
    return found[0].person.login if found else None


def test_a_key_stands_for_a_person_and_is_not_kept_itself(session, key, now):
    assert who(session, key, now) == "li"
    assert key not in session.scalars(select(LoginSession.key_hash)).all()
    for forged in (key[:-1], key + "x", "", "\ud800"):
        assert who(session, forged, now) is None


def test_each_session_has_its_own_key_and_ends_alone(session, user, key, now):
    other = sessions.begin(session, user.id, now=now)
    sessions.end(session, key, now=now)
    assert (who(session, key, now), who(session, other, now)) == (None, "li")


def test_it_ends_when_nobody_did_anything_for_eight_hours(session, key, now):
    assert who(session, key, now + 8 * HOUR - MINUTE) == "li"
    assert who(session, key, now + 8 * HOUR) is None
    sessions.touch(session, key, now=now + 7 * HOUR)
    assert who(session, key, now + 14 * HOUR) == "li"


def test_one_that_is_over_does_not_begin_again(session, key, now):
    sessions.touch(session, key, now=now + 9 * HOUR)
    assert who(session, key, now + 9 * HOUR) is None


def test_a_new_password_and_a_closed_account_end_them_for_good(session, user, now):
    def ended(does):
        key = sessions.begin(session, user.id, now=now)
        does()
        return who(session, key, now) is None

    assert ended(lambda: set_password(session, login="li", password="another horse", at=now))
    key = sessions.begin(session, user.id, now=now)
    disable_user(session, login="li", at=now)
    enable_user(session, login="li", at=now)
    assert who(session, key, now) is None


def test_what_is_long_over_is_forgotten(session, key, now):
    sessions.sweep(session, now=now + timedelta(days=29))
    assert session.scalar(select(func.count(LoginSession.id))) == 1
    sessions.sweep(session, now=now + timedelta(days=31))
    assert session.scalar(select(func.count(LoginSession.id))) == 0


def fail(session, times, login, address, now, browser=None):
    keys = throttle.keys(login, address, browser)
    for _time in range(times):
        throttle.failed(session, keys, now=now)


def waits(session, login, address, now, browser=None):
    return throttle.wait(session, throttle.keys(login, address, browser), now=now)


def test_after_ten_failures_one_waits_and_then_may_try_again(session, now):
    fail(session, 9, "li", "10.0.0.1", now)
    assert waits(session, "li", "10.0.0.1", now) is None
    fail(session, 1, " LI ", "10.0.0.1", now + MINUTE)
    assert waits(session, "li", "10.0.0.1", now + 5 * MINUTE) == 10 * MINUTE
    assert waits(session, "li", "10.0.0.1", now + 15 * MINUTE) is None
    fail(session, 1, "li", "10.0.0.1", now + 16 * MINUTE)
    assert waits(session, "li", "10.0.0.1", now + 16 * MINUTE) is None


def test_whoever_guesses_locks_out_nobody_else(session, now):
    fail(session, 40, "li", "10.0.0.1", now)
    assert waits(session, "li", "10.0.0.1", now) is not None
    assert waits(session, "li", "10.0.0.2", now) is None
    assert waits(session, "wang", "10.0.0.1", now) is None


def test_many_addresses_guess_at_one_login_no_faster_and_a_known_browser_gets_in(session, now):
    for number in range(25):
        fail(session, 2, "li", f"10.0.0.{number}", now)
    assert waits(session, "li", "10.0.1.1", now) is not None
    assert waits(session, "li", "10.0.0.1", now, browser="a desk of ours") is None


def test_one_address_guesses_at_many_logins_no_faster(session, now):
    for number in range(100):
        fail(session, 1, f"user{number}", "10.0.0.1", now)
    assert waits(session, "somebody", "10.0.0.1", now) is not None
    assert waits(session, "somebody", "10.0.0.2", now) is None


def test_a_known_browser_guesses_no_faster_either(session, now):
    fail(session, 10, "li", "10.0.0.1", now, browser="a desk of ours")
    assert waits(session, "li", "10.0.0.1", now, browser="a desk of ours") is not None


def test_getting_in_forgives_one_s_own_failures_alone(session, now):
    fail(session, 50, "li", "10.0.0.1", now)
    throttle.forgive(session, throttle.keys("li", "10.0.0.1", None))
    assert waits(session, "li", "10.0.0.1", now) is not None  # fifty at this login, from anywhere
    fail(session, 10, "wang", "10.0.0.1", now)
    throttle.forgive(session, throttle.keys("wang", "10.0.0.1", None))
    assert waits(session, "wang", "10.0.0.1", now) is None


def test_no_name_and_no_address_is_kept(session, now):
    fail(session, 1, "li", "10.0.0.1", now, browser="desk")
    fail(session, 1, "li", "10.0.0.1", now)
    kept = session.scalars(select(LoginTry.key)).all()
    assert [len(key) for key in kept] == [64] * 4
    throttle.sweep(session, now=now + 16 * MINUTE)
    assert session.scalars(select(LoginTry.key)).all() == []
