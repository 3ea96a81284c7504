"""A share of the vehicles, of all stores together or store by store."""

from collections.abc import Sequence

from pandas import DataFrame
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.metrics import Answer
from data.metrics.trend import by_key
from data.models import Store
from data.stats import rate

BY = ("all", "store")
ALL = "all"


def of_stores(session: Session, counted: Sequence[tuple[int, int, int]], by: str) -> Answer:
    """The answer of a share from (store's id, met, of how many): a row `all`, or one a store."""
    met, whole = (sum(row[place] for row in counted) for place in (1, 2))
    told = dict(rate(met, whole))
    if by == ALL:
        return Answer(DataFrame([{"key": ALL, **told}]), told)
    codes = dict(session.execute(select(Store.id, Store.code)).all())
    rows = sorted((codes[store], met, whole, 0) for store, met, whole in counted)
    return Answer(by_key(rows), told)
