"""All sums by the local day on which an answer was given."""

from data.models import SurveyResponse
from data.sums.answers import BY_CALL, BY_ORDER, SCORES
from data.sums.faulty import FAULTY_ANSWERS
from data.sums.kinds import Ledger

ANSWERED = Ledger(
    "answered",
    SurveyResponse.store_id,
    SurveyResponse.answered_on,
    lambda as_of: SurveyResponse.answered_at > as_of,
    (BY_CALL, BY_ORDER, SCORES, FAULTY_ANSWERS),
)
