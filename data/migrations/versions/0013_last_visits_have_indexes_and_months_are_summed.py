"""Last visits lie in the order of days and of what was spent; cohorts are counted by month."""

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COUNTS = ("came", "first_in_quarter", "last_seen")
LAST = {f"{database}_where": sa.text("next_on IS NULL") for database in ("sqlite", "postgresql")}
FILL = """
INSERT INTO visit_month (store_id, first_month, month, came, first_in_quarter, last_seen)
SELECT store_id, first_month, month,
  count(*) FILTER (WHERE previous_month IS NULL OR previous_month < month),
  count(*) FILTER (WHERE previous_month IS NULL OR previous_month / 3 < month / 3),
  count(*) FILTER (WHERE next_on IS NULL)
FROM visit GROUP BY store_id, first_month, month
"""

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_visit_last", "visit", ["store_id", "day", "next_on"], **LAST)
    op.create_index("ix_visit_last_spent", "visit", ["year_fen", "store_id"], **LAST)
    op.create_table(
        "visit_month",
        sa.Column("store_id", ID, nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.PrimaryKeyConstraint("store_id", "first_month", "month", name="pk_visit_month"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], "fk_visit_month_store_id"),
        sqlite_with_rowid=False,
    )
    op.execute(FILL)
