"""All sums by the local day on which an order was delivered."""

from data.models import RepairOrder
from data.sums.covered import COVERED, later
from data.sums.faulty import FAULTY_ORDERS
from data.sums.kinds import Ledger
from data.sums.repaired import REPAIRED

DELIVERED = Ledger(
    "delivered",
    RepairOrder.store_id,
    RepairOrder.delivered_on,
    later,
    (COVERED, REPAIRED, FAULTY_ORDERS),
)
