"""Clean rows into the database: added, changed, left alone, or refused because they contradict."""

from collections.abc import Callable

from data.importing.storing.complaints import Complaints
from data.importing.storing.customers import Customers
from data.importing.storing.desk import Desk, Writer
from data.importing.storing.employees import Employees
from data.importing.storing.followups import Followups
from data.importing.storing.improvements import Improvements
from data.importing.storing.orders import Orders
from data.importing.storing.surveys import Surveys

WRITERS: dict[str, Callable[[Desk], Writer]] = {
    "customers": Customers,
    "repair-orders": Orders,
    "employees": Employees,
    "complaints": Complaints,
    "followups": Followups,
    "surveys": Surveys,
    "improvements": Improvements,
}
