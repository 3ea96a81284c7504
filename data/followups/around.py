"""What surrounds a callback: earlier calls, orders, complaints, promises, questions, history.

The few rows of one call or car are sorted here: told to sort them, SQLite takes the index that has
the order and reads a whole store for it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from data.models import (
    AppUser,
    CallAttempt,
    Complaint,
    ComplaintCategory,
    Employee,
    Event,
    Followup,
    FollowupRule,
    Promise,
    Question,
    RepairOrder,
    SurveyAnswer,
    SurveyResponse,
)

LATEST = 10  # earlier calls and orders that are shown


def one(session: Session, model: Any, number: int | None) -> Any:
    """The row of `model` with this id; None where there is none."""
    return session.get(model, number) if number else None


def attempts(session: Session, task: Followup) -> Sequence[CallAttempt]:
    """The tries of this call, oldest first."""
    query = select(CallAttempt).where(
        CallAttempt.store_id == task.store_id, CallAttempt.callback_id == task.id
    )
    return sorted(session.scalars(query), key=lambda call: (call.at, call.id))


def earlier(session: Session, task: Followup) -> list[Any]:
    """Other calls about the same vehicle with their rules and answers, latest first."""
    if task.vehicle_id is None:
        return []
    call, said = Followup, SurveyResponse
    query = (
        select(call, FollowupRule, said)
        .outerjoin(FollowupRule, FollowupRule.id == call.rule_id)
        .outerjoin(said, and_(said.store_id == call.store_id, said.callback_id == call.id))
        .where(call.store_id == task.store_id, call.vehicle_id == task.vehicle_id)
        .where(call.id != task.id, call.excluded.is_(None))
    )
    found = session.execute(query).all()
    return sorted(found, key=lambda row: (row[0].due_at, row[0].id), reverse=True)[:LATEST]


def orders(session: Session, task: Followup) -> Sequence[RepairOrder]:
    """The stays of the vehicle in the workshop, latest first."""
    if task.vehicle_id is None:
        return []
    own = RepairOrder
    query = select(own).where(own.store_id == task.store_id, own.vehicle_id == task.vehicle_id)
    return session.scalars(query.order_by(own.opened_on.desc(), own.id).limit(LATEST)).all()


def complaints(session: Session, task: Followup) -> Sequence[Complaint]:
    """The complaints of the vehicle that are not closed, latest first."""
    if task.vehicle_id is None:
        return []
    case = Complaint
    query = select(case).where(
        case.store_id == task.store_id,
        case.vehicle_id == task.vehicle_id,
        case.closed_at.is_(None),
    )
    return sorted(session.scalars(query), key=lambda row: (row.opened_at, row.id), reverse=True)


def promises(
    session: Session, task: Followup, complaints: Sequence[Complaint], calls: Sequence[Followup]
) -> Sequence[Promise]:
    """What was promised on this call, and of before what is not kept yet; the next one first."""
    made = Promise
    before = or_(
        made.followup_id.in_([call.id for call in calls]),
        made.complaint_id.in_([case.id for case in complaints]),
    )
    query = select(made).where(
        made.store_id == task.store_id,
        or_(made.followup_id == task.id, and_(before, made.kept_at.is_(None))),
    )
    return sorted(session.scalars(query), key=lambda row: (row.due_at, row.id))


def questions(
    session: Session, questionnaire_id: int | None, response: SurveyResponse | None
) -> Sequence[Any]:
    """The questions to put, in their order, each with what was answered to it."""
    answer, said = SurveyAnswer, (response.store_id, response.id) if response else (0, 0)
    given = (answer.store_id == said[0], answer.response_id == said[1])
    query = select(Question, answer).outerjoin(
        answer, and_(answer.question_id == Question.id, *given)
    )
    asked = query.where(Question.questionnaire_id == questionnaire_id)
    return session.execute(asked.order_by(Question.position)).all()


def staff(session: Session, *numbers: int | None) -> dict[int | None, Employee]:
    """These employees, by id."""
    ids = {number for number in numbers if number}
    return {one.id: one for one in session.scalars(select(Employee).where(Employee.id.in_(ids)))}


def categories(session: Session, complaints: Sequence[Complaint]) -> dict[int, ComplaintCategory]:
    """What these complaints are about, by category id."""
    ids = {case.category_id for case in complaints if case.category_id}
    query = select(ComplaintCategory).where(ComplaintCategory.id.in_(ids))
    return {category.id: category for category in session.scalars(query)} if ids else {}


def history(session: Session, task: Followup, promises: Sequence[Promise]) -> list[Any]:
    """What was done to this call and to the promises made on it, and the names of those who did it,
    oldest first."""
    own: list[Any] = [made for made in promises if made.followup_id == task.id]
    about = [
        and_(Event.subject == row.__tablename__, Event.subject_id == row.id) for row in (task, *own)
    ]
    query = select(Event, AppUser.name).outerjoin(AppUser, AppUser.login == Event.actor)
    found = session.execute(query.where(Event.store_id == task.store_id, or_(*about)))
    return sorted(found, key=lambda row: (row[0].at, row[0].id))
