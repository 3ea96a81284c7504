"""The forms of an improvement action, sent with plain values."""

from collections import defaultdict

import pytest
from sqlalchemy import select

from callbacks import clock, improvements
from callbacks.saving import Sent
from data.commands import NotFound, Refused
from data.models import Improvement
from data.person import Role
from tests.factories import account, at, complaint, employee, store

NOW = at("2026-03-10T14:00")


class House:
    """A store, its manager at the screen, and somebody who does things."""

    def __init__(self, session):
        self.session, self.store = session, store(session)
        self.boss = account(session, Role.MANAGER, self.store)
        self.owner = employee(session, self.store, "Wang", role="manager")
        session.info.update(person=self.boss, key=None, spent=set())

    def send(self, form, action=None, **typed):
        said = defaultdict(str, {name: str(value) for name, value in typed.items()})
        return improvements._write(
            self.session,
            Sent(
                form=form,
                typed=said,
                record=action and action.id,
                version=action.version if action else 0,
                person=self.boss,
                now=NOW,
            ),
        )

    def open(self, **more):
        plain = {"title": "Board at the gate", "owner": self.owner.id, "due_on": "2026-03-20"}
        plain |= {"kind": "corrective", "aim": "category:late_delivery"}
        done = self.send("open", **plain | more)
        latest = select(Improvement).order_by(Improvement.id.desc())
        return done, self.session.scalars(latest).first()


@pytest.fixture
def house(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return House(session)


@pytest.mark.parametrize("form", ["start", "finish", "verify", "edit", "note", "open"])
def test_a_form_that_is_about_no_complaint_names_none(house, form):
    _, action = house.open()
    with pytest.raises(NotFound, match="no such form"):
        house.send(f"{form}.5", action)


def test_an_action_is_opened_where_its_owner_works_and_one_goes_there(house):
    done, action = house.open()
    assert done.href == f"/actions/{action.number}?store=S1"
    assert (action.store_id, action.owner_id) == (house.store.id, house.owner.id)
    assert action.category_id is not None


def test_the_ticked_complaints_are_linked(house):
    one = complaint(house.session, house.store, "2026-03-01T10:00")
    _done, action = house.open(complaints=str(one.id))
    found = improvements.actions.by_id(house.session, action.id, as_of=NOW)
    assert [each.complaint.id for each in found.linked] == [one.id]


@pytest.mark.parametrize(
    ("aim", "category", "reason", "dimension"),
    [
        ("category:late_delivery", True, None, None),
        ("reason:waiting", False, "waiting", None),
        ("none", False, None, None),
        ("", False, None, None),
    ],
)
def test_it_is_aimed_at_one_thing_or_at_nothing(house, aim, category, reason, dimension):
    _done, action = house.open(aim=aim)
    assert bool(action.category_id) is category
    assert (action.churn_reason, action.dimension) == (reason, dimension)


def test_anybody_is_nobody_in_particular(house):
    _done, action = house.open(adviser="0", technician="0")
    assert (action.adviser_id, action.technician_id) == (None, None)


def test_an_aim_that_nobody_offers_is_refused(house):
    with pytest.raises(Refused):
        house.open(aim="category:no_such_thing")


@pytest.mark.parametrize("owner", ["", "0", "999999", "x"])
def test_without_an_owner_nothing_is_opened(house, owner):
    with pytest.raises(Refused, match="Choose who does it"):
        house.open(owner=owner)


def test_a_complaint_is_linked_by_its_number(house):
    _done, action = house.open()
    one = complaint(house.session, house.store, "2026-03-01T10:00")
    house.send("link", action, number=f" {one.number} ")
    found = improvements.actions.by_id(house.session, action.id, as_of=NOW)
    assert [each.complaint.number for each in found.linked] == [one.number]
    with pytest.raises(Refused, match="There is no complaint C-nowhere"):
        house.send("link", action, number="C-nowhere")


def test_a_button_beside_a_complaint_is_about_that_one(house):
    one = complaint(house.session, house.store, "2026-03-01T10:00")
    _done, action = house.open(complaints=str(one.id))
    house.send("finish", action)
    house.send(f"inform.{one.id}", action)
    found = improvements.actions.by_id(house.session, action.id, as_of=NOW)
    assert [each.informed_at for each in found.linked] == [NOW]


@pytest.mark.parametrize("form", ["", "open_improvement", "unlink", "inform", "delete.1", "x"])
def test_a_form_that_is_not_there_is_not_found(house, form):
    _done, action = house.open()
    with pytest.raises(NotFound):
        house.send(form, action)


def test_the_new_words_are_kept(house):
    _done, action = house.open()
    house.send("edit", action, title="Two boards", cause="No plan", kind="preventive", aim="none")
    assert (action.title, action.cause, action.kind) == ("Two boards", "No plan", "preventive")
    assert action.category_id is None


def test_a_training_keeps_who_and_whom(house):
    _done, action = house.open(kind="training", training_who="Wang", training_whom="All advisers")
    assert action.training == {"who": "Wang", "whom": "All advisers"}
