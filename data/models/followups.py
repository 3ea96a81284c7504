"""Callbacks to customers (回访): the rules, the tasks, the calls and the answers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base, StoreOwned, Versioned
from data.models.keys import Code, Id, Note, owned, shared


class Questionnaire(Base):
    """A set of questions (问卷); a change makes a new version, answers keep theirs."""

    __tablename__ = "questionnaire"
    __table_args__ = (UniqueConstraint("code", "edition"),)
    id: Mapped[Id]
    code: Mapped[Code]
    edition: Mapped[int]
    name: Mapped[str]
    name_zh: Mapped[str]


class Question(Base):
    """One question of a questionnaire, in both languages."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("questionnaire_id", "code"),)
    id: Mapped[Id]
    questionnaire_id: Mapped[int] = mapped_column(shared("questionnaire"))
    code: Mapped[Code]
    position: Mapped[int]
    dimension: Mapped[Code | None]
    scale: Mapped[Code]
    required: Mapped[bool]
    wording: Mapped[str]
    wording_zh: Mapped[str]


class FollowupRule(Versioned, Base):
    """When which customer is called back (回访规则)."""

    __tablename__ = "callback_rule"
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    name_zh: Mapped[str]
    trigger: Mapped[Code]
    delay_hours: Mapped[int]
    expires_days: Mapped[int]
    attempts: Mapped[int]
    channel: Mapped[Code]
    questionnaire_id: Mapped[int | None] = mapped_column(shared("questionnaire"))
    active: Mapped[bool] = mapped_column(default=True)


class Followup(Versioned, StoreOwned, Base):
    """A call that is owed to a customer (回访任务)."""

    __tablename__ = "callback"
    __table_args__ = owned(
        UniqueConstraint("store_id", "number"),
        Index(None, "store_id", "due_at"),
        Index(None, "store_id", "order_id"),
        Index(None, "store_id", "vehicle_id"),
        customer_id="customer",
        vehicle_id="vehicle",
        order_id="repair_order",
        complaint_id="complaint",
        agent_id="employee",
    )
    id: Mapped[Id]
    number: Mapped[Code]
    rule_id: Mapped[int | None] = mapped_column(shared("callback_rule"))
    customer_id: Mapped[int | None]
    vehicle_id: Mapped[int | None]
    order_id: Mapped[int | None]
    complaint_id: Mapped[int | None]
    agent_id: Mapped[int | None]
    planned_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[Code]
    excluded: Mapped[Code | None]
    completed_at: Mapped[datetime | None]
    respondent: Mapped[Code | None]


class CallAttempt(StoreOwned, Base):
    """One try to reach a customer (拨打记录)."""

    __tablename__ = "call_attempt"
    __table_args__ = owned(
        Index(None, "store_id", "callback_id"),
        Index(None, "store_id", "at"),
        callback_id="callback",
        agent_id="employee",
    )
    id: Mapped[Id]
    callback_id: Mapped[int]
    agent_id: Mapped[int | None]
    at: Mapped[datetime]
    channel: Mapped[Code]
    result: Mapped[Code]
    duration_s: Mapped[int | None]
    note: Mapped[Note | None]


class SurveyResponse(StoreOwned, Base):
    """What a customer answered (问卷结果)."""

    __tablename__ = "survey_response"
    __table_args__ = owned(
        UniqueConstraint("store_id", "callback_id"),
        Index(None, "store_id", "answered_at"),
        callback_id="callback",
        vehicle_id="vehicle",
        order_id="repair_order",
    )
    id: Mapped[Id]
    callback_id: Mapped[int | None]
    vehicle_id: Mapped[int | None]
    order_id: Mapped[int | None]
    questionnaire_id: Mapped[int | None] = mapped_column(shared("questionnaire"))
    answered_at: Mapped[datetime]
    overall: Mapped[int | None]
    nps: Mapped[int | None]
    comment: Mapped[Note | None]


class SurveyAnswer(StoreOwned, Base):
    """The answer to one question."""

    __tablename__ = "survey_answer"
    __table_args__ = owned(
        UniqueConstraint("store_id", "response_id", "question_id"),
        response_id="survey_response",
    )
    id: Mapped[Id]
    response_id: Mapped[int]
    question_id: Mapped[int] = mapped_column(shared("question"))
    score: Mapped[int | None]
    reason: Mapped[Code | None]
    remark: Mapped[Note | None]


class KnownIssue(Versioned, Base):
    """A common problem with its standard answer (问题库)."""

    __tablename__ = "known_issue"
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    category_id: Mapped[int | None] = mapped_column(shared("complaint_category"))
    problem: Mapped[Note]
    problem_zh: Mapped[Note]
    answer: Mapped[Note]
    answer_zh: Mapped[Note]
    interim: Mapped[Note | None]
    interim_zh: Mapped[Note | None]
    review_on: Mapped[date | None]
    uses: Mapped[int] = mapped_column(default=0)
    words: Mapped[dict[str, Any] | None]
