"""The keys every table of the dealers' work has, so that no row can point into another store."""

from typing import Annotated, Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Integer, String, UniqueConstraint
from sqlalchemy.orm import mapped_column

Id = Annotated[int, mapped_column(primary_key=True)]
Code = Annotated[str, mapped_column(String(40))]
Note = Annotated[str, mapped_column(String(4000))]
Small = Annotated[int, mapped_column(Integer)]


def owned(*more: Any, **refers: str) -> tuple[Any, ...]:
    """The table arguments of a store-owned table.

    Each of `refers` is column="table": a foreign key over (store_id, column).
    """
    return (
        UniqueConstraint("store_id", "id"),
        ForeignKeyConstraint(["store_id"], ["store.id"]),
        *(
            ForeignKeyConstraint(["store_id", column], [f"{other}.store_id", f"{other}.id"])
            for column, other in refers.items()
        ),
        *more,
    )


def shared(table: str) -> Any:
    """A foreign key to something all stores share."""
    return ForeignKey(f"{table}.id")
