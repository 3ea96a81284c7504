"""What a new installation starts with: a calendar, targets, categories, rules and questions.

Everything here is a row that an administrator may change; nothing is overwritten once it is there.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import (
    ComplaintCategory,
    FollowupRule,
    Norm,
    Question,
    Questionnaire,
    SlaPolicy,
    Target,
    WorkCalendar,
)

DAY = [["08:30", "12:00"], ["13:30", "18:00"]]
WEEK = {str(weekday): DAY for weekday in range(5)}

POLICIES = (  # severity, reply within, close within
    ("question", 4, "working_hours", 3, "working_days"),
    ("general", 24, "hours", 1, "months"),
    ("escalated", 4, "hours", 7, "days"),
    ("critical", 1, "hours", 3, "days"),
)

CATEGORIES = (
    ("repair_quality", "Repair quality", "维修质量", (
        ("not_fixed", "Fault not fixed", "故障未修好"),
        ("fault_came_back", "Fault came back", "故障复发"),
        ("damaged_in_workshop", "Damaged in the workshop", "维修中损伤"),
        ("not_clean", "Car handed back dirty", "交车不洁"),
    )),
    ("vehicle", "The vehicle itself", "产品质量", (
        ("brakes", "Brakes", "制动系统"),
        ("engine", "Engine", "发动机"),
        ("transmission", "Transmission", "变速箱"),
        ("electrical", "Electrical system", "电气系统"),
        ("air_conditioning", "Air conditioning", "空调"),
        ("noise", "Noise and vibration", "异响抖动"),
    )),
    ("waiting", "Waiting and punctuality", "等待与准时", (
        ("reception_wait", "Waited at reception", "接待等待"),
        ("late_delivery", "Car not ready in time", "交车延迟"),
        ("booking", "Booking not honoured", "预约未兑现"),
    )),
    ("attitude", "Attitude and communication", "态度与沟通", (
        ("adviser_attitude", "Service adviser's attitude", "服务顾问态度"),
        ("no_explanation", "Work not explained", "未解释维修项目"),
        ("promise_broken", "Promise not kept", "承诺未兑现"),
        ("nobody_called", "Nobody called back", "无人回电"),
    )),
    ("price", "Price and invoice", "价格与结算", (
        ("above_quote", "Bill above the quote", "超出报价"),
        ("unneeded_work", "Work that was not needed", "过度维修"),
        ("too_expensive", "Too expensive", "价格偏高"),
    )),
    ("parts", "Parts", "配件", (
        ("out_of_stock", "Part not in stock", "配件缺货"),
        ("wrong_part", "Wrong part ordered", "订错配件"),
        ("part_failed", "Part failed early", "配件质量"),
    )),
)  # fmt: skip

DIMENSIONS = (
    ("timeliness", "Was the work done in the time promised?", "是否在承诺的时间内完成？"),
    ("flow", "Did one step follow the other smoothly?", "服务流程是否顺畅？"),
    ("adaptability", "Did we adapt to your wishes?", "是否灵活满足您的需要？"),
    ("anticipation", "Did we think ahead for you?", "是否主动为您考虑？"),
    ("communication", "Were you kept informed?", "是否及时告知您进展？"),
    ("customer_feedback", "Was your opinion asked and heard?", "是否征询并听取您的意见？"),
    ("organisation", "Was everything well organised?", "现场组织是否有序？"),
    ("appearance", "Was the staff neat in appearance?", "员工仪表是否整洁？"),
    ("attitude", "Was the staff friendly?", "员工态度是否友好？"),
    ("attention", "Did you get full attention?", "员工是否关注您？"),
    ("tact", "Did the staff find the right tone?", "员工言行是否得体？"),
    ("guidance", "Were you advised well?", "员工是否给您专业指导？"),
    ("selling_skill", "Was what we offered useful to you?", "推荐的项目是否对您有用？"),
    ("problem_solving", "Were problems solved graciously?", "问题是否得到礼貌妥善的解决？"),
)

WINDOW = "09:00-20:00"
RULES = (  # code, name, 名称, trigger, hours after, days valid
    ("service", "After service", "维修后回访", "order_delivered", 24, 15),
    ("sale", "After the sale", "购车后回访", "vehicle_sold", 7 * 24, 30),
    ("complaint", "After a complaint is closed", "投诉结案回访", "complaint_closed", 72, 15),
    ("hot_alert", "After a hot alert", "热警报跟进", "hot_alert", 10 * 24, 15),
    ("churn_reason", "Why they stay away", "流失原因回访", "churn", 72, 30),
    ("churn_told", "Told that it is mended", "整改告知回访", "churn", 72, 30),
)
RESTING_RULES = (  # as above, then months without a visit, or the date of care; off at first
    ("visit_gap", "No visit for three months", "三个月未回厂", "visit_gap", 0, 30, 3, None),
    ("insurance", "Insurance runs out", "保险到期提醒", "care_date", -30 * 24, 30, None,
     "insurance_until"),
    ("inspection", "Inspection due", "年审到期提醒", "care_date", -30 * 24, 30, None,
     "inspection_due_on"),
    ("next_service", "Service due", "保养到期提醒", "care_date", -14 * 24, 30, None,
     "next_service_on"),
    ("birthday", "Birthday", "生日关怀", "care_date", 0, 1, None, "birthday"),
)  # fmt: skip

NORMS: dict[str, dict[str, Any]] = {
    "call_length": {"least_s": 300, "most_s": 600, "short_s": 60},
    "calls_a_day": {"each_agent": 40},
    "csi_weights": dict.fromkeys((code for code, *_ in DIMENSIONS), 1),
    "rework": {"within_days": 30},
    "strikes": {"counted": False, "months": 12},
    "gap_classes": {"at_risk": 3, "dormant": 6, "lost": 12},  # months since the last visit
    "churn_rules": {"own_times": 1.5, "back_within_months": 6},
    "solicitation": {"within_days": 30},
    "effect": {
        "baseline_days": 182, "after_days": 365, "checks": [30, 60, 90], "recurs_within_days": 90,
    },
    "customer_value": {
        "service_a_year_fen": 240_000, "years": 10, "cars": 3, "car_fen": 10_000_000,
    },
}  # fmt: skip

TARGETS = (  # metric, value, which direction is good
    ("first_reply_compliance", 0.95, "up"),
    ("closure_compliance", 0.90, "up"),
    ("two_week_closure_rate", 0.90, "up"),
    ("complaints_per_1000_orders", 8.0, "down"),
    ("reopen_rate", 0.05, "down"),
    ("repeat_rate", 0.05, "down"),
    ("recontact_rate", 1.0, "up"),
    ("resolution_satisfaction", 0.85, "up"),
    ("attempt_rate", 1.0, "up"),
    ("completion_rate", 0.80, "up"),
    ("on_time_rate", 0.80, "up"),
    ("followup_coverage", 1.0, "up"),
    ("caller_independence", 1.0, "up"),
    ("promise_kept_rate", 0.95, "up"),
    ("csat_t2b", 0.90, "up"),
    ("action_on_time", 0.90, "up"),
    ("monthly_churn", 0.20, "down"),
)


def fill(session: Session) -> None:
    """Add whatever is missing; the caller's transaction keeps it."""
    for model, key, rows in (
        (WorkCalendar, "code", _calendars()),
        (SlaPolicy, "severity", _policies()),
        (ComplaintCategory, "code", _categories()),
        (Target, "metric", _targets()),
        (Questionnaire, "code", _questionnaires()),
        (Norm, "code", _norms()),
    ):
        _add_missing(session, model, key, rows)
    questionnaire = session.scalars(select(Questionnaire)).first()
    assert questionnaire is not None
    _add_missing(session, Question, "code", _questions(questionnaire.id))
    _add_missing(session, FollowupRule, "code", _rules(questionnaire.id))


def _add_missing(session: Session, model: Any, key: str, rows: Iterator[dict[str, Any]]) -> None:
    there = set(session.scalars(select(getattr(model, key))))
    for row in rows:
        if row[key] not in there:
            session.add(model(**_with_parent(session, row)))
            session.flush()


def _with_parent(session: Session, row: dict[str, Any]) -> dict[str, Any]:
    code = row.pop("parent", None)
    return row if code is None else row | {"parent_id": _category(session, code)}


def _category(session: Session, code: str) -> int | None:
    return session.scalar(select(ComplaintCategory.id).where(ComplaintCategory.code == code))


def _calendars() -> Iterator[dict[str, Any]]:
    yield {"code": "china", "country": "CN", "week": WEEK, "loaded_until": date(2026, 12, 31)}


def _policies() -> Iterator[dict[str, Any]]:
    for severity, reply, reply_unit, close, close_unit in POLICIES:
        yield {
            "severity": severity,
            "reply_amount": reply,
            "reply_unit": reply_unit,
            "close_amount": close,
            "close_unit": close_unit,
            "warning_share": 0.75,
            "max_pause_days": 14,
        }


def _categories() -> Iterator[dict[str, Any]]:
    for code, name, name_zh, children in CATEGORIES:
        yield {"code": code, "name": name, "name_zh": name_zh}
        for child, words, words_zh in children:
            yield {"code": child, "name": words, "name_zh": words_zh, "parent": code}


def _targets() -> Iterator[dict[str, Any]]:
    for code, value, direction in TARGETS:
        yield {
            "metric": code,
            "store": None,
            "value": value,
            "direction": direction,
            "valid_from": date(2000, 1, 1),
        }


def _questionnaires() -> Iterator[dict[str, Any]]:
    yield {"code": "service", "edition": 1, "name": "After service", "name_zh": "维修后回访问卷"}


def _questions(questionnaire_id: int) -> Iterator[dict[str, Any]]:
    for position, (code, wording, wording_zh) in enumerate(DIMENSIONS, start=1):
        yield {
            "questionnaire_id": questionnaire_id,
            "code": code,
            "position": position,
            "dimension": code,
            "scale": "1-5",
            "required": position <= 7,
            "wording": wording,
            "wording_zh": wording_zh,
        }


def _rules(questionnaire_id: int) -> Iterator[dict[str, Any]]:
    asked = [(*rule, None, None, True) for rule in RULES]
    resting = [(*rule, False) for rule in RESTING_RULES]
    for code, name, name_zh, trigger, hours, days, months, care, active in (*asked, *resting):
        yield {
            "code": code,
            "name": name,
            "name_zh": name_zh,
            "trigger": trigger,
            "delay_hours": hours,
            "expires_days": days,
            "attempts": 5,
            "channel": "phone",
            "window": WINDOW,
            "questionnaire_id": None if trigger == "churn" else questionnaire_id,
            "gap_months": months,
            "care_date": care,
            "active": active,
        }


def _norms() -> Iterator[dict[str, Any]]:
    for code, value in NORMS.items():
        yield {"code": code, "value": value}
