"""Effects of actions are checked, screens are linked, reports and messages leave the house.

Tables that others point at are only added to (see 0002). `review_item` is made anew on SQLite:
nothing points at it.
"""

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
CODE, NOTE, WORDS = sa.String(40), sa.String(4000), sa.String(200)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def added() -> dict[str, list[sa.Column]]:
    """The new columns by table."""
    return {
        "action": [
            sa.Column("dimension", CODE),
            sa.Column("training", sa.JSON()),
            sa.Column("created_by", CODE),
            sa.Column("cancelled_at", MOMENT),
            sa.Column("reopened", ID, server_default="0", nullable=False),
        ],
        "complaint_category": [
            sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
            _version(),
        ],
        "review": [sa.Column("closed_by", CODE)],
        "screen_token": [
            sa.Column("link_hash", WORDS),
            sa.Column("link_until", MOMENT),
            sa.Column("linked_at", MOMENT),
            sa.Column("opens", CODE, server_default="08:00", nullable=False),
            sa.Column("closes", CODE, server_default="20:00", nullable=False),
            sa.Column("language", CODE, server_default="both", nullable=False),
            _version(),
        ],
        "target": [_version()],
    }


def _version() -> sa.Column:
    return sa.Column("version", ID, server_default="1", nullable=False)


def upgrade() -> None:
    for table, columns in added().items():
        for column in columns:
            op.add_column(table, column)
    with op.batch_alter_table("review_item") as items:
        items.add_column(sa.Column("complaint_id", ID))
        items.create_foreign_key(
            "fk_review_item_store_id_complaint_id",
            "complaint",
            ["store_id", "complaint_id"],
            ["store_id", "id"],
        )
    _make_check()
    _make_subscription()
    _make_message()


def downgrade() -> None:
    for table in ("message", "subscription", "action_check"):
        op.drop_table(table)
    with op.batch_alter_table("review_item") as items:
        items.drop_constraint("fk_review_item_store_id_complaint_id", type_="foreignkey")
        items.drop_column("complaint_id")
    for table, columns in added().items():
        for column in columns:
            op.drop_column(table, column.name)


def _owned(table: str, *refers: tuple[str, str]) -> list[sa.schema.SchemaItem]:
    """The keys of a store's table; `refers` are (column, other table)."""
    return [
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("store_id", "id", name=f"uq_{table}_store_id_id"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=f"fk_{table}_store_id"),
        *(
            sa.ForeignKeyConstraint(
                ["store_id", column],
                [f"{other}.store_id", f"{other}.id"],
                name=f"fk_{table}_store_id_{column}",
            )
            for column, other in refers
        ),
    ]


def _make_check() -> None:
    unique = ("store_id", "action_id", "done_on", "days")
    op.create_table(
        "action_check",
        sa.Column("id", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.Column("action_id", ID, nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("days", ID, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("verdict", CODE, nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        *_owned("action_check", ("action_id", "action")),
        sa.UniqueConstraint(*unique, name=f"uq_action_check_{'_'.join(unique)}"),
    )


def _make_subscription() -> None:
    unique = ("store_id", "report", "address")
    op.create_table(
        "subscription",
        sa.Column("id", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.Column("report", CODE, nullable=False),
        sa.Column("address", WORDS, nullable=False),
        sa.Column("language", CODE, nullable=False),
        sa.Column("format", CODE, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", ID, nullable=False),
        *_owned("subscription"),
        sa.UniqueConstraint(*unique, name=f"uq_subscription_{'_'.join(unique)}"),
    )


def _make_message() -> None:
    op.create_table(
        "message",
        sa.Column("id", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("channel", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("address", WORDS),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("tries", ID, nullable=False),
        sa.Column("claimed_at", MOMENT),
        sa.Column("sent_at", MOMENT),
        sa.Column("given_up_at", MOMENT),
        sa.Column("trouble", NOTE),
        *_owned("message"),
        sa.UniqueConstraint("store_id", "key", name="uq_message_store_id_key"),
    )
    op.create_index(
        "ix_message_sent_at_given_up_at_next_try_at",
        "message",
        ["sent_at", "given_up_at", "next_try_at"],
    )
