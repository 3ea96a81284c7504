"""The verbs about wall screens: a link shown once, the list, and the end of one."""

import os
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from dashboard.__main__ import cli
from data import db, screens
from data.installing import open_database
from data.person import SYSTEM
from tests import factories


@pytest.fixture(autouse=True)
def place(monkeypatch, tmp_path):
    """An environment of the test's own, with a database of one store."""
    for name in os.environ:
        if name.startswith("AFTERCARE_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    url = f"sqlite:///{tmp_path / 'screens.db'}"
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", url)
    engine = open_database(url)
    with db.writing(by=SYSTEM) as session:
        factories.store(session)
    yield
    engine.dispose()


def said(*words, code=0):
    """What the verb prints; its exit code is checked."""
    result = CliRunner().invoke(cli, ["screen", *words])
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


def named(link):
    """The name of the screen that `link` makes."""
    address = urlsplit(link)
    assert address.path == "/wall/link"
    url = os.environ["AFTERCARE_DATABASE_URL"]
    engine = db.connect(url)
    with db.reading(as_=SYSTEM) as session:
        found = screens.by_link(session, parse_qs(address.query)["once"][0], now=datetime.now(UTC))
    engine.dispose()
    return found


def test_a_screen_is_added_with_a_link_that_is_shown_once():
    link = said("add", "Hall").split()[-1]
    assert named(link) == "Hall"
    assert link not in said("list")


def test_the_list_says_what_each_shows_and_how_it_stands():
    hours = ("--opens", "09:00", "--closes", "18:30")
    said("add", "Hall", "--store", "S1", "--language", "zh", *hours)
    said("add", "Office")
    assert said("list").splitlines() == [
        "2\tOffice\tall stores\tboth\t08:00-20:00\tlink_open",
        "1\tHall\tS1\tzh\t09:00-18:30\tlink_open",
    ]


def test_a_revoked_screen_stays_in_the_list_and_its_link_is_none():
    link = said("add", "Hall").split()[-1]
    assert said("revoke", "1") == "Revoked the screen 1.\n"
    assert said("list").endswith("revoked\n")
    assert named(link) is None


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", "Hall", "--store", "S9"), "There is no store S9."),
        (("add", "Hall", "--opens", "8"), "'8' is no time of day such as 08:00."),
        (("add", " "), "A screen has a name of 1 to 60 characters."),
        (("revoke", "7"), "There is no such screen in your stores."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(words, why):
    assert said(*words, code=1) == f"Error: {why}\n"


def test_a_language_it_does_not_speak_is_wrong_usage():
    assert "'fr' is not one of" in said("add", "Hall", "--language", "fr", code=2)
