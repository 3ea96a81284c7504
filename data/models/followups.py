"""Callbacks to customers (回访): the rules, the tasks, the calls and the answers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from data.db import Base, StoreOwned, Versioned
from data.models.keys import Code, Id, Note, Small, owned, shared


def _where(condition: str) -> dict[str, Any]:
    return {f"{database}_where": text(condition) for database in ("sqlite", "postgresql")}


_OPEN, _OVER = _where("ended_at IS NULL"), _where("ended_at IS NOT NULL")


class FollowupTrigger(StrEnum):
    """What makes a call due; one about churn is put on the list by people, not by a rule."""

    ORDER_DELIVERED = "order_delivered"
    VEHICLE_SOLD = "vehicle_sold"
    COMPLAINT_CLOSED = "complaint_closed"
    HOT_ALERT = "hot_alert"
    VISIT_GAP = "visit_gap"
    CARE_DATE = "care_date"
    CHURN = "churn"


class CareDate(StrEnum):
    """The dates of a car or its owner that a rule may count from; named as their columns are."""

    WARRANTY = "warranty_until"
    INSURANCE = "insurance_until"
    INSPECTION = "inspection_due_on"
    SERVICE = "next_service_on"
    BIRTHDAY = "birthday"


class FollowupState(StrEnum):
    """Where a call that is owed stands; the last five are ends."""

    PLANNED = "planned"
    DUE = "due"
    COMPLETED = "completed"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    INVALID_NUMBER = "invalid_number"
    CANCELLED = "cancelled"


class Exclusion(StrEnum):
    """Why a customer is not called although a rule would have it."""

    FLEET = "fleet"
    INTERNAL = "internal"
    DO_NOT_CALL = "do_not_call"
    HOLD_OUT = "hold_out"


class CallResult(StrEnum):
    """What came of one try."""

    CONNECTED = "connected"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    SWITCHED_OFF = "switched_off"
    UNREACHABLE = "unreachable"
    AWAY = "away"
    SUSPENDED = "suspended"
    EMPTY_NUMBER = "empty_number"
    REFUSED = "refused"
    CAR_SOLD = "car_sold"
    OTHER = "other"


class Respondent(StrEnum):
    """Who answered; the answers of others are kept but do not complete the call."""

    PERSON_SERVED = "person_served"
    OWNER = "owner"
    OTHER = "other"


class CallChannel(StrEnum):
    """How a customer was tried."""

    PHONE = "phone"
    WECHAT = "wechat"
    SMS = "sms"


class LowReason(StrEnum):
    """Why an answer is low."""

    TOO_SLOW = "too_slow"
    NOT_EXPLAINED = "not_explained"
    NOT_FRIENDLY = "not_friendly"
    TOO_EXPENSIVE = "too_expensive"
    NOT_SOLVED = "not_solved"
    NOT_CLEAN = "not_clean"
    OTHER = "other"


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
    """When which customer is called back (回访规则).

    The call is due `delay_hours` after its trigger (before it, where negative) and is given up
    `expires_days` after it. `care_date` and `gap_months` say more of the triggers that need it;
    `window` is when to call ("09:00-20:00"); what happened before `starts_on` is not called after.
    `hold_out` is the share of the calls, drawn by lot, that is not made, to compare with.
    """

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
    care_date: Mapped[Code | None]
    gap_months: Mapped[int | None]
    window: Mapped[Code | None]
    retry_hours: Mapped[int] = mapped_column(default=3, server_default="3")
    starts_on: Mapped[date | None]
    hold_out: Mapped[float] = mapped_column(default=0.0, server_default="0")


class Followup(Versioned, StoreOwned, Base):
    """A call that is owed to a customer (回访任务).

    `anchor` names what made it due ("v12 2026-03-05", "c34"), so that a rule plans it once;
    `anchored_on` is the local day of that. `due_on` is the local day of the deadline. `ended_at`
    is when it was over, however it ended; `talk_s` the seconds of the call that completed it.
    """

    __tablename__ = "callback"
    __table_args__ = owned(
        UniqueConstraint("store_id", "number"),
        Index("uq_callback_store_id_rule_id_anchor", "store_id", "rule_id", "anchor", unique=True),
        Index(None, "store_id", "due_at"),
        Index(  # with all that is asked of each call that invites
            "ix_callback_due_days",
            *("store_id", "due_on", "rule_id", "vehicle_id"),
            *("due_at", "excluded", "first_attempt_at"),
        ),
        Index(None, "store_id", "order_id"),
        Index(None, "store_id", "vehicle_id", "anchored_on"),
        Index(None, "store_id", "customer_id"),
        Index("ix_callback_open", "store_id", "due_at", **_OPEN),
        Index("ix_callback_over", "store_id", "ended_at", **_OVER),
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
    anchor: Mapped[Code | None]
    anchored_on: Mapped[date | None]
    due_on: Mapped[date]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    first_attempt_at: Mapped[datetime | None]
    connected_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    talk_s: Mapped[int | None]


class CallAttempt(StoreOwned, Base):
    """One try to reach a customer (拨打记录). `tried_on` and `hour` are the local day and hour of
    the store."""

    __tablename__ = "call_attempt"
    __table_args__ = owned(
        Index(None, "store_id", "callback_id"),
        Index(None, "store_id", "tried_on"),
        callback_id="callback",
        agent_id="employee",
    )
    id: Mapped[Id]
    callback_id: Mapped[int]
    agent_id: Mapped[int | None]
    at: Mapped[datetime]
    tried_on: Mapped[date]
    hour: Mapped[Small]
    channel: Mapped[Code]
    result: Mapped[Code]
    duration_s: Mapped[int | None]
    note: Mapped[Note | None]


class SurveyResponse(StoreOwned, Base):
    """What a customer answered (问卷结果).

    `number` is the dealer's key of an answer that came without a call. `reason` goes with a low
    overall answer. `lowest` is the lowest 1–5 answer, overall or by question; `asked` counts the
    required questions, `blank` those of them left open without a remark.
    """

    __tablename__ = "survey_response"
    __table_args__ = owned(
        UniqueConstraint("store_id", "callback_id"),
        Index("uq_survey_response_store_id_number", "store_id", "number", unique=True),
        Index(None, "store_id", "answered_at"),
        Index(None, "store_id", "answered_on"),
        Index(None, "store_id", "order_id"),
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
    number: Mapped[Code | None]
    answered_on: Mapped[date]
    reason: Mapped[Code | None]
    lowest: Mapped[int | None]
    asked: Mapped[int] = mapped_column(default=0, server_default="0")
    blank: Mapped[int] = mapped_column(default=0, server_default="0")


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
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
