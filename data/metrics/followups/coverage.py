"""Does every delivered order have its callback."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.metrics import Answer, metric
from data.metrics.followups.owed import share_of
from data.metrics.matters import CALLS
from data.metrics.trend import GRAINS
from data.models import RepairOrder, Store
from data.scope import Scope
from data.sums.covered import COVERED, wanted
from data.sums.delivered import DELIVERED
from data.sums.reading import Question, added_up


@metric(
    "followup_coverage",
    "Orders with their callback",
    unit="share",
    reads=CALLS,
    grain=GRAINS,
    by=("period", "store"),
)
def followup_coverage(
    session: Session, scope: Scope, *, grain: str = "week", by: str = "period"
) -> Answer:
    """Delivered orders whose vehicle has a callback for that day ÷ delivered orders that should
    have one: not of fleet and own cars, nor of customers who wish no calls, nor of days before the
    rule began. An order counts once its callback is planned or should be over; a gap is a fault
    in the data. By the day of delivery.
    """
    order, keys = RepairOrder, [{"period": "delivered_on", "store": "store_id"}[by]]
    # said even of all stores: so the databases read store by store, in the order of days
    everywhere = order.store_id.in_(select(Store.id))
    rows = [everywhere, *scope.where(order, order.delivered_on), *wanted(scope.as_of)]
    asked = Question(DELIVERED, COVERED, keys, ("called", "expected", "waiting"), rows, [])
    found = [row for row in added_up(session, scope, asked) if any(row[1:])]
    return share_of(session, found, scope, grain, by)
