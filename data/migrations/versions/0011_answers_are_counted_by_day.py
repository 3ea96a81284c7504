"""How many answers a day has, and how many in words, is kept by day; what ended lately is found."""

import sqlalchemy as sa
from alembic import op

OVER = {f"{base}_where": sa.text("ended_at IS NOT NULL") for base in ("sqlite", "postgresql")}

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is worked out here: the next refresh does that for all days, and until then rows are
    read."""
    for table in ("answer_day", "answer_adviser_day"):
        for name in ("given", "worded"):
            column = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
            op.add_column(table, column)
    op.create_index("ix_callback_over", "callback", ["store_id", "ended_at"], **OVER)
    op.execute("DELETE FROM ledger WHERE name = 'answered'")
