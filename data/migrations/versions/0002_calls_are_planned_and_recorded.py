"""Calls are planned and recorded.

Tables that others point at are only added to: SQLite cannot make them anew while rows refer to
them. What is known of the calls already there is worked out from their attempts and answers.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("ended_at IS NULL")
SOME_DAY = "1970-01-01"  # until the rows are filled in below
CHUNK = 10_000

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

USER = "user_id {kind} CONSTRAINT fk_employee_user_id REFERENCES app_user (id)"
INDEXES = (  # name, table, columns, further words
    ("ix_callback_open", "callback", ["store_id", "due_at"],
     {"sqlite_where": OPEN, "postgresql_where": OPEN}),
    ("ix_callback_store_id_due_on", "callback", ["store_id", "due_on"], {}),
    ("ix_callback_store_id_vehicle_id_anchored_on", "callback",
     ["store_id", "vehicle_id", "anchored_on"], {}),
    ("uq_callback_store_id_rule_id_anchor", "callback", ["store_id", "rule_id", "anchor"],
     {"unique": True}),
    ("uq_employee_store_id_user_id", "employee", ["store_id", "user_id"], {"unique": True}),
    ("ix_survey_response_store_id_answered_on", "survey_response",
     ["store_id", "answered_on"], {}),
    ("uq_survey_response_store_id_number", "survey_response", ["store_id", "number"],
     {"unique": True}),
)  # fmt: skip

TRIES = "FROM call_attempt a WHERE a.store_id = callback.store_id AND a.callback_id = callback.id"
TALKED = f"{TRIES} AND a.result = 'connected'"
SOME = "HAVING count(*) > 0"  # else SQLite looks for the earliest along all tries of the store
SCORES = (
    "FROM survey_answer s WHERE s.store_id = survey_response.store_id"
    " AND s.response_id = survey_response.id"
)
REQUIRED = f"{SCORES} AND s.question_id IN (SELECT q.id FROM question q WHERE q.required)"
FILLED = (
    f"UPDATE callback SET attempts = (SELECT count(*) {TRIES}),"
    f" first_attempt_at = (SELECT min(a.at) {TRIES} {SOME}),"
    f" connected_at = (SELECT min(a.at) {TALKED} {SOME}),"
    f" talk_s = (SELECT max(a.duration_s) {TALKED}),"
    f" ended_at = CASE WHEN state IN ('planned', 'due') THEN NULL"
    f" ELSE coalesce(completed_at, (SELECT max(a.at) {TRIES} {SOME}),"
    f" CASE WHEN state = 'unreachable' THEN expires_at ELSE planned_at END) END",
    "UPDATE callback SET anchored_on = (SELECT r.delivered_on FROM repair_order r"
    " WHERE r.store_id = callback.store_id AND r.id = callback.order_id)",
    "UPDATE callback SET anchor = 'v' || vehicle_id || ' ' || anchored_on WHERE rule_id IN"
    " (SELECT id FROM callback_rule WHERE \"trigger\" = 'order_delivered') AND id IN (SELECT min(id)"
    " FROM callback GROUP BY store_id, rule_id, vehicle_id, anchored_on)",
    f"UPDATE survey_response SET asked = (SELECT count(*) {REQUIRED}),"
    f" blank = (SELECT count(*) {REQUIRED} AND s.score IS NULL AND s.remark IS NULL),"
    f" lowest = (SELECT min(s.score) {SCORES})",
    "UPDATE survey_response SET lowest = overall"
    " WHERE overall IS NOT NULL AND (lowest IS NULL OR overall < lowest)",
)


def added() -> dict[str, list[sa.Column]]:
    """The new columns by table."""
    return {
        "callback": [
            sa.Column("anchor", sa.String(40)),
            sa.Column("anchored_on", sa.Date()),
            sa.Column("due_on", sa.Date(), server_default=SOME_DAY, nullable=False),
            sa.Column("attempts", ID, server_default="0", nullable=False),
            sa.Column("first_attempt_at", MOMENT),
            sa.Column("connected_at", MOMENT),
            sa.Column("next_try_at", MOMENT),
            sa.Column("ended_at", MOMENT),
            sa.Column("talk_s", ID),
        ],
        "callback_rule": [
            sa.Column("care_date", sa.String(40)),
            sa.Column("gap_months", ID),
            sa.Column("window", sa.String(40)),
            sa.Column("retry_hours", ID, server_default="3", nullable=False),
            sa.Column("starts_on", sa.Date()),
        ],
        "known_issue": [
            sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False)
        ],
        "survey_response": [
            sa.Column("number", sa.String(40)),
            sa.Column("answered_on", sa.Date(), server_default=SOME_DAY, nullable=False),
            sa.Column("reason", sa.String(40)),
            sa.Column("lowest", ID),
            sa.Column("asked", ID, server_default="0", nullable=False),
            sa.Column("blank", ID, server_default="0", nullable=False),
        ],
    }


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("id", ID, nullable=False),
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column("period", sa.String(40), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("outcome", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_job_run"),
        sa.UniqueConstraint("job", "period", name="uq_job_run_job_period"),
    )
    op.create_table(
        "norm",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_norm"),
        sa.UniqueConstraint("code", name="uq_norm_code"),
    )
    for table, columns in added().items():
        for column in columns:
            op.add_column(table, column)
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE employee ADD COLUMN {USER.format(kind=kind)}")
    op.drop_index("ix_callback_store_id_vehicle_id", table_name="callback")
    for statement in FILLED:
        op.execute(statement)
    _fill_days("callback", "due_at", "due_on")
    _fill_days("survey_response", "answered_at", "answered_on")
    for name, table, columns, more in INDEXES:
        op.create_index(name, table, columns, **more)


def downgrade() -> None:
    for name, table, *_ in INDEXES:
        op.drop_index(name, table_name=table)
    op.create_index("ix_callback_store_id_vehicle_id", "callback", ["store_id", "vehicle_id"])
    op.drop_column("employee", "user_id")
    for table, columns in added().items():
        for column in columns:
            op.drop_column(table, column.name)
    op.drop_table("norm")
    op.drop_table("job_run")


def _fill_days(table: str, moment: str, day: str) -> None:
    """The local day of a moment, by the clock of each row's store."""
    connection = op.get_bind()
    zones = dict(connection.execute(sa.text("SELECT id, timezone FROM store")).all())
    rows = sa.table(
        table, sa.column("id", ID), sa.column("store_id", ID), sa.column(moment, MOMENT),
        sa.column(day, sa.Date()),
    )  # fmt: skip
    later = sa.bindparam("after")
    chunk = (
        sa.select(rows.c.id, rows.c.store_id, rows.c[moment])
        .where(rows.c.id > later)
        .order_by(rows.c.id)
        .limit(CHUNK)
    )
    update = (
        rows.update().where(rows.c.id == sa.bindparam("row")).values({day: sa.bindparam("local")})
    )
    after = 0
    while found := connection.execute(chunk, {"after": after}).all():
        days = [{"row": row, "local": _local(at, zones[store])} for row, store, at in found]
        connection.execute(update, days)
        after = found[-1][0]


def _local(at: datetime, zone: str) -> date:
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    return moment.astimezone(ZoneInfo(zone)).date()
