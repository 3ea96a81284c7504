"""Wall screens: a link works once, a key until it is revoked, and nobody else's are seen."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from data import screens
from data.commands import Conflict, Forbidden, NotFound, Refused
from data.commands.screens import add_screen, edit_screen, link_screen, renew_link, revoke_screen
from data.models import AdminEvent, ScreenToken
from data.person import RIGHTS, Person, Role
from data.screens import Standing
from tests.factories import at, store

NOW = at("2026-03-16T10:00")
LOOK = {"name": "Hall", "language": "zh", "opens": "09:00", "closes": "18:00"}


def added(session, **changed) -> int:
    return add_screen(session, **{"name": "Showroom", "secret": "link", "now": NOW} | changed)


def test_the_link_makes_one_browser_the_screen(session):
    home = store(session)
    number = added(session, store=home.code)
    link_screen(session, secret="link", key="mine", now=NOW)
    found = screens.screen(session, "mine")
    assert (found.id, found.name, found.store) == (number, "Showroom", home.code)
    assert found.person.stores == {home.id}
    with pytest.raises(NotFound, match="used up"):
        link_screen(session, secret="link", key="theirs", now=NOW)
    assert screens.screen(session, "theirs") is None


def test_a_screen_without_a_store_sees_all_and_may_nothing(session):
    added(session)
    link_screen(session, secret="link", key="mine", now=NOW)
    person = screens.screen(session, "mine").person
    assert person.stores is None
    assert person.role is Role.SCREEN
    assert RIGHTS[Role.SCREEN] == frozenset()


def test_the_same_browser_may_send_its_link_twice(session):
    added(session)
    link_screen(session, secret="link", key="mine", now=NOW)
    link_screen(session, secret="link", key="mine", now=NOW)
    assert screens.screen(session, "mine") is not None


def test_a_link_holds_a_day(session):
    added(session)
    day = timedelta(hours=24)
    assert screens.by_link(session, "link", now=NOW + day - timedelta(seconds=1)) == "Showroom"
    assert screens.by_link(session, "link", now=NOW + day) is None
    with pytest.raises(NotFound):
        link_screen(session, secret="link", key="mine", now=NOW + day)


def test_only_hashes_are_kept(session):
    added(session)
    link_screen(session, secret="link", key="mine", now=NOW)
    row = session.scalar(select(ScreenToken))
    assert row.token_hash == screens.hashed("mine")
    assert row.link_hash is None
    said = [entry.data for entry in session.scalars(select(AdminEvent))]
    assert not any(secret in str(said) for secret in ("'link'", "'mine'"))


def test_a_revoked_screen_is_none_and_its_new_link_is_none(session):
    number = added(session)
    link_screen(session, secret="link", key="mine", now=NOW)
    renew_link(session, screen_id=number, secret="again", now=NOW)
    revoke_screen(session, screen_id=number, now=NOW)
    assert screens.screen(session, "mine") is None
    assert screens.by_link(session, "again", now=NOW) is None
    with pytest.raises(NotFound):
        link_screen(session, secret="again", key="mine", now=NOW)
    with pytest.raises(Refused, match="revoked already"):
        revoke_screen(session, screen_id=number, now=NOW)
    with pytest.raises(Refused, match="add a new one"):
        renew_link(session, screen_id=number, secret="third", now=NOW)


def test_a_new_link_leaves_the_old_browser_until_it_is_opened(session):
    number = added(session)
    link_screen(session, secret="link", key="old", now=NOW)
    renew_link(session, screen_id=number, secret="again", now=NOW)
    assert screens.screen(session, "old") is not None
    link_screen(session, secret="again", key="new", now=NOW)
    assert screens.screen(session, "old") is None
    assert screens.screen(session, "new").id == number


def test_a_browser_that_was_another_screen_becomes_this_one(session):
    added(session)
    second = added(session, name="Workshop", secret="second")
    link_screen(session, secret="link", key="mine", now=NOW)
    link_screen(session, secret="second", key="mine", now=NOW)
    assert screens.screen(session, "mine").id == second


def test_the_list_says_how_each_stands(session):
    first, second, third = (added(session, name=name, secret=name) for name in "abc")
    link_screen(session, secret="b", key="mine", now=NOW)
    revoke_screen(session, screen_id=third, now=NOW)
    standing = {one.id: one.standing for one in screens.listed(session, now=NOW)}
    assert list(standing) == [second, first, third]
    assert standing == {
        first: Standing.LINK_OPEN,
        second: Standing.RUNNING,
        third: Standing.REVOKED,
    }
    later = screens.listed(session, now=NOW + timedelta(days=2))
    assert {one.id: one.standing for one in later}[first] == Standing.LINK_OVER


def test_a_change_starts_from_the_version_seen_and_is_logged(session):
    number = added(session)
    edit_screen(session, screen_id=number, version=1, now=NOW, **LOOK)
    row = session.get(ScreenToken, number)
    assert (row.name, row.language, row.opens, row.closes) == ("Hall", "zh", "09:00", "18:00")
    with pytest.raises(Conflict) as late:
        edit_screen(session, screen_id=number, version=1, now=NOW, **LOOK | {"name": "Late"})
    assert [entry.kind for entry in late.value.since] == ["screen_changed"]


def test_one_attempt_adds_one_screen_and_its_last_link_holds(session):
    session.info["key"] = "attempt"
    first = added(session, secret="lost")
    assert added(session, secret="shown") == first
    assert screens.by_link(session, "lost", now=NOW) is None
    assert screens.by_link(session, "shown", now=NOW) == "Showroom"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "  "}, "1 to 60 characters"),
        ({"name": "x" * 61}, "1 to 60 characters"),
        ({"name": "a\nb"}, "1 to 60 characters"),
        ({"language": "fr"}, "not 'fr'"),
        ({"opens": "8"}, "'8' is no time"),
        ({"closes": "24:00"}, "'24:00' is no time"),
        ({"store": "nowhere"}, "There is no store nowhere"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(session, wrong, words):
    with pytest.raises(Refused, match=words):
        added(session, **wrong)


def test_who_sees_one_store_looks_after_its_screens_alone(session):
    home, other = store(session), store(session, "S2")
    theirs = added(session, store=other.code)
    session.info["person"] = Person(
        login="li", name="Li", role=Role.ADMIN, stores=frozenset({home.id})
    )
    mine = added(session, store=home.code, secret="mine")
    assert [one.id for one in screens.listed(session, now=NOW)] == [mine]
    with pytest.raises(NotFound):
        revoke_screen(session, screen_id=theirs, now=NOW)
    with pytest.raises(NotFound):
        added(session, store=other.code, secret="x")
    with pytest.raises(Forbidden):
        added(session, secret="all")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_administrators_look_after_screens(session, role):
    number = added(session)
    session.info["person"] = Person(login="x", name="X", role=role, stores=None)
    with pytest.raises(Forbidden):
        added(session, secret="y")
    with pytest.raises(Forbidden):
        revoke_screen(session, screen_id=number, now=NOW)
    with pytest.raises(Forbidden):
        link_screen(session, secret="link", key="mine", now=NOW)
