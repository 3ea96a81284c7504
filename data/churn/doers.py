"""Who may be given what is done about a reason to stay away."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Employee, Store
from data.scope import Scope


def doers(session: Session, scope: Scope) -> Sequence[tuple[Store, Employee]]:
    """Everybody who works at the stores in scope, store by store."""
    query = select(Store, Employee).join(Employee, Employee.store_id == Store.id)
    query = query.where(Employee.active, *scope.where(Employee))
    rows = session.execute(query.order_by(Store.code, Employee.role, Employee.name))
    return [(store, one) for store, one in rows]
