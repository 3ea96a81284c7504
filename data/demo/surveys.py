"""What customers answer: overall, on the fourteen dimensions, and in their own words."""

from datetime import datetime
from random import Random

from data.defaults import DIMENSIONS
from data.demo import words
from data.demo.cars import Car
from data.demo.complaints import Told
from data.demo.orders import Order
from data.demo.stage import Stage, local_day
from data.models import SurveyAnswer, SurveyResponse

OVERALL = (0.1, 0.3, 7.5, 33.5, 58.5)  # shares of the answers 1 to 5
OVERALL_SLOW = (0.2, 0.4, 10.5, 37, 51.7)  # where nobody calls back
OVERALL_AFTER_COMPLAINT = (24, 52, 24, 0, 0)
NPS = {1: (0, 1, 2), 2: (2, 3, 4, 5), 3: (7, 7, 7, 8, 8), 4: (7, 8, 8, 9), 5: (8, 9, 9, 10, 10)}
NPS_AFTER_COMPLAINT = {**NPS, 3: (4, 5, 6)}
GRUDGES = {3: 0.04, 4: 0.004, 5: 0.001}  # one thing was poor although the rest was not
HARDER = {"timeliness": 0.4, "communication": 0.32, "customer_feedback": 0.25, "guidance": 0.2}
EASIER = {"appearance": 0.3, "attitude": 0.2, "tact": 0.15}
BLANK = 0.012
COMMENTS = 0.2
REASONS = ("too_slow", "not_explained", "not_friendly", "too_expensive", "not_solved")
LOW = 2
DETRACTOR = 6
POOL = 64  # scores drawn beforehand for each question and overall answer


class Surveys:
    """The answers of a store's customers."""

    def __init__(self, stage: Stage) -> None:
        """Prepare the scores that go with each overall answer."""
        self.stage, self.dice = stage, stage.dice("surveys")
        self._pools = {
            overall: [
                (stage.shared.questions[code], _pool(code, overall)) for code, *_ in DIMENSIONS
            ]
            for overall in range(1, 6)
        }

    def add(
        self,
        followup: int,
        car: Car,
        order: Order | None,
        told: Told | None,
        at: datetime,
        perfect: bool,
    ) -> int | None:
        """Note what one customer answered at this moment; the id if the answer is alarming."""
        dice, made = self.dice, self.stage.book.next_id(SurveyResponse)
        overall = 5 if perfect else self._overall(told)
        nps = 10 if perfect else dice.choice((NPS_AFTER_COMPLAINT if told else NPS)[overall])
        scores = self._add_answers(made, overall, perfect) if order else {}
        asked = self.stage.shared.required & scores.keys()
        lowest = min([overall, *(score for score in scores.values() if score)])
        self.stage.add(
            SurveyResponse,
            id=made,
            callback_id=followup,
            vehicle_id=car.id,
            order_id=order and order.id,
            questionnaire_id=order and self.stage.shared.questionnaire,
            answered_at=at,
            answered_on=local_day(at),
            overall=overall,
            nps=nps,
            comment=None if perfect else _comment(dice, overall),
            reason=dice.choice(REASONS) if overall <= LOW else None,
            lowest=lowest,
            asked=len(asked),
            blank=sum(scores[question] is None for question in asked),
        )
        return made if lowest <= LOW or nps <= DETRACTOR else None

    def _overall(self, told: Told | None) -> int:
        slow = self.stage.slow
        usual = OVERALL_SLOW if slow else OVERALL
        return self.dice.choices(range(1, 6), OVERALL_AFTER_COMPLAINT if told else usual)[0]

    def _add_answers(self, made: int, overall: int, perfect: bool) -> dict[int, int | None]:
        """Note the answers to the questions; the scores by question."""
        scores = self._scores(overall, perfect)
        for question, score in scores.items():
            low = score is not None and score <= LOW
            self.stage.add(
                SurveyAnswer,
                response_id=made,
                question_id=question,
                score=score,
                reason=self.dice.choice(REASONS) if low else None,
            )
        return scores

    def _scores(self, overall: int, perfect: bool) -> dict[int, int | None]:
        if perfect:
            return {question: 5 for question, _ in self._pools[5]}
        chance = self.dice.random
        scores = {
            question: None if chance() < BLANK else pool[int(chance() * POOL)]
            for question, pool in self._pools[overall]
        }
        if chance() < GRUDGES.get(overall, 0.0):
            scores[self.dice.choice(list(scores))] = LOW
        return scores


def _pool(code: str, overall: int) -> list[int]:
    """Scores around the overall answer; some questions are answered more severely than others."""
    dice = Random(f"{code}/{overall}")
    shift = EASIER.get(code, 0.0) - HARDER.get(code, 0.0)
    least = 1 if overall <= LOW else LOW + 1
    return [min(5, max(least, round(dice.gauss(overall + shift, 0.55)))) for _ in range(POOL)]


def _comment(dice: Random, overall: int) -> str | None:
    if overall <= LOW:
        return dice.choice(words.BLAME)
    if dice.random() > COMMENTS:
        return None
    return dice.choice(words.PRAISE if overall == 5 else words.REMARKS) or None
