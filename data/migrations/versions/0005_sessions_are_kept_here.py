"""Sessions are kept here, failed sign-ins are counted, an account may belong to a provider's."""

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WORDS = sa.String(200)

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("app_user", sa.Column("subject", WORDS))
    op.create_index("uq_app_user_subject", "app_user", ["subject"], unique=True)
    _login_session()
    _login_try()


def _login_session() -> None:
    op.create_table(
        "login_session",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key_hash", WORDS, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], "fk_login_session_user_id"),
        sa.UniqueConstraint("key_hash", name="uq_login_session_key_hash"),
    )
    op.create_index("ix_login_session_user_id", "login_session", ["user_id"])
    op.create_index("ix_login_session_seen_at", "login_session", ["seen_at"])


def _login_try() -> None:
    op.create_table(
        "login_try",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("failures", ID, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.UniqueConstraint("key", name="uq_login_try_key"),
    )
    op.create_index("ix_login_try_since", "login_try", ["since"])
