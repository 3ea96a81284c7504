"""The kinds of tables that can be read."""

from data.importing.kinds.complaints import COMPLAINTS
from data.importing.kinds.customers import CUSTOMERS
from data.importing.kinds.employees import EMPLOYEES
from data.importing.kinds.followups import FOLLOWUPS
from data.importing.kinds.improvements import IMPROVEMENTS
from data.importing.kinds.kind import Kind
from data.importing.kinds.orders import ORDERS
from data.importing.kinds.surveys import SURVEYS

ALL = (CUSTOMERS, ORDERS, EMPLOYEES, COMPLAINTS, FOLLOWUPS, SURVEYS, IMPROVEMENTS)
KINDS: dict[str, Kind] = {kind.code: kind for kind in ALL}
