"""What a customer answered: checked question by question, counted, and kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.commands import Refused
from data.commands.cases import choice, text
from data.models import Followup, LowReason, Question, Store, SurveyAnswer, SurveyResponse

LOW = 2
STARS = "1-5"
SCALE = re.compile(r"(\d{1,3})-(\d{1,3})")
PARTS = {"score", "reason", "remark"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one question; blank when neither score nor remark was given."""

    question: Question
    score: int | None = None
    reason: LowReason | None = None
    remark: str = ""

    @property
    def blank(self) -> bool:
        """Whether the question was left open."""
        return self.score is None and not self.remark

    @property
    def stars(self) -> int | None:
        """The score, where the question has the common scale."""
        return self.score if self.question.scale == STARS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A questionnaire as it was filled in."""

    questionnaire_id: int | None
    overall: int | None
    nps: int | None
    reason: LowReason | None
    comment: str
    answers: Sequence[Answer]

    @property
    def required(self) -> list[Answer]:
        """The answers to what had to be asked."""
        return [answer for answer in self.answers if answer.question.required]

    def said(self) -> dict[str, Any]:
        """The sheet in short, for the history."""
        stars = [self.overall, *(answer.stars for answer in self.answers)]
        return {
            "overall": self.overall,
            "nps": self.nps,
            "reason_code": self.reason,
            "words": self.comment,
            "lowest": min((star for star in stars if star is not None), default=None),
            "asked": len(self.required),
            "blank": sum(answer.blank for answer in self.required),
        }

    def keep(self, session: Session, task: Followup, store: Store, at: datetime) -> None:
        """Write it down as what was said on this call; a call without questions may say nothing."""
        if self.questionnaire_id is None and not self._says_something():
            return
        response = self._response(session, task, store, at)
        for answer in self.answers:
            if answer.question.required or not answer.blank or answer.reason:
                session.add(_line(response, answer))

    def _says_something(self) -> bool:
        return bool(self.comment) or (self.overall, self.nps) != (None, None)

    def _response(
        self, session: Session, task: Followup, store: Store, at: datetime
    ) -> SurveyResponse:
        zone, said = ZoneInfo(store.zone), self.said()
        if _there(session, task):
            raise Refused("The answers to this callback are here already.")
        response = SurveyResponse(
            store_id=task.store_id,
            callback_id=task.id,
            vehicle_id=task.vehicle_id,
            order_id=task.order_id,
            questionnaire_id=self.questionnaire_id,
            answered_at=at,
            answered_on=at.astimezone(zone).date(),
            comment=self.comment or None,
            reason=self.reason,
            **{name: said[name] for name in ("overall", "nps", "lowest", "asked", "blank")},
        )
        session.add(response)
        session.flush()
        return response


def filled(
    session: Session,
    questionnaire_id: int | None,
    *,
    overall: int | None,
    nps: int | None,
    answers: Mapping[str, Mapping[str, Any]],
    reason: str | None,
    comment: str,
) -> Sheet:
    """The questionnaire with these answers; refused where one of them cannot be."""
    questions = _questions(session, questionnaire_id)
    if unknown := set(answers) - {question.code for question in questions}:
        raise Refused("This questionnaire has no question {code}.", code=min(unknown))
    if not _fits(overall, 1, 5):
        raise Refused("The overall answer is a whole number from 1 to 5, or blank.")
    if not _fits(nps, 0, 10):
        raise Refused("The willingness to recommend is a whole number from 0 to 10, or blank.")
    sheet = Sheet(
        questionnaire_id=questionnaire_id,
        overall=overall,
        nps=nps,
        reason=choice(LowReason, reason) if reason else None,
        comment=text(comment),
        answers=[_answer(question, answers.get(question.code, {})) for question in questions],
    )
    if _low(overall) and not (sheet.reason or sheet.comment):
        raise Refused("A low overall answer needs a reason or the customer's words.")
    return sheet


def _questions(session: Session, questionnaire_id: int | None) -> Sequence[Question]:
    query = select(Question).where(Question.questionnaire_id == questionnaire_id)
    return session.scalars(query.order_by(Question.position)).all() if questionnaire_id else []


def _there(session: Session, task: Followup) -> bool:
    response = SurveyResponse
    query = select(response.id).where(
        response.store_id == task.store_id, response.callback_id == task.id
    )
    return session.scalar(query) is not None


def _answer(question: Question, said: Mapping[str, Any]) -> Answer:
    if unknown := set(said) - PARTS:
        raise Refused(
            "An answer has a score, a reason and a remark, but no {part}.", part=min(unknown)
        )
    answer = Answer(
        question=question,
        score=_score(question, said.get("score")),
        reason=choice(LowReason, said["reason"]) if said.get("reason") else None,
        remark=text(said.get("remark") or ""),
    )
    if _low(answer.stars) and not (answer.reason or answer.remark):
        raise Refused("A low answer needs a reason or a remark: {code}.", code=question.code)
    return answer


def _score(question: Question, score: int | None) -> int | None:
    scale = SCALE.fullmatch(question.scale)
    if scale is None and score is not None:
        raise Refused("{code} is answered in words alone.", code=question.code)
    if scale and not _fits(score, int(scale[1]), int(scale[2])):
        raise Refused(
            "An answer to {code} is a whole number from {least} to {most}, or blank.",
            code=question.code,
            least=scale[1],
            most=scale[2],
        )
    return score


def _fits(score: object, least: int, most: int) -> bool:
    return score is None or (type(score) is int and least <= score <= most)


def _low(score: int | None) -> bool:
    return score is not None and score <= LOW


def _line(response: SurveyResponse, answer: Answer) -> SurveyAnswer:
    return SurveyAnswer(
        store_id=response.store_id,
        response_id=response.id,
        question_id=answer.question.id,
        score=answer.score,
        reason=answer.reason,
        remark=answer.remark or None,
    )
