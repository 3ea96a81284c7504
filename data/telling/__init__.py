"""What is to be told outside: who was given work, what runs late, which reports are due.

It is read from the log and from the rows as they stand, so that it is told however the change came
about, and each thing once: the key of a message says what it is about. Messages hold no free words
and nothing of a customer; who may see more follows the number.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import db, outbox
from data.models import MessageChannel, Store
from data.person import SYSTEM
from data.telling import complaints, improvements, reports
from data.telling.news import News

Teller = Callable[[Session, Store, datetime], Iterator[News]]

TELLERS: dict[MessageChannel, tuple[Teller, ...]] = {
    MessageChannel.WEBHOOK: (
        complaints.assigned,
        complaints.coming_breaches,
        improvements.assigned,
        improvements.overdue,
    ),
    MessageChannel.MAIL: (reports.due,),
}


def tell(*, now: datetime, channels: Collection[MessageChannel]) -> dict[str, int]:
    """Write down what is new at `now` for those channels that are set up; how many, by kind."""
    with db.reading(as_=SYSTEM) as session:
        stores = session.scalars(select(Store.id).order_by(Store.id)).all()
    told = Counter[str]()
    for store_id in stores if channels else ():
        with db.writing(by=SYSTEM) as session:
            store = session.get_one(Store, store_id)
            for channel in channels:
                told += _tell(session, store, now, channel)
    return dict(told)


def _tell(session: Session, store: Store, now: datetime, channel: MessageChannel) -> Counter[str]:
    told = Counter[str]()
    for teller in TELLERS[channel]:
        for news in teller(session, store, now):
            told[news.kind] += outbox.put(
                session,
                store_id=store.id,
                key=news.key,
                channel=channel,
                kind=news.kind,
                address=news.address,
                data=news.data,
                now=now,
            )
    return +told
