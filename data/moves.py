"""What may be done to a case: by whom, in which state, and what the history calls it."""

from dataclasses import dataclass

from data.models import ComplaintState as State
from data.person import Person, Right

UNSOLVED = (State.NEW, State.REPLIED, State.IN_PROGRESS, State.WAITING_CUSTOMER)
ANSWERED = (State.REPLIED, State.IN_PROGRESS, State.WAITING_CUSTOMER)
SOLVED = (State.RESOLVED, State.RECONTACTED, State.CLOSED)
ANY = tuple(State)


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that may be done to a case. A quiet one changes no figure."""

    right: Right
    states: tuple[State, ...]
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


def possible(person: Person, state: str) -> list[str]:
    """What this person may do to a case in this state, the next step first."""
    return [
        name
        for name, move in COMPLAINT_MOVES.items()
        if state in move.states and person.may(move.right)
    ]
