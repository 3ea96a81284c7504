"""Whether cases were in time is read from the index by day, on PostgreSQL."""

from alembic import op

INDEX = "ix_complaint_store_id_opened_on"
KEYS = ["store_id", "opened_on"]
MOMENTS = (
    *("opened_at", "since", "reply_due_at", "reply_breached_at", "replied_at"),
    *("close_due_at", "close_breached_at", "resolved_at", "closed_at"),
)

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The same index with what is read of each case; SQLite keeps it as it is."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(INDEX, "complaint")
        op.create_index(INDEX, "complaint", KEYS, postgresql_include=MOMENTS)
