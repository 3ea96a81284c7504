"""What every write on a customer's file has in common: not repeated, not overtaken, logged."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from data import callers
from data.commands import NotFound, Refused, cases, command
from data.db import person_of
from data.models import Customer
from data.person import Right

Write = Callable[..., dict[str, Any]]


def change(kind: str) -> Callable[[Write], Write]:
    """Declare a write on a customer's file, for those who ring customers; `kind` is its event.

    The function gets the customer and answers what the event says; nothing means nothing was
    changed. An agent needs a call of the customer. Callers give `customer_id`, the `version` their
    form was opened with, and `now`; a repeated attempt is answered as the first time.
    """

    def declare(run: Write) -> Write:
        @command(Right.RECORD_FOLLOWUPS)
        @wraps(run)
        def changed(
            session: Session, *, customer_id: int, version: int, now: datetime, **values: Any
        ) -> dict[str, Any]:
            customer = found(session, customer_id)

            def write() -> dict[str, Any] | None:
                if customer.anonymised_at:
                    raise Refused(
                        "The personal data of this customer were taken out: nothing to do."
                    )
                data = run(session, customer, now=now, **values)
                if data:
                    flag_modified(customer, "name")  # the file has a new version, whatever changed
                return data or None

            return cases.once(session, customer, kind, write, version=version, now=now)

        return changed

    return declare


def found(session: Session, customer_id: int) -> Customer:
    """The customer, if the file exists for the session's person, locked until the end."""
    customer = session.get(Customer, customer_id, with_for_update=True)
    if customer is None or not callers.knows(session, person_of(session), customer):
        raise NotFound("There is no such customer among yours.")
    return customer
