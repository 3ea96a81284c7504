"""What came of invitations is kept by store and day, too."""

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SIDES = ("called", "not_called", "held_out")

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is worked out here: the first refresh does that, and until then rows are read."""
    op.create_table(
        "invited_day",
        sa.Column("store_id", ID, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        *(
            sa.Column(f"{side}{what}", sa.Integer(), nullable=False)
            for side in SIDES
            for what in ("", "_came")
        ),
        sa.PrimaryKeyConstraint("store_id", "due_on", name="pk_invited_day"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], "fk_invited_day_store_id"),
        sqlite_with_rowid=False,
    )

