"""Answers of customers into the database: what was asked, left blank, and lowest."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.importing.storing.desk import Desk
from data.importing.storing.shelf import Held, Shelf
from data.models import FollowupRule, FollowupTrigger, Question, SurveyAnswer, SurveyResponse

ANSWERED = ("overall", "nps", "comment")


Scores = dict[int, int | None]  # by question


class Asked(NamedTuple):
    """A question of the service questionnaire; `here` where it is a column of the file."""

    id: int
    code: str
    required: bool
    here: bool


class Answers:
    """Writes answers; an empty cell leaves what is known, and is never a zero."""

    def __init__(self, desk: Desk) -> None:
        self.zone, self.dry = desk.zone, desk.dry
        self.responses = Shelf(desk, SurveyResponse, ("number", "callback_id"))
        self.lines = Shelf(desk, SurveyAnswer, ("response_id",))
        self.questionnaire, self.questions = _questions(desk.session, desk.columns)
        self.here = [(one.id, one.code) for one in self.questions if one.here]
        self.scores: dict[int, Scores] = {}
        self.fresh: list[tuple[Held, Scores]] = []

    def load(self, column: str, keys: Collection[Any]) -> None:
        """Fetch the answers whose `column` is one of `keys`."""
        self.responses.load(column, keys)
        self.lines.load("response_id", list(self.responses.by_id))

    @property
    def changes(self) -> int:
        """How much has been added or changed so far."""
        return self.responses.changes + self.lines.changes

    def put(self, response: Held | None, values: Mapping[str, Any], **said: Any) -> Held:
        """Write the answers of a row into `response`, or into a new one."""
        said |= {name: values.get(name) for name in ANSWERED}
        said["answered_on"] = said["answered_at"].astimezone(self.zone).date()
        if response is None:
            response = self.responses.add(said)
        for name, value in said.items():
            self.responses.set(response, name, value)
        self._score(response, values)
        return response

    def _score(self, response: Held, values: Mapping[str, Any]) -> None:
        scores = self._scores(response)
        given = {
            question: score
            for question, code in self.here
            if (score := values.get(code)) is not None
        }
        if response.id is not None:
            self._change(response, given)
        scores |= given
        if scores:
            self._count(response, scores)
        stars = [one for one in (response["overall"], *scores.values()) if one is not None]
        self.responses.set(response, "lowest", min(stars, default=None))

    def _change(self, response: Held, given: Scores) -> None:
        """Put other scores into answers that are stored, and add those that are new."""
        stored = {one["question_id"]: one for one in self.lines.find("response_id", response.id)}
        for question, score in given.items():
            if question in stored:
                self.lines.set(stored[question], "score", score)
            else:
                self.lines.add(
                    {"response_id": response.id, "question_id": question, "score": score}
                )

    def _count(self, response: Held, scores: Scores) -> None:
        asked = (
            one.id for one in self.questions if one.required and (one.here or one.id in scores)
        )
        required = list(asked)
        self.responses.set(response, "questionnaire_id", self.questionnaire)
        self.responses.set(response, "asked", len(required))
        self.responses.set(response, "blank", sum(scores.get(one) is None for one in required))

    def _scores(self, response: Held) -> Scores:
        """The scores by question; those of a new response are written together in the end."""
        if id(response) not in self.scores:
            stored = self.lines.find("response_id", response.id)
            scores = {line["question_id"]: line["score"] for line in stored}
            self.scores[id(response)] = scores
            if response.id is None:
                self.fresh.append((response, scores))
        return self.scores[id(response)]

    def flush(self) -> None:
        """Write."""
        self.responses.flush()
        self.lines.flush()
        self.lines.insert(
            {"response_id": response.id, "question_id": question, "score": score}
            for response, scores in self.fresh
            for question, score in scores.items()
        )
        self.scores.clear()
        self.fresh.clear()
        if self.dry:
            self.responses.forget()
            self.lines.forget()


def _questions(session: Session, columns: Collection[str]) -> tuple[int | None, list[Asked]]:
    """The questionnaire that goes with the call after service, by dimension."""
    after_service = FollowupRule.trigger == FollowupTrigger.ORDER_DELIVERED
    query = select(FollowupRule.questionnaire_id).where(after_service).order_by(FollowupRule.id)
    questionnaire = session.scalar(query.limit(1))
    rows = session.scalars(
        select(Question)
        .where(Question.questionnaire_id == questionnaire, Question.dimension.is_not(None))
        .order_by(Question.position)
    )
    return questionnaire, [
        Asked(row.id, row.dimension or "", row.required, row.dimension in columns) for row in rows
    ]
