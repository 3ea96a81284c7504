"""What retention counts lies in the order in which it is counted; a visit knows the car's sale."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NEW = {
    "ix_visit_months": (
        "visit",
        ["store_id", "month", "first_month", "previous_month", "day", "next_on"],
    ),
    "ix_insurance_policy_ends": (
        "insurance_policy",
        ["store_id", "ends_on", "next_ends_on", "next_noted_at", "noted_at"],
    ),
    "ix_callback_due_days": (
        "callback",
        ["store_id", "due_on", "rule_id", "vehicle_id", "due_at", "excluded", "first_attempt_at"],
    ),
    "ix_vehicle_store_id_sold_on": ("vehicle", ["store_id", "sold_on"]),
}
OLD = {
    "ix_insurance_policy_store_id_ends_on": ("insurance_policy", ["store_id", "ends_on"]),
    "ix_callback_store_id_due_on": ("callback", ["store_id", "due_on"]),
}
SOLD = {  # the month of the sale, as each database numbers it
    "sqlite": "CAST(strftime('%Y', sold_on) AS INTEGER) * 12"
    " + CAST(strftime('%m', sold_on) AS INTEGER) - 1",
    "postgresql": "CAST(extract(year FROM sold_on) AS INTEGER) * 12"
    " + CAST(extract(month FROM sold_on) AS INTEGER) - 1",
}
FILL = """
UPDATE visit SET sold_month = (SELECT {month} FROM vehicle
  WHERE vehicle.store_id = visit.store_id AND vehicle.id = visit.vehicle_id)
"""


def upgrade() -> None:
    op.add_column("visit", sa.Column("sold_month", sa.Integer()))
    op.execute(FILL.format(month=SOLD[op.get_bind().dialect.name]))
    _exchange(OLD, NEW)


def downgrade() -> None:
    _exchange(NEW, OLD)
    op.drop_column("visit", "sold_month")


def _exchange(old: dict[str, tuple[str, list[str]]], new: dict[str, tuple[str, list[str]]]) -> None:
    for name, (table, _) in old.items():
        op.drop_index(name, table)
    for name, (table, columns) in new.items():
        op.create_index(name, table, columns)
