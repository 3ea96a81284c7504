"""What a browser is told of a save that another was before, or that could not be drawn."""

import pytest
from sqlalchemy import func, select

from callbacks import clock, followups, review
from data import db
from data.models import Followup, FollowupState, Review, Store
from data.person import SYSTEM
from tests.conftest import NOW
from tests.torture.asking import Asker, bodies

WEEK = "2026-W02"  # nobody has begun its review


@pytest.fixture
def database(demo_in, tmp_path, monkeypatch):
    engine = db.connect(demo_in(tmp_path))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    yield
    engine.dispose()


@pytest.fixture
def press(application, database):
    """press(login, kind, form, typed, state): the answer to a click on the form's button."""
    every = bodies(application.callback_map).values()

    def press(login, kind, form, typed=(), **state):
        body = next(body for body in every if _pressed(body).get("type") == kind)
        button, values, names, attempt, *more = body["state"]
        of = {"form": form}
        fields = [{"type": "field", "name": name} | of for name in typed]
        told = zip(fields, dict(typed).values(), strict=True)
        return Asker(application.server, login).call(
            body
            | {
                "inputs": [{"id": {"type": kind} | of, "property": "n_clicks", "value": 1}],
                "state": [
                    button | {"id": {"type": kind} | of, "value": {"type": kind} | of},
                    [values[0] | {"id": field, "value": said} for field, said in told],
                    [names[0] | {"id": field, "value": field} for field in fields],
                    attempt | {"id": {"type": "attempt"} | of, "value": "an attempt"},
                    *(_filled(one, of, state) for one in more),
                ],
            }
        )

    return press


def _pressed(body):
    first = body["inputs"][0] if body["inputs"] else {}
    return first["id"] if isinstance(first, dict) and isinstance(first.get("id"), dict) else {}


def _filled(one, of, state):
    if isinstance(one["id"], dict):
        return one | {"id": one["id"] | of, "value": state["version"]}
    return one | {"value": state["version" if "version" in one["id"] else "record"]}


def fails(*_args, **_kwargs):
    raise RuntimeError("nothing can be drawn")


def reviews():
    """How many reviews of the first store there are, and how many of the week."""
    with db.reading(as_=SYSTEM) as session:
        mine = select(func.count()).select_from(Review).join(Store, Store.id == Review.store_id)
        mine = mine.where(Store.code == "S1")
        return session.scalar(mine), session.scalar(mine.where(Review.week == WEEK))


def test_a_conflict_is_shown_whatever_the_browser_says_has_changed(press):
    names = {"name": "Cars", "name_zh": "车辆"}
    answer = press(
        "admin", "admin-save", "categories.rename.vehicle", names, record=None, version=99
    )
    assert answer.status_code == 200
    version = '{"form":"categories.rename.vehicle","type":"admin-version"}'
    assert answer.json["sideUpdate"][version] == {"data": 1}


@pytest.mark.parametrize("week", ["2026-W０2", "2026-w02", " 2026-W02", "2026-W02\n"])
def test_a_week_written_otherwise_begins_no_second_review(press, week):
    before = reviews()
    answer = press("principal", "review-save", "begin", record=["S1", week], version=0)
    assert "There is no such record in your stores." in answer.text
    assert reviews() == before


def test_what_is_saved_and_cannot_be_drawn_is_said_to_be_saved(press, monkeypatch):
    whole, ours = reviews()
    monkeypatch.setattr(review, "of_store", fails)
    answer = press("principal", "review-save", "begin", record=["S1", WEEK], version=0)
    assert "Saved; but the page could not be drawn: reload it. The reference is" in answer.text
    assert "nothing was saved" not in answer.text
    assert (reviews(), ours) == ((whole + 1, 1), 0)


def test_so_is_a_call(application, database, monkeypatch):
    with db.reading(as_=SYSTEM) as session:
        due = select(Followup).where(Followup.state == FollowupState.DUE, Followup.store_id == 1)
        call = session.scalars(due).first()
    body = next(b for b in bodies(application.callback_map).values() if _of_a_call(b))
    sent = {"way": "missed", "typed": {"result": "no_answer"}, "attempt": "a try"}
    about = {"id": call.id, "number": call.number, "store": "S1"}
    body["inputs"][0]["value"] = sent
    body["state"][0]["value"], body["state"][1]["value"] = about, call.version
    monkeypatch.setattr(followups, "body", fails)
    answer = Asker(application.server, "manager1").call(body)
    assert "Saved; but the page could not be drawn" in answer.text
    with db.reading(as_=SYSTEM) as session:
        assert session.get_one(Followup, call.id).version > call.version


def _of_a_call(body):
    return isinstance(body["inputs"][0], dict) and body["inputs"][0]["id"] == followups.Call.SENT
