"""Finding one customer by what a person at the command line knows of them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Customer, Store

LONGEST_ID = 18


@dataclass(frozen=True, slots=True)
class Found:
    """A customer: id, name, and the code of their store."""

    id: int
    name: str
    store: str


def identify(session: Session, text: str, store: str | None = None) -> Found | None:
    """The customer with this number of the dealer's at `store`; without a store, with this id."""
    query = select(Customer.id, Customer.name, Store.code).join(
        Store, Store.id == Customer.store_id
    )
    if store is not None:
        query = query.where(Store.code == store, Customer.number == text)
    elif text.isdecimal() and len(text) <= LONGEST_ID:
        query = query.where(Customer.id == int(text))
    else:
        return None
    row = session.execute(query).first()
    return Found(*row) if row else None
