"""The newest events of a store about a subject are found at once."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_event_store_id_subject_id", "event", ["store_id", "subject", "id"])
