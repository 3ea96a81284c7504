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

OVERALL = (0.7, 1.5, 6.5, 33, 58.3)  # shares of the answers 1 to 5
OVERALL_SLOW = (1.2, 2.6, 9.5, 36, 50.7)  # where nobody calls back
OVERALL_AFTER_COMPLAINT = (24, 46, 22, 8, 0)
NPS = {1: (0, 1, 2), 2: (2, 3, 4, 5), 3: (5, 6, 7, 7, 8), 4: (7, 8, 8, 9), 5: (8, 9, 9, 10, 10)}
HARDER = {"timeliness": 0.4, "communication": 0.32, "customer_feedback": 0.25, "guidance": 0.2}
EASIER = {"appearance": 0.3, "attitude": 0.2, "tact": 0.15}
BLANK = 0.012
COMMENTS = 0.2
REASONS = ("too_slow", "not_explained", "not_friendly", "too_expensive", "not_solved")
LOW = 2
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
    ) -> int:
        """Note what one customer answered at this moment; the overall answer."""
        dice = self.dice
        overall = 5 if perfect else self._overall(told)
        made = self.stage.add(
            SurveyResponse,
            callback_id=followup,
            vehicle_id=car.id,
            order_id=order and order.id,
            questionnaire_id=self.stage.shared.questionnaire,
            answered_at=at,
            answered_on=local_day(at),
            overall=overall,
            nps=10 if perfect else dice.choice(NPS[overall]),
            comment=None if perfect else _comment(dice, overall),
        )
        if order:
            self._add_answers(made, overall, perfect)
        return overall

    def _overall(self, told: Told | None) -> int:
        slow = self.stage.slow
        usual = OVERALL_SLOW if slow else OVERALL
        return self.dice.choices(range(1, 6), OVERALL_AFTER_COMPLAINT if told else usual)[0]

    def _add_answers(self, made: int, overall: int, perfect: bool) -> None:
        chance = self.dice.random
        for question, pool in self._pools[overall]:
            score = 5 if perfect else pool[int(chance() * POOL)]
            blank = not perfect and chance() < BLANK
            low = score <= LOW and not blank
            self.stage.add(
                SurveyAnswer,
                response_id=made,
                question_id=question,
                score=None if blank else score,
                reason=self.dice.choice(REASONS) if low else None,
            )


def _pool(code: str, overall: int) -> list[int]:
    """Scores around the overall answer; some questions are answered more severely than others."""
    dice = Random(f"{code}/{overall}")
    shift = EASIER.get(code, 0.0) - HARDER.get(code, 0.0)
    return [min(5, max(1, round(dice.gauss(overall + shift, 0.55)))) for _ in range(POOL)]


def _comment(dice: Random, overall: int) -> str | None:
    if overall <= LOW:
        return dice.choice(words.BLAME)
    if dice.random() > COMMENTS:
        return None
    return dice.choice(words.PRAISE if overall == 5 else words.REMARKS) or None
