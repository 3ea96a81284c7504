"""Customers: showing what is hidden until somebody needs it."""

from datetime import datetime

from sqlalchemy.orm import Session

from data import events
from data.commands import NotFound, command
from data.models import Customer
from data.person import Right


@command(Right.SEE_PEOPLE)
def reveal_phone(session: Session, *, customer_id: int, now: datetime) -> str:
    """The customer's phone number; that somebody looked is logged."""
    customer = session.get(Customer, customer_id)
    if customer is None or not customer.phone:
        raise NotFound("There is no phone number for this customer among your stores.")
    if not events.already(session, customer):
        events.record(session, customer, "phone_revealed", at=now)
    return customer.phone
