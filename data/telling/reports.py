"""Which reports are due to whom."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Store, Subscription
from data.outbox import of_subscription
from data.telling.news import News

MONTHLY = "monthly"
MORNING = 8  # o'clock, local: from then on a report may be sent
DAYS = 3  # a report that could not be sent on its first day is sent on one of the next


def due(session: Session, store: Store, now: datetime) -> Iterator[News]:
    """The report of each subscription, in the days when it is due."""
    local = now.astimezone(ZoneInfo(store.zone))
    wanted = (Subscription.store_id == store.id, Subscription.active)
    for one in session.scalars(select(Subscription).where(*wanted).order_by(Subscription.id)):
        period = period_due(one.report, local)
        if period is not None:
            said = {"report": one.report, "period": period}
            manner = {"language": one.language, "format": one.format}
            key = f"{of_subscription(one.id)}{period}"
            yield News("report", key, said | manner, one.address)


def period_due(report: str, local: datetime) -> str | None:
    """The week ("2026-W47") or month ("2026-10") whose report is due at a local moment.

    Weekly on Monday morning, monthly on the first: and for three days, should the first not do.
    """
    today = local.date()
    first = today.replace(day=1) if report == MONTHLY else today - timedelta(today.weekday())
    days = (today - first).days
    if days >= DAYS or (days == 0 and local.hour < MORNING):
        return None
    last = first - timedelta(days=1)
    return f"{last:%Y-%m}" if report == MONTHLY else f"{last:%G-W%V}"
