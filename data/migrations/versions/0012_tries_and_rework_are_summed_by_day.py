"""Tries know their local day and hour; they, and rework, are kept by day, too."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SOME_DAY = "1970-01-01"  # until the rows are filled in below
AGAIN = {
    "sqlite_where": sa.text("rework = 1 OR rework_of_id IS NOT NULL"),
    "postgresql_where": sa.text("rework OR rework_of_id IS NOT NULL"),
}
LOCAL = {  # how each database reads the clock of a store
    "sqlite": "tried_on = substr(local(at, timezone), 1, 10),"
    " hour = CAST(substr(local(at, timezone), 12, 2) AS INTEGER)",
    "postgresql": "tried_on = CAST(timezone(s.timezone, at) AS date),"
    " hour = CAST(extract(hour FROM timezone(s.timezone, at)) AS integer)",
}

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No sums are worked out here: the next refresh does that, and until then rows are read."""
    _tries()
    _tried()
    _repaired()
    order = ("repair_order", ["store_id", "rework_of_id"])
    op.create_index("ix_repair_order_again", *order, **AGAIN)
    op.execute("DELETE FROM ledger WHERE name = 'delivered'")


def _tries() -> None:
    op.drop_index("ix_call_attempt_store_id_at", "call_attempt")
    day = sa.Column("tried_on", sa.Date(), server_default=SOME_DAY, nullable=False)
    hour = sa.Column("hour", sa.Integer(), server_default="0", nullable=False)
    for column in (day, hour):
        op.add_column("call_attempt", column)
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        driver = op.get_bind().connection.driver_connection
        driver.create_function("local", 2, _local, deterministic=True)
    stores = "FROM store s WHERE s.id = call_attempt.store_id"
    op.execute(f"UPDATE call_attempt SET {LOCAL[dialect]} {stores}")
    op.create_index("ix_call_attempt_store_id_tried_on", "call_attempt", ["store_id", "tried_on"])


def _local(at: str, zone: str) -> str:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return moment.astimezone(ZoneInfo(zone)).isoformat()


def _tried() -> None:
    op.create_table(
        "tried_day",
        sa.Column("store_id", ID, nullable=False),
        sa.Column("id", ID, primary_key=True),
        sa.Column("tried_on", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("rule_id", ID),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("connected", sa.Integer(), nullable=False),
        sa.UniqueConstraint("store_id", "id", name="uq_tried_day_store_id_id"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], "fk_tried_day_store_id"),
    )
    op.create_index("ix_tried_day_store_id_tried_on", "tried_day", ["store_id", "tried_on"])


def _repaired() -> None:
    op.create_table(
        "repaired_day",
        sa.Column("store_id", ID, nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("reworked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "delivered_on", name="pk_repaired_day"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], "fk_repaired_day_store_id"),
        sqlite_with_rowid=False,
    )
