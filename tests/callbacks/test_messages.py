"""The buttons of the messages page, called with plain values."""

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from dash import no_update
from sqlalchemy import select

from callbacks import clock, messages, saving
from data import db, outbox
from data.commands import Forbidden, NotFound, Refused
from data.models import Message, MessageChannel, Subscription
from data.person import Person, Role
from data.scope import Scope
from tests.factories import store

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
FIELDS = ("address", "store", "report", "language", "format")


@pytest.fixture
def page(session, monkeypatch):
    """The session that the callbacks write in, as an administrator of one store; what was said."""
    dealer = store(session)
    session.info["person"] = admin(dealer.id)
    said = []

    @contextmanager
    def inside(*_args, key=None, **_kwargs):
        session.info["key"] = key
        yield session
        session.flush()
        session.expire_all()

    monkeypatch.setattr(db, "writing", inside)
    monkeypatch.setattr(db, "reading", inside)
    monkeypatch.setattr(saving.sessions, "current_person", lambda: admin(dealer.id))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "scope", lambda search: Scope(as_of=NOW))
    monkeypatch.setattr(messages.ways, "ready", lambda: [MessageChannel.MAIL])
    monkeypatch.setattr(saving.shell, "notify", said.append)
    monkeypatch.setattr(messages, "set_props", lambda *_: None)
    monkeypatch.setattr(messages, "edition", lambda: "1")
    return session, dealer, said


def admin(*stores):
    return Person(login="root", name="Root", role=Role.ADMIN, stores=frozenset(stores))


def click(form, typed=(), attempt="a1"):
    fields = [{"name": name} for name in FIELDS[: len(typed)]]
    return messages.save(1, {"form": form}, typed, fields, attempt, None, None)


def order(**more):
    plain = {"address": "boss@example.com", "store": "S1", "report": "weekly"}
    said = plain | {"language": "zh", "format": "docx"} | more
    return click("order", [said[name] for name in FIELDS])


def stuck(session, dealer):
    """A message that was given up; its id."""
    plain = {"channel": MessageChannel.WEBHOOK, "kind": "complaint_due", "data": {"number": "C1"}}
    outbox.put(session, store_id=dealer.id, key="k", now=NOW, **plain)
    id_ = session.scalars(select(Message.id)).one()
    letter = outbox.claim(session, id_, now=NOW)
    outbox.failed(session, letter, now=NOW, trouble="refused 404", final=True)
    session.expire_all()
    return id_


def test_before_a_click_nothing_happens(page):
    assert messages.save(None, {"form": "order"}, [], [], "a1", None, None) is no_update


def test_an_order_is_written_and_stands_on_the_page(page):
    session, _dealer, said = page
    assert "boss@example.com" in str(order())
    assert session.scalars(select(Subscription)).one().active
    assert said == ["boss@example.com gets the report from now on."]


def test_an_end_names_the_version_it_saw(page):
    session, *_ = page
    order()
    row = session.scalars(select(Subscription)).one()
    with pytest.raises(Refused, match="in the meantime"):
        click(f"end-{row.id}-{row.version + 1}", attempt="a2")
    assert "boss@example.com" not in str(click(f"end-{row.id}-{row.version}", attempt="a2"))
    assert not session.scalars(select(Subscription)).one().active


def test_a_stuck_message_is_shown_with_its_trouble_and_sent_again(page):
    session, dealer, _said = page
    id_ = stuck(session, dealer)
    assert "The other side refused it (404)" in str(order())
    assert "refused" not in str(click(f"again-{id_}-0", attempt="a2"))
    assert outbox.due(session, now=NOW, channels=["webhook"], most=9) == [(id_, "webhook")]


@pytest.mark.parametrize("form", ["drop-1-1", "", "again", "end-x-y", "again-99-0"])
def test_a_button_we_never_drew_is_refused(page, form):
    with pytest.raises(NotFound):
        click(form)


def test_who_is_no_administrator_is_refused_whatever_the_page_shows(page):
    session, dealer, _said = page
    seen = frozenset({dealer.id})
    session.info["person"] = Person(login="m", name="M", role=Role.MANAGER, stores=seen)
    with pytest.raises(Forbidden):
        order()


def test_the_same_click_again_is_one_order_and_other_words_are_another(page):
    session, *_ = page
    for address in ("boss@example.com", "boss@example.com", "chief@example.com"):
        order(address=address)  # all of them sent as one attempt
    orders = select(Subscription.address).order_by(Subscription.id)
    assert session.scalars(orders).all() == ["boss@example.com", "chief@example.com"]
