"""How many customers the house has."""

from pandas import DataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.matters import VISITS
from data.metrics.retention.standing import back, standing
from data.models import Visit
from data.scope import Scope

YEAR = 12


@metric("active_base", "Active customer base", unit="vehicles", reads=VISITS)
def active_base(session: Session, scope: Scope) -> Answer:
    """Vehicles with a visit in the twelve months up to the data time. Speaks for the data time:
    the period does not narrow it.
    """
    recent = Visit.day >= back(scope, YEAR)
    query = select(func.count().filter(recent), func.count()).select_from(Visit)
    active, known = session.execute(query.where(*standing(session, scope))).one()
    row = {"value": active, "known": known}
    return Answer(DataFrame([row]), row)
