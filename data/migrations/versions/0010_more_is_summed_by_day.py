"""What was heard on calls, tries in vain, answers by adviser and orders with their callback are kept
by day, too."""

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CODE = sa.String(40)
HEARD = (
    *("completed", "timed", "proper", "short", "named", "apart", "n", "content", "top"),
    *("matured", "reached", "replied", "scored", "satisfied", "unreached", "waiting"),
    *("seconds", "total", "squares", "blank", "asked"),
)
ANSWERS = ("n", "content", "top", "discontent", "asked_nps", "promoters", "detractors")

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is worked out here: the next refresh does that for all days, and until then rows are
    read."""
    squares = sa.Column("seconds_squared", sa.BigInteger(), nullable=False)
    _sums("heard_day", "due_on", HEARD, _id("rule_id"), _id("agent_id"), squares)
    result = sa.Column("result", CODE, nullable=False)
    _sums("unreached_day", "due_on", ("tries",), _id("rule_id"), result)
    _sums("answer_adviser_day", "answered_on", ANSWERS, _id("adviser_id"))
    _covered()
    op.create_index(
        "ix_survey_response_store_id_order_id", "survey_response", ["store_id", "order_id"]
    )
    op.execute("DELETE FROM ledger WHERE name IN ('due', 'answered')")


def _covered() -> None:
    counts = ("called", "expected", "waiting")
    op.create_table(
        "covered_day",
        sa.Column("store_id", ID, nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.PrimaryKeyConstraint("store_id", "delivered_on", name="pk_covered_day"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], "fk_covered_day_store_id"),
        sqlite_with_rowid=False,
    )


def _sums(table: str, day: str, sums: tuple[str, ...], *keys: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("store_id", ID, nullable=False),
        sa.Column("id", ID, primary_key=True),
        sa.Column(day, sa.Date(), nullable=False),
        *keys,
        *(sa.Column(name, sa.Integer(), nullable=False) for name in sums),
        sa.UniqueConstraint("store_id", "id", name=f"uq_{table}_store_id_id"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], f"fk_{table}_store_id"),
    )
    op.create_index(f"ix_{table}_store_id_{day}", table, ["store_id", day])


def _id(name: str) -> sa.Column:
    return sa.Column(name, ID)
