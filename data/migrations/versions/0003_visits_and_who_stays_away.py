"""Visits are kept from the orders; insurance policies; who stays away, and what is done about it.

Tables that others point at are only added to (see 0002). `churn_case` is made anew on SQLite:
nothing points at it.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WORDS = {  # how each database counts days and months
    "sqlite": {
        "no": "CAST(julianday(opened_on) - 2440587.5 AS INTEGER)",
        "month": "CAST(strftime('%Y', opened_on) AS INTEGER) * 12"
        " + CAST(strftime('%m', opened_on) AS INTEGER) - 1",
    },
    "postgresql": {
        "no": "(opened_on - DATE '1970-01-01')",
        "month": "CAST(extract(year FROM opened_on) AS INTEGER) * 12"
        " + CAST(extract(month FROM opened_on) AS INTEGER) - 1",
    },
}
VISITS = """
INSERT INTO visit (store_id, vehicle_id, day, month, number, first_month, age_days, previous_on,
  previous_month, gap_days, next_on, spend_fen, year_fen)
SELECT store_id, vehicle_id, day, month, row_number() OVER along,
  first_value(month) OVER along, no - first_value(no) OVER along, lag(day) OVER along,
  lag(month) OVER along, no - lag(no) OVER along, lead(day) OVER along, spend,
  sum(spend) OVER (PARTITION BY store_id, vehicle_id ORDER BY no
    RANGE BETWEEN 364 PRECEDING AND CURRENT ROW)
FROM (SELECT store_id, vehicle_id, opened_on AS day, {no} AS no, {month} AS month,
    coalesce(sum(total_fen), 0) AS spend
  FROM repair_order GROUP BY store_id, vehicle_id, opened_on) days
WINDOW along AS (PARTITION BY store_id, vehicle_id ORDER BY no)
"""
POLICIES = (
    "INSERT INTO insurance_policy (store_id, vehicle_id, ends_on, noted_at)"
    " SELECT store_id, id, insurance_until, :now FROM vehicle WHERE insurance_until IS NOT NULL"
)


def added() -> dict[str, list[sa.Column]]:
    """The new columns by table."""
    return {
        "action": [sa.Column("churn_reason", sa.String(40))],
        "callback_rule": [
            sa.Column("hold_out", sa.Double(), server_default="0", nullable=False)
        ],
        "customer": [sa.Column("anonymised_at", MOMENT)],
        "norm": [sa.Column("version", ID, server_default="1", nullable=False)],
    }


def of_cases() -> list[sa.Column]:
    """The new columns of `churn_case`."""
    return [
        sa.Column("rule", sa.String(40)),
        sa.Column("list_code", sa.String(40)),
        sa.Column("held_out", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("year_fen", ID),
        sa.Column("analysis", sa.String(4000)),
        sa.Column("ask_id", ID),
        sa.Column("tell_id", ID),
        sa.Column("action_id", ID),
        sa.Column("returned_on", sa.Date()),
        sa.Column("lost_because", sa.String(4000)),
    ]


BY_CUSTOMER = ("callback", "complaint", "repair_order")
LINKS = {"ask_id": "callback", "tell_id": "callback", "action_id": "action"}


def upgrade() -> None:
    _make_visit()
    _make_policy()
    for table, columns in added().items():
        for column in columns:
            op.add_column(table, column)
    with op.batch_alter_table("churn_case") as cases:
        for column in of_cases():
            cases.add_column(column)
        for column, other in LINKS.items():
            name = f"fk_churn_case_store_id_{column}"
            cases.create_foreign_key(name, other, ["store_id", column], ["store_id", "id"])
    op.create_index("ix_churn_case_store_id_selected_at", "churn_case", ["store_id", "selected_at"])
    for table in BY_CUSTOMER:
        op.create_index(f"ix_{table}_store_id_customer_id", table, ["store_id", "customer_id"])
    op.execute(VISITS.format(**WORDS[op.get_bind().dialect.name]))
    now = sa.bindparam("now", datetime.now(UTC), type_=MOMENT)
    op.get_bind().execute(sa.text(POLICIES).bindparams(now))


def downgrade() -> None:
    for table in BY_CUSTOMER:
        op.drop_index(f"ix_{table}_store_id_customer_id", table_name=table)
    op.drop_index("ix_churn_case_store_id_selected_at", table_name="churn_case")
    with op.batch_alter_table("churn_case") as cases:
        for column in LINKS:
            cases.drop_constraint(f"fk_churn_case_store_id_{column}", type_="foreignkey")
        for column in of_cases():
            cases.drop_column(column.name)
    for table, columns in added().items():
        for column in columns:
            op.drop_column(table, column.name)
    op.drop_table("insurance_policy")
    op.drop_table("visit")


def _make_visit() -> None:
    op.create_table(
        "visit",
        sa.Column("store_id", ID, nullable=False),
        sa.Column("vehicle_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("age_days", sa.Integer(), nullable=False),
        sa.Column("previous_on", sa.Date()),
        sa.Column("previous_month", sa.Integer()),
        sa.Column("gap_days", sa.Integer()),
        sa.Column("next_on", sa.Date()),
        sa.Column("spend_fen", ID, nullable=False),
        sa.Column("year_fen", ID, nullable=False),
        sa.PrimaryKeyConstraint("store_id", "vehicle_id", "day", name="pk_visit"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_visit_store_id"),
        sa.ForeignKeyConstraint(
            ["store_id", "vehicle_id"],
            ["vehicle.store_id", "vehicle.id"],
            name="fk_visit_store_id_vehicle_id",
        ),
        sqlite_with_rowid=False,
    )


def _make_policy() -> None:
    op.create_table(
        "insurance_policy",
        sa.Column("id", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.Column("vehicle_id", ID, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("next_ends_on", sa.Date()),
        sa.Column("next_noted_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_insurance_policy"),
        sa.UniqueConstraint("store_id", "id", name="uq_insurance_policy_store_id_id"),
        sa.UniqueConstraint(
            "store_id",
            "vehicle_id",
            "ends_on",
            name="uq_insurance_policy_store_id_vehicle_id_ends_on",
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_insurance_policy_store_id"),
        sa.ForeignKeyConstraint(
            ["store_id", "vehicle_id"],
            ["vehicle.store_id", "vehicle.id"],
            name="fk_insurance_policy_store_id_vehicle_id",
        ),
    )
    op.create_index(
        "ix_insurance_policy_store_id_ends_on", "insurance_policy", ["store_id", "ends_on"]
    )
