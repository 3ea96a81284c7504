"""What figures are made of: the subjects of the log whose events may change them.

Imports and what administrators change may change everything, and are named nowhere.
"""

from typing import Any

from data.models import (
    ChurnCase,
    Complaint,
    Customer,
    Employee,
    Followup,
    FollowupRule,
    Improvement,
    Promise,
)

Subjects = frozenset[str]


def _of(*models: Any) -> Subjects:
    return frozenset(model.__tablename__ for model in models)


VISITS = _of()  # they are only ever read in
CARS = _of(Customer)
STAFF = _of(Employee)
CALLS = _of(Followup, FollowupRule, ChurnCase, Customer)  # the latter three have calls planned
CASES = _of(Complaint)
CASES_OVER_TIME = _of(Complaint, Improvement)  # an action that is done begins a new phase
PROMISES = _of(Promise, Complaint, Followup)  # a case and a call may promise something
ACTIONS = _of(Improvement, Customer)  # a customer who is forgotten goes from their titles too
CHURN = _of(ChurnCase)
