"""Who gets which report of a store by mail."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Store, Subscription

SHOWN = ("id", "version", "report", "address", "language", "format")


def active(session: Session) -> Sequence[dict[str, Any]]:
    """The subscriptions that run, by store, report and address: SHOWN, store, store_name."""
    query = (
        select(Subscription, Store.code, Store.name)
        .join(Store, Store.id == Subscription.store_id)
        .where(Subscription.active)
        .order_by(Store.code, Subscription.report.desc(), Subscription.address)
    )
    return [
        {name: getattr(row, name) for name in SHOWN} | {"store": code, "store_name": name}
        for row, code, name in session.execute(query)
    ]
