"""Who is asking: a role, what the role may do, and the stores it may see."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Role(StrEnum):
    """The jobs people have at the screen."""

    PRINCIPAL = "principal"
    MANAGER = "manager"
    QUALITY = "quality"
    AGENT = "agent"
    ADMIN = "admin"
    SCREEN = "screen"


class Right(StrEnum):
    """What somebody may be allowed to do; every write names one."""

    SEE_FIGURES = "see_figures"
    SEE_PEOPLE = "see_people"
    ASSIGN = "assign"
    CLASSIFY = "classify"
    WORK_CASES = "work_cases"
    OPEN_COMPLAINTS = "open_complaints"
    RUN_IMPROVEMENTS = "run_improvements"
    VERIFY_IMPROVEMENTS = "verify_improvements"
    RECORD_FOLLOWUPS = "record_followups"
    PREPARE_REVIEW = "prepare_review"
    DECIDE_REVIEW = "decide_review"
    SEE_SCORECARDS = "see_scorecards"
    SET_TARGETS = "set_targets"
    ADMINISTER = "administer"


_EVERYDAY = {Right.SEE_FIGURES, Right.SEE_PEOPLE, Right.RUN_IMPROVEMENTS, Right.PREPARE_REVIEW}
_LEADING = _EVERYDAY | {
    Right.ASSIGN,
    Right.CLASSIFY,
    Right.WORK_CASES,
    Right.VERIFY_IMPROVEMENTS,
    Right.DECIDE_REVIEW,
    Right.SEE_SCORECARDS,
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.PRINCIPAL: frozenset(_LEADING),
    Role.MANAGER: frozenset(_LEADING | {Right.OPEN_COMPLAINTS, Right.RECORD_FOLLOWUPS}),
    Role.QUALITY: frozenset(
        _EVERYDAY
        | {
            Right.CLASSIFY,
            Right.OPEN_COMPLAINTS,
            Right.RECORD_FOLLOWUPS,
            Right.SET_TARGETS,
            Right.VERIFY_IMPROVEMENTS,
            Right.WORK_CASES,
        }
    ),
    Role.AGENT: frozenset({Right.OPEN_COMPLAINTS, Right.RECORD_FOLLOWUPS}),
    Role.ADMIN: frozenset({Right.SEE_FIGURES, Right.SET_TARGETS, Right.ADMINISTER}),
    Role.SCREEN: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody signed in. `stores` are store ids; None means every store there is."""

    login: str
    name: str
    role: Role
    stores: frozenset[int] | None
    id: int | None = None

    def may(self, right: Right) -> bool:
        """Whether this person's role includes `right`."""
        return right in RIGHTS[self.role]


SYSTEM_LOGIN = "system"
SYSTEM = Person(login=SYSTEM_LOGIN, name="Aftercare", role=Role.ADMIN, stores=None)


def system_at(store_id: int) -> Person:
    """The system at work in one store alone: where stores lie apart, rows are locked in one."""
    return replace(SYSTEM, stores=frozenset({store_id}))
