"""What may be done to a complaint, a call, a churn case or an action: by whom, in which state.

And what the history calls it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from data.models import ChurnState, FollowupState
from data.models import ComplaintState as State
from data.models import ImprovementState as Action
from data.person import Person, Right

UNSOLVED = (State.NEW, State.REPLIED, State.IN_PROGRESS, State.WAITING_CUSTOMER)
ANSWERED = (State.REPLIED, State.IN_PROGRESS, State.WAITING_CUSTOMER)
SOLVED = (State.RESOLVED, State.RECONTACTED, State.CLOSED)
ANY = tuple(State)
OWED = (FollowupState.PLANNED, FollowupState.DUE)
AWAY = (
    ChurnState.SELECTED,
    ChurnState.ANALYSED,
    ChurnState.ASKED,
    ChurnState.COUNTED,
    ChurnState.ACTED_ON,
)

UNDONE = (Action.OPEN, Action.IN_PROGRESS, Action.NOT_EFFECTIVE)


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that may be done to a record. A quiet one changes no figure."""

    right: Right
    states: tuple[StrEnum, ...]
    event: str
    quiet: bool = False


COMPLAINT_MOVES = {
    "reply": Move(Right.WORK_CASES, (State.NEW,), "replied"),
    "assign": Move(Right.ASSIGN, UNSOLVED, "assigned"),
    "resolve": Move(Right.WORK_CASES, ANSWERED, "resolved"),
    "interim": Move(Right.WORK_CASES, ANSWERED, "interim"),
    "pause": Move(Right.WORK_CASES, (State.REPLIED, State.IN_PROGRESS), "paused"),
    "resume": Move(Right.WORK_CASES, (State.WAITING_CUSTOMER,), "resumed"),
    "recontact": Move(Right.WORK_CASES, (State.RESOLVED,), "recontacted"),
    "close": Move(Right.ASSIGN, (State.RESOLVED, State.RECONTACTED), "closed"),
    "reopen": Move(Right.ASSIGN, SOLVED, "reopened"),
    "change_severity": Move(Right.ASSIGN, UNSOLVED, "severity_changed"),
    "classify": Move(Right.CLASSIFY, ANY, "classified"),
    "promise": Move(Right.WORK_CASES, ANY, "promised", quiet=True),
    "keep_promise": Move(Right.WORK_CASES, ANY, "promise_kept", quiet=True),
    "explain_promise": Move(Right.WORK_CASES, ANY, "promise_explained", quiet=True),
    "note": Move(Right.WORK_CASES, ANY, "note", quiet=True),
}
FOLLOWUP_MOVES = {
    # who was given up may ring back, or be on the phone at the very moment
    "record": Move(Right.RECORD_FOLLOWUPS, (*OWED, FollowupState.UNREACHABLE), "recorded"),
    "attempt": Move(Right.RECORD_FOLLOWUPS, OWED, "tried"),
    "take": Move(Right.RECORD_FOLLOWUPS, OWED, "taken"),
    "release": Move(Right.RECORD_FOLLOWUPS, OWED, "released"),
    "hand_over": Move(Right.ASSIGN, OWED, "handed_over"),
    "cancel": Move(Right.ASSIGN, OWED, "cancelled"),
}
CHURN_MOVES = {
    "analyse": Move(Right.RUN_IMPROVEMENTS, (ChurnState.SELECTED, ChurnState.ANALYSED), "analysed"),
    "call_again": Move(
        Right.RUN_IMPROVEMENTS, (ChurnState.COUNTED, ChurnState.ACTED_ON), "called_again"
    ),
    "give_up": Move(Right.RUN_IMPROVEMENTS, AWAY, "lost"),
}

IMPROVEMENT_MOVES = {
    "start": Move(Right.RUN_IMPROVEMENTS, (Action.OPEN, Action.NOT_EFFECTIVE), "started"),
    "finish": Move(Right.RUN_IMPROVEMENTS, (Action.OPEN, Action.IN_PROGRESS), "done"),
    "verify": Move(Right.VERIFY_IMPROVEMENTS, (Action.DONE,), "verified"),
    "assign": Move(Right.RUN_IMPROVEMENTS, UNDONE, "assigned"),
    "put_off": Move(Right.RUN_IMPROVEMENTS, UNDONE, "put_off"),
    "reopen": Move(
        Right.RUN_IMPROVEMENTS, (Action.DONE, Action.EFFECTIVE, Action.CANCELLED), "reopened"
    ),
    "cancel": Move(Right.RUN_IMPROVEMENTS, (*UNDONE, Action.DONE), "cancelled"),
    "edit": Move(Right.RUN_IMPROVEMENTS, (*UNDONE, Action.DONE), "edited"),
    "link": Move(Right.RUN_IMPROVEMENTS, tuple(Action), "linked"),
    "unlink": Move(Right.RUN_IMPROVEMENTS, (*UNDONE, Action.DONE), "unlinked"),
    "inform": Move(
        Right.RUN_IMPROVEMENTS, (Action.DONE, Action.EFFECTIVE, Action.NOT_EFFECTIVE), "informed"
    ),
    "note": Move(Right.RUN_IMPROVEMENTS, tuple(Action), "note", quiet=True),
}


def possible(person: Person, state: str, moves: Mapping[str, Move] = COMPLAINT_MOVES) -> list[str]:
    """What this person may do to a record in this state, the next step first."""
    return [name for name, move in moves.items() if state in move.states and person.may(move.right)]
