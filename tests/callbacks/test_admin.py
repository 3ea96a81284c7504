"""The forms of the administration: each is served, and what it shows is what it would save."""

from collections import defaultdict
from dataclasses import replace

import pytest
from dash import dcc
from dash.development.base_component import Component
from sqlalchemy import select

from callbacks.setting import WRITERS, Asked
from dashboard import forms
from data.commands import accounts as people
from data.commands import calendars as calendar_commands
from data.commands import targets as target_commands
from data.commands.screens import add_screen
from data.models import AdminEvent, FollowupRule
from data.person import SYSTEM
from data.scope import Scope
from pages.admin import calendars, categories, norms, policies, rules, screens, targets, user, users
from tests.factories import at, store

NOW = at("2026-03-16T10:00")
SCOPE = Scope(as_of=NOW, stores=(), start=None, end=None, zone="Asia/Shanghai")
PAGES = (targets, users, rules, policies, calendars, categories, norms, screens)


@pytest.fixture
def house(session):
    """A store, an account, a screen, a day that differs, and two targets of a metric."""
    store(session)
    who = {"login": "li", "name": "Li", "role": "manager", "password": "correct horse"}
    people.add_user(session, stores=["S1"], all_stores=False, at=NOW, **who)
    add_screen(session, name="Hall", secret="s" * 40, now=NOW)
    about = {"code": "china", "version": 1, "working": False, "reason": "盘点"}
    calendar_commands.set_day(session, day=at("2026-03-23T10:00").date(), now=NOW, **about)
    own = {"metric": "nps", "store": "S1", "value": 40.0, "valid_from": NOW.date()}
    target_commands.set_target(session, version=0, now=NOW, **own)
    house_wide = own | {"store": None, "value": 30.0}
    target_commands.set_target(session, version=0, now=NOW, **house_wide)
    return session


def parts(session):
    """Every component of every page."""
    bodies = [page.body(session, SYSTEM, SCOPE) for page in PAGES]
    bodies.append(user.body(session, SYSTEM, SCOPE, "li"))
    for body in bodies:
        for root in body:
            yield root
            yield from (part for _, part in root._traverse_with_paths())


def shown(session):
    """Each form by its name: what its fields hold, and the version it starts from."""
    fields, versions = defaultdict(list), {}
    for part in parts(session):
        id_ = getattr(part, "id", None) if isinstance(part, Component) else None
        kind = id_.get("type") if isinstance(id_, dict) else None
        if kind == "field":
            fields[id_["form"]].append((id_, part.value))
        elif kind == "admin-version":
            assert isinstance(part, dcc.Store)
            versions[id_["form"]] = part.data
    read = {name: forms.values(*zip(*held, strict=True)) for name, held in fields.items()}
    return {name: (read.get(name, defaultdict(str)), versions[name]) for name in versions}


def save(session, name, typed, version):
    page, act, key = (*name.split(".", 2), "")[:3]
    session.info.update(key=None)
    with session.begin_nested():
        asked = Asked(key, typed, version, NOW, NOW.date())
        return WRITERS[page, act](session, asked)


def test_every_form_is_served_and_every_write_has_its_form(house):
    house.scalars(select(FollowupRule).where(FollowupRule.code == "sale")).one().active = False
    named = {tuple(name.split(".")[:2]) for name in shown(house)}
    off = {("user", "open"), ("categories", "restore")}  # offered once something is out of use
    assert named == WRITERS.keys() - off


def test_a_form_saved_as_it_is_shown_changes_nothing(house):
    def log():
        kinds = select(AdminEvent.kind, AdminEvent.data).where(AdminEvent.kind != "norm_set")
        return house.execute(kinds.order_by(AdminEvent.id)).all()

    before = log()
    kept = {"set", "change", "week", "rename", "edit"}
    for name, (typed, version) in shown(house).items():
        page, act, *key = name.split(".")
        if act in kept and key and (page, act) != ("user", "password"):
            save(house, name, typed, version)
    assert log() == before


def test_the_norms_are_typed_as_they_are_kept(house):
    for name, (typed, version) in shown(house).items():
        if name.startswith("norms.set."):
            save(house, name, typed, version)
    said = house.scalars(select(AdminEvent).where(AdminEvent.kind == "norm_set")).all()
    assert len(said) == 10
    assert all(entry.data["from"] == entry.data["to"] for entry in said)


def test_a_target_is_typed_in_percent_and_kept_as_a_share(house):
    typed, version = shown(house)["targets.set"]
    typed |= {"metric": "csat_t2b", "value": "９２.５ %"}
    save(house, "targets.set", typed, version)
    kept = select(AdminEvent).where(AdminEvent.kind == "target_set").order_by(AdminEvent.id.desc())
    entry = house.scalars(kept).first()
    assert entry.data["to"] == {"value": 0.925, "direction": "up"}
    assert entry.data["store"] is None


def test_who_sees_one_store_is_offered_that_alone(house):
    person = replace(SYSTEM, stores=frozenset())
    body = users.body(house, person, SCOPE)
    texts = str(body)
    assert "All stores, also those to come" not in texts
    assert "All stores, also those to come" in str(users.body(house, SYSTEM, SCOPE))
