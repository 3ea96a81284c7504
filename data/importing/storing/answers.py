"""Answers of customers into the database: what was asked, left blank, and lowest."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.importing.storing.desk import Desk
from data.importing.storing.shelf import Held, Shelf
from data.models import FollowupRule, FollowupTrigger, Question, SurveyAnswer, SurveyResponse

ANSWERED = ("overall", "nps", "comment")


class Asked(NamedTuple):
    """A question of the service questionnaire; `required` where it is a column of the file."""

    id: int
    code: str
    required: bool


class Answers:
    """Writes answers; an empty cell leaves what is known, and is never a zero."""

    def __init__(self, desk: Desk) -> None:
        self.zone, self.dry = desk.zone, desk.dry
        self.responses = Shelf(desk, SurveyResponse, ("number", "callback_id"))
        self.lines = Shelf(desk, SurveyAnswer, ("response_id",))
        self.questionnaire, self.questions = _questions(desk.session, desk.columns)
        self.scores: dict[int, dict[int, Held]] = {}

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
        known = self._lines(response)
        given = {one.id: values.get(one.code) for one in self.questions}
        for question, score in given.items():
            if question in known:
                self.lines.set(known[question], "score", score)
            elif score is not None:
                made = self.lines.add({"question_id": question, "score": score})
                self.lines.link(made, "response_id", response)
                known[question] = made
        if known:
            self._count(response, known)
        scores = [line["score"] for line in known.values()]
        stars = [one for one in (response["overall"], *scores) if one is not None]
        self.responses.set(response, "lowest", min(stars, default=None))

    def _count(self, response: Held, known: Mapping[int, Held]) -> None:
        required = [one.id for one in self.questions if one.required]
        open_ = [q for q in required if q not in known or known[q]["score"] is None]
        self.responses.set(response, "questionnaire_id", self.questionnaire)
        self.responses.set(response, "asked", len(required))
        self.responses.set(response, "blank", len(open_))

    def _lines(self, response: Held) -> dict[int, Held]:
        """The answers by question; those of a row before this one are not stored yet."""
        if id(response) not in self.scores:
            stored = self.lines.find("response_id", response.id)
            self.scores[id(response)] = {line["question_id"]: line for line in stored}
        return self.scores[id(response)]

    def flush(self) -> None:
        """Write."""
        self.responses.flush()
        self.lines.flush()
        self.scores.clear()
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
    asked = [
        Asked(row.id, row.dimension or "", row.required and row.dimension in columns)
        for row in rows
    ]
    return questionnaire, asked
