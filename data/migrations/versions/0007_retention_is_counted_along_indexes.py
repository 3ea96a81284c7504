"""What retention counts lies in the order in which it is counted; a visit knows the car's sale."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MONTHS = ["store_id", "month", "first_month", "previous_month", "day", "next_on"]
ENDS = ["store_id", "ends_on", "next_ends_on", "next_noted_at", "noted_at"]

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
    op.create_index("ix_visit_months", "visit", MONTHS)
    op.create_index("ix_insurance_policy_ends", "insurance_policy", ENDS)
    op.drop_index("ix_insurance_policy_store_id_ends_on", "insurance_policy")


def downgrade() -> None:
    op.create_index(
        "ix_insurance_policy_store_id_ends_on", "insurance_policy", ["store_id", "ends_on"]
    )
    op.drop_index("ix_insurance_policy_ends", "insurance_policy")
    op.drop_index("ix_visit_months", "visit")
    op.drop_column("visit", "sold_month")
