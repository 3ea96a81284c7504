"""The frame: what it says when something goes wrong, and which pages it offers."""

from datetime import UTC, datetime

import pytest
from werkzeug.exceptions import Unauthorized

from dashboard import shell
from dashboard.words import KINDS, WORDS
from data import models
from data.clock import Unit
from data.commands import Conflict, Forbidden, NotFound, Refused
from data.commands.calendars import WEEKDAYS
from data.commands.rules import WITHIN
from data.guard import OutsideScope
from data.models import Event, FollowupState
from data.moves import CHURN_MOVES, COMPLAINT_MOVES, FOLLOWUP_MOVES, OWED
from data.norms import BOUNDS


@pytest.fixture
def told(monkeypatch):
    """What the person at the screen was told."""
    heard = []
    monkeypatch.setattr(shell, "set_props", lambda _id, props: heard.append(props))
    return heard


def words(props):
    return str(props["children"])


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Refused("A pause lasts at most {days} days.", days=9), "A pause lasts at most 9 days."),
        (Forbidden("Your role does not allow this."), "Your role does not allow this."),
        (NotFound("There is no store {code}.", code="S9"), "There is no such record"),
        (OutsideScope("store 7"), "There is no such record"),
    ],
)
def test_a_refusal_is_explained_in_its_own_words(told, error, sentence):
    shell.explain(error)
    assert sentence in words(told[0])
    assert "notice-warn" in told[0]["className"]


def test_a_refusal_names_states_in_the_words_of_the_screen(told):
    gaps = {"state": FollowupState.INVALID_NUMBER, "allowed": list(OWED)}
    shell.explain(Refused("It is {state}, not {allowed}.", **gaps))
    assert "It is Invalid number, not Planned, Being tried." in words(told[0])


NAMED = {  # what is no enumeration of the tables
    "Figure": {*WITHIN, *(figure for bounds in BOUNDS.values() for figure in bounds)},
    "Unit": Unit,
    "Weekday": WEEKDAYS,
}


@pytest.mark.parametrize("name", KINDS)
def test_every_code_that_a_refusal_may_name_has_its_word(name):
    codes = NAMED.get(name) or getattr(models, name)
    assert {*codes} <= WORDS[KINDS[name]].keys()


@pytest.mark.parametrize(
    "move", [*COMPLAINT_MOVES.values(), *FOLLOWUP_MOVES.values(), *CHURN_MOVES.values()]
)
def test_the_states_a_move_is_possible_in_have_their_words(move):
    assert {type(state).__name__ for state in move.states} <= KINDS.keys()


def test_a_conflict_names_who_saved_meanwhile(told):
    at = datetime(2026, 3, 16, tzinfo=UTC)
    shell.explain(Conflict([Event(actor="li", at=at, kind="assigned")], version=2))
    assert "li" in words(told[0])


def test_a_fault_of_ours_tells_nothing_of_the_inside(told):
    shell.explain(ValueError("SELECT secret FROM app_user"))
    assert "The reference is" in words(told[0])
    assert "secret" not in words(told[0])


@pytest.mark.parametrize("error", [ValueError("SELECT secret"), NotFound("gone"), OSError(28, "")])
def test_what_fails_after_a_save_does_not_unsay_it(told, error):
    with pytest.raises(shell.Undrawn) as failure, shell.drawing():
        raise error
    shell.explain(failure.value)
    assert words(told[0]).count("Saved; but the page could not be drawn: reload it.") == 1
    assert "The reference is" in words(told[0])
    assert "notice-warn" in told[0]["className"]


def test_who_is_signed_out_meanwhile_is_told_so(told):
    with pytest.raises(Unauthorized), shell.drawing():
        raise Unauthorized
    assert told == []


def test_a_message_that_needs_reading_stays(told):
    shell.notify("Saved.")
    shell.notify("Broken.", "bad")
    assert told[0]["duration"] is not None
    assert told[1]["duration"] is None


def test_signed_out_is_not_explained_away(told):
    with pytest.raises(Unauthorized):
        shell.explain(Unauthorized())
    assert told == []
