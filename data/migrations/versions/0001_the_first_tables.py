"""The first tables."""

import sqlalchemy as sa
from alembic import op


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admin_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_event")),
    )
    op.create_table(
        "app_user",
        sa.Column("id", ID, nullable=False),
        sa.Column("login", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("all_stores", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("login", name=op.f("uq_app_user_login")),
    )
    op.create_table(
        "calendar",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=200), nullable=True),
        sa.Column("week", sa.JSON(), nullable=False),
        sa.Column("loaded_until", sa.Date(), nullable=True),
        sa.Column("version", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        sa.UniqueConstraint("code", name=op.f("uq_calendar_code")),
    )
    op.create_table(
        "complaint_category",
        sa.Column("id", ID, nullable=False),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["complaint_category.id"], name=op.f("fk_complaint_category_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_category")),
        sa.UniqueConstraint("code", name=op.f("uq_complaint_category_code")),
    )
    op.create_table(
        "questionnaire",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("edition", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("code", "edition", name=op.f("uq_questionnaire_code_edition")),
    )
    op.create_table(
        "sla_policy",
        sa.Column("id", ID, nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("reply_amount", ID, nullable=False),
        sa.Column("reply_unit", sa.String(length=40), nullable=False),
        sa.Column("close_amount", ID, nullable=False),
        sa.Column("close_unit", sa.String(length=40), nullable=False),
        sa.Column("warning_share", sa.Double(), nullable=False),
        sa.Column("max_pause_days", ID, nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_policy")),
        sa.UniqueConstraint("severity", name=op.f("uq_sla_policy_severity")),
    )
    op.create_table(
        "calendar_exception",
        sa.Column("id", ID, nullable=False),
        sa.Column("calendar_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name=op.f("fk_calendar_exception_calendar_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_exception")),
        sa.UniqueConstraint(
            "calendar_id", "day", name=op.f("uq_calendar_exception_calendar_id_day")
        ),
    )
    op.create_table(
        "callback_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("trigger", sa.String(length=40), nullable=False),
        sa.Column("delay_hours", ID, nullable=False),
        sa.Column("expires_days", ID, nullable=False),
        sa.Column("attempts", ID, nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("questionnaire_id", ID, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_callback_rule_questionnaire_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_rule")),
        sa.UniqueConstraint("code", name=op.f("uq_callback_rule_code")),
    )
    op.create_table(
        "known_issue",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("category_id", ID, nullable=True),
        sa.Column("problem", sa.String(length=4000), nullable=False),
        sa.Column("problem_zh", sa.String(length=4000), nullable=False),
        sa.Column("answer", sa.String(length=4000), nullable=False),
        sa.Column("answer_zh", sa.String(length=4000), nullable=False),
        sa.Column("interim", sa.String(length=4000), nullable=True),
        sa.Column("interim_zh", sa.String(length=4000), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("uses", ID, nullable=False),
        sa.Column("words", sa.JSON(), nullable=True),
        sa.Column("version", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["complaint_category.id"], name=op.f("fk_known_issue_category_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_issue")),
        sa.UniqueConstraint("code", name=op.f("uq_known_issue_code")),
    )
    op.create_table(
        "question",
        sa.Column("id", ID, nullable=False),
        sa.Column("questionnaire_id", ID, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", ID, nullable=False),
        sa.Column("dimension", sa.String(length=40), nullable=True),
        sa.Column("scale", sa.String(length=40), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.String(length=200), nullable=False),
        sa.Column("wording_zh", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_question_questionnaire_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint(
            "questionnaire_id", "code", name=op.f("uq_question_questionnaire_id_code")
        ),
    )
    op.create_table(
        "store",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("group", sa.String(length=200), nullable=True),
        sa.Column("timezone", sa.String(length=200), nullable=False),
        sa.Column("calendar_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name=op.f("fk_store_calendar_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
        sa.UniqueConstraint("code", name=op.f("uq_store_code")),
    )
    op.create_table(
        "customer",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("second_phone", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value_class", sa.String(length=40), nullable=True),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("preferred_channel", sa.String(length=40), nullable=True),
        sa.Column("call_window", sa.String(length=40), nullable=True),
        sa.Column("do_not_call", sa.Boolean(), nullable=False),
        sa.Column("purchase_reason", sa.String(length=4000), nullable=True),
        sa.Column("our_promise", sa.String(length=4000), nullable=True),
        sa.Column("version", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_customer_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_customer_store_id_id")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_customer_store_id_number")),
    )
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_customer_store_id_name"), ["store_id", "name"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_customer_store_id_phone"), ["store_id", "phone"], unique=False
        )

    op.create_table(
        "delivered_day",
        sa.Column("store_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("orders", ID, nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_delivered_day_store_id")),
        sa.PrimaryKeyConstraint("store_id", "day", name=op.f("pk_delivered_day")),
    )
    op.create_table(
        "employee",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_employee_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employee")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_employee_store_id_id")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_employee_store_id_number")),
    )
    op.create_table(
        "event",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_event_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_event_store_id_id")),
        sa.UniqueConstraint("store_id", "key", name=op.f("uq_event_store_id_key")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_store_id_at"), ["store_id", "at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_event_store_id_subject_subject_id_at"),
            ["store_id", "subject", "subject_id", "at"],
            unique=False,
        )

    op.create_table(
        "import_batch",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=200), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_import_batch_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_import_batch_store_id_id")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_batch_store_id_at"), ["store_id", "at"], unique=False
        )

    op.create_table(
        "review",
        sa.Column("id", ID, nullable=False),
        sa.Column("week", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen", sa.JSON(), nullable=True),
        sa.Column("version", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_review_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_review_store_id_id")),
        sa.UniqueConstraint("store_id", "week", name=op.f("uq_review_store_id_week")),
    )
    op.create_table(
        "screen_token",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=200), nullable=False),
        sa.Column("store", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["store"], ["store.id"], name=op.f("fk_screen_token_store")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_screen_token_token_hash")),
    )
    op.create_table(
        "target",
        sa.Column("id", ID, nullable=False),
        sa.Column("metric", sa.String(length=40), nullable=False),
        sa.Column("store", ID, nullable=True),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("direction", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["store"], ["store.id"], name=op.f("fk_target_store")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint(
            "metric", "store", "valid_from", name=op.f("uq_target_metric_store_valid_from")
        ),
    )
    op.create_table(
        "user_store",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("store", ID, nullable=False),
        sa.ForeignKeyConstraint(["store"], ["store.id"], name=op.f("fk_user_store_store")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_store_user_id")),
        sa.PrimaryKeyConstraint("user_id", "store", name=op.f("pk_user_store")),
    )
    op.create_table(
        "action",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("cause", sa.String(length=4000), nullable=True),
        sa.Column("category_id", ID, nullable=True),
        sa.Column("adviser_id", ID, nullable=True),
        sa.Column("technician_id", ID, nullable=True),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("original_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("baseline_from", sa.Date(), nullable=True),
        sa.Column("baseline_until", sa.Date(), nullable=True),
        sa.Column("verdict", sa.String(length=40), nullable=True),
        sa.Column("version", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["complaint_category.id"], name=op.f("fk_action_category_id")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "adviser_id"],
            ["employee.store_id", "employee.id"],
            name=op.f("fk_action_store_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "owner_id"],
            ["employee.store_id", "employee.id"],
            name=op.f("fk_action_store_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "technician_id"],
            ["employee.store_id", "employee.id"],
            name=op.f("fk_action_store_id_technician_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_action_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_action_store_id_id")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_action_store_id_number")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_action_store_id_due_on"), ["store_id", "due_on"], unique=False
        )

    op.create_table(
        "import_reject",
        sa.Column("id", ID, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("line", ID, nullable=False),
        sa.Column("column", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("row", sa.JSON(), nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "batch_id"],
            ["import_batch.store_id", "import_batch.id"],
            name=op.f("fk_import_reject_store_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_import_reject_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_reject")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_import_reject_store_id_id")),
    )
    with op.batch_alter_table("import_reject", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_reject_store_id_batch_id"), ["store_id", "batch_id"], unique=False
        )

    op.create_table(
        "vehicle",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("vin", sa.String(length=40), nullable=True),
        sa.Column("plate", sa.String(length=40), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("model", sa.String(length=200), nullable=True),
        sa.Column("sold_on", sa.Date(), nullable=True),
        sa.Column("fleet", sa.Boolean(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("insurance_until", sa.Date(), nullable=True),
        sa.Column("inspection_due_on", sa.Date(), nullable=True),
        sa.Column("next_service_on", sa.Date(), nullable=True),
        sa.Column("next_service_km", ID, nullable=True),
        sa.Column("odometer_km", ID, nullable=True),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customer.store_id", "customer.id"],
            name=op.f("fk_vehicle_store_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_vehicle_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_vehicle_store_id_id")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_vehicle_store_id_number")),
        sa.UniqueConstraint("store_id", "vin", name=op.f("uq_vehicle_store_id_vin")),
    )
    with op.batch_alter_table("vehicle", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vehicle_store_id_customer_id"), ["store_id", "customer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_vehicle_store_id_plate"), ["store_id", "plate"], unique=False
        )

    op.create_table(
        "churn_case",
        sa.Column("id", ID, nullable=False),
        sa.Column("vehicle_id", ID, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("selected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_visit_on", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("reason_words", sa.String(length=4000), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "vehicle_id"],
            ["vehicle.store_id", "vehicle.id"],
            name=op.f("fk_churn_case_store_id_vehicle_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_churn_case_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_churn_case")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_churn_case_store_id_id")),
        sa.UniqueConstraint(
            "store_id",
            "vehicle_id",
            "selected_at",
            name=op.f("uq_churn_case_store_id_vehicle_id_selected_at"),
        ),
    )
    op.create_table(
        "repair_order",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("vehicle_id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("brought_by", sa.String(length=200), nullable=True),
        sa.Column("brought_by_phone", sa.String(length=40), nullable=True),
        sa.Column("adviser_id", ID, nullable=True),
        sa.Column("technician_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("odometer_km", ID, nullable=True),
        sa.Column("labour_fen", ID, nullable=True),
        sa.Column("parts_fen", ID, nullable=True),
        sa.Column("total_fen", ID, nullable=True),
        sa.Column("rework", sa.Boolean(), nullable=False),
        sa.Column("rework_of_id", ID, nullable=True),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "adviser_id"],
            ["employee.store_id", "employee.id"],
            name=op.f("fk_repair_order_store_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customer.store_id", "customer.id"],
            name=op.f("fk_repair_order_store_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "rework_of_id"],
            ["repair_order.store_id", "repair_order.id"],
            name=op.f("fk_repair_order_store_id_rework_of_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "technician_id"],
            ["employee.store_id", "employee.id"],
            name=op.f("fk_repair_order_store_id_technician_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "vehicle_id"],
            ["vehicle.store_id", "vehicle.id"],
            name=op.f("fk_repair_order_store_id_vehicle_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_repair_order_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_order")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_repair_order_store_id_id")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_repair_order_store_id_number")),
    )
    with op.batch_alter_table("repair_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_repair_order_store_id_delivered_on"),
            ["store_id", "delivered_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_repair_order_store_id_vehicle_id_opened_on"),
            ["store_id", "vehicle_id", "opened_on"],
            unique=False,
        )

    op.create_table(
        "review_item",
        sa.Column("id", ID, nullable=False),
        sa.Column("review_id", ID, nullable=False),
        sa.Column("position", ID, nullable=False),
        sa.Column("words", sa.String(length=4000), nullable=False),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("action_id", ID, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "action_id"],
            ["action.store_id", "action.id"],
            name=op.f("fk_review_item_store_id_action_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "owner_id"],
            ["employee.store_id", "employee.id"],
            name=op.f("fk_review_item_store_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "review_id"],
            ["review.store_id", "review.id"],
            name=op.f("fk_review_item_store_id_review_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_review_item_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_item")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_review_item_store_id_id")),
    )
    op.create_table(
        "complaint",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("category_id", ID, nullable=True),
        sa.Column("category_words", sa.String(length=200), nullable=True),
        sa.Column("severity_words", sa.String(length=200), nullable=True),
        sa.Column("department", sa.String(length=200), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("motive", sa.String(length=40), nullable=True),
        sa.Column("common", sa.Boolean(), nullable=True),
        sa.Column("content", sa.String(length=4000), nullable=True),
        sa.Column("person_complained_id", ID, nullable=True),
        sa.Column("person_verified", sa.Boolean(), nullable=False),
        sa.Column("clock_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_amount", ID, nullable=True),
        sa.Column("reply_unit", sa.String(length=40), nullable=True),
        sa.Column("close_amount", ID, nullable=True),
        sa.Column("close_unit", sa.String(length=40), nullable=True),
        sa.Column("pause_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interim_solution", sa.String(length=4000), nullable=True),
        sa.Column("interim_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solution", sa.String(length=4000), nullable=True),
        sa.Column("root_cause", sa.String(length=4000), nullable=True),
        sa.Column("version", ID, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vehicle_id", ID, nullable=True),
        sa.Column("severity", sa.String(length=40), nullable=True),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("first_contact_id", ID, nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("reply_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_half_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recontacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_due_on", sa.Date(), nullable=True),
        sa.Column("reopened", ID, nullable=False),
        sa.Column("hand_offs", ID, nullable=False),
        sa.Column("breach_cause", sa.String(length=40), nullable=True),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["complaint_category.id"], name=op.f("fk_complaint_category_id")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customer.store_id", "customer.id"],
            name=op.f("fk_complaint_store_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "first_contact_id"],
            ["employee.store_id", "employee.id"],
            name=op.f("fk_complaint_store_id_first_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["repair_order.store_id", "repair_order.id"],
            name=op.f("fk_complaint_store_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "owner_id"],
            ["employee.store_id", "employee.id"],
            name=op.f("fk_complaint_store_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "person_complained_id"],
            ["employee.store_id", "employee.id"],
            name=op.f("fk_complaint_store_id_person_complained_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "vehicle_id"],
            ["vehicle.store_id", "vehicle.id"],
            name=op.f("fk_complaint_store_id_vehicle_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_complaint_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_complaint_store_id_id")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_complaint_store_id_number")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_complaint_store_id_closed_at_resolved_at"),
            ["store_id", "closed_at", "resolved_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_complaint_store_id_opened_on"), ["store_id", "opened_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_complaint_store_id_resolved_at_closed_at"),
            ["store_id", "resolved_at", "closed_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_complaint_store_id_vehicle_id_opened_at"),
            ["store_id", "vehicle_id", "opened_at"],
            unique=False,
        )

    op.create_table(
        "action_complaint",
        sa.Column("id", ID, nullable=False),
        sa.Column("action_id", ID, nullable=False),
        sa.Column("complaint_id", ID, nullable=False),
        sa.Column("informed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "action_id"],
            ["action.store_id", "action.id"],
            name=op.f("fk_action_complaint_store_id_action_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "complaint_id"],
            ["complaint.store_id", "complaint.id"],
            name=op.f("fk_action_complaint_store_id_complaint_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_action_complaint_store_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_complaint")),
        sa.UniqueConstraint(
            "store_id",
            "action_id",
            "complaint_id",
            name=op.f("uq_action_complaint_store_id_action_id_complaint_id"),
        ),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_action_complaint_store_id_id")),
    )
    op.create_table(
        "callback",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("rule_id", ID, nullable=True),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("vehicle_id", ID, nullable=True),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("complaint_id", ID, nullable=True),
        sa.Column("agent_id", ID, nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("excluded", sa.String(length=40), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("respondent", sa.String(length=40), nullable=True),
        sa.Column("version", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["callback_rule.id"], name=op.f("fk_callback_rule_id")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "agent_id"],
            ["employee.store_id", "employee.id"],
            name=op.f("fk_callback_store_id_agent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "complaint_id"],
            ["complaint.store_id", "complaint.id"],
            name=op.f("fk_callback_store_id_complaint_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "customer_id"],
            ["customer.store_id", "customer.id"],
            name=op.f("fk_callback_store_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["repair_order.store_id", "repair_order.id"],
            name=op.f("fk_callback_store_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "vehicle_id"],
            ["vehicle.store_id", "vehicle.id"],
            name=op.f("fk_callback_store_id_vehicle_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_callback_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_callback_store_id_id")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_callback_store_id_number")),
    )
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_callback_store_id_due_at"), ["store_id", "due_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_callback_store_id_order_id"), ["store_id", "order_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_callback_store_id_vehicle_id"), ["store_id", "vehicle_id"], unique=False
        )

    op.create_table(
        "complaint_past",
        sa.Column("id", ID, nullable=False),
        sa.Column("complaint_id", ID, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vehicle_id", ID, nullable=True),
        sa.Column("category_id", ID, nullable=True),
        sa.Column("severity", sa.String(length=40), nullable=True),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("first_contact_id", ID, nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("reply_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_half_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recontacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_due_on", sa.Date(), nullable=True),
        sa.Column("reopened", ID, nullable=False),
        sa.Column("hand_offs", ID, nullable=False),
        sa.Column("breach_cause", sa.String(length=40), nullable=True),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "complaint_id"],
            ["complaint.store_id", "complaint.id"],
            name=op.f("fk_complaint_past_store_id_complaint_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_complaint_past_store_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_past")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_complaint_past_store_id_id")),
    )
    with op.batch_alter_table("complaint_past", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_complaint_past_store_id_complaint_id_until"),
            ["store_id", "complaint_id", "until"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_complaint_past_store_id_until_since"),
            ["store_id", "until", "since"],
            unique=False,
        )

    op.create_table(
        "call_attempt",
        sa.Column("id", ID, nullable=False),
        sa.Column("callback_id", ID, nullable=False),
        sa.Column("agent_id", ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("duration_s", ID, nullable=True),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "agent_id"],
            ["employee.store_id", "employee.id"],
            name=op.f("fk_call_attempt_store_id_agent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "callback_id"],
            ["callback.store_id", "callback.id"],
            name=op.f("fk_call_attempt_store_id_callback_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_call_attempt_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_attempt")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_call_attempt_store_id_id")),
    )
    with op.batch_alter_table("call_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_call_attempt_store_id_at"), ["store_id", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_call_attempt_store_id_callback_id"),
            ["store_id", "callback_id"],
            unique=False,
        )

    op.create_table(
        "promise",
        sa.Column("id", ID, nullable=False),
        sa.Column("complaint_id", ID, nullable=True),
        sa.Column("followup_id", ID, nullable=True),
        sa.Column("made_by_id", ID, nullable=True),
        sa.Column("words", sa.String(length=4000), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "complaint_id"],
            ["complaint.store_id", "complaint.id"],
            name=op.f("fk_promise_store_id_complaint_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "followup_id"],
            ["callback.store_id", "callback.id"],
            name=op.f("fk_promise_store_id_followup_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "made_by_id"],
            ["employee.store_id", "employee.id"],
            name=op.f("fk_promise_store_id_made_by_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_promise_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_promise_store_id_id")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_promise_store_id_complaint_id"),
            ["store_id", "complaint_id"],
            unique=False,
        )

    op.create_table(
        "survey_response",
        sa.Column("id", ID, nullable=False),
        sa.Column("callback_id", ID, nullable=True),
        sa.Column("vehicle_id", ID, nullable=True),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("questionnaire_id", ID, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overall", ID, nullable=True),
        sa.Column("nps", ID, nullable=True),
        sa.Column("comment", sa.String(length=4000), nullable=True),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_survey_response_questionnaire_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "callback_id"],
            ["callback.store_id", "callback.id"],
            name=op.f("fk_survey_response_store_id_callback_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["repair_order.store_id", "repair_order.id"],
            name=op.f("fk_survey_response_store_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "vehicle_id"],
            ["vehicle.store_id", "vehicle.id"],
            name=op.f("fk_survey_response_store_id_vehicle_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_survey_response_store_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_response")),
        sa.UniqueConstraint(
            "store_id", "callback_id", name=op.f("uq_survey_response_store_id_callback_id")
        ),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_survey_response_store_id_id")),
    )
    with op.batch_alter_table("survey_response", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_survey_response_store_id_answered_at"),
            ["store_id", "answered_at"],
            unique=False,
        )

    op.create_table(
        "survey_answer",
        sa.Column("id", ID, nullable=False),
        sa.Column("response_id", ID, nullable=False),
        sa.Column("question_id", ID, nullable=False),
        sa.Column("score", ID, nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("remark", sa.String(length=4000), nullable=True),
        sa.Column("store_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_survey_answer_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "response_id"],
            ["survey_response.store_id", "survey_response.id"],
            name=op.f("fk_survey_answer_store_id_response_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_survey_answer_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_survey_answer_store_id_id")),
        sa.UniqueConstraint(
            "store_id",
            "response_id",
            "question_id",
            name=op.f("uq_survey_answer_store_id_response_id_question_id"),
        ),
    )


def downgrade() -> None:
    op.drop_table("survey_answer")
    with op.batch_alter_table("survey_response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_response_store_id_answered_at"))

    op.drop_table("survey_response")
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promise_store_id_complaint_id"))

    op.drop_table("promise")
    with op.batch_alter_table("call_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_attempt_store_id_callback_id"))
        batch_op.drop_index(batch_op.f("ix_call_attempt_store_id_at"))

    op.drop_table("call_attempt")
    with op.batch_alter_table("complaint_past", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_past_store_id_until_since"))
        batch_op.drop_index(batch_op.f("ix_complaint_past_store_id_complaint_id_until"))

    op.drop_table("complaint_past")
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_callback_store_id_vehicle_id"))
        batch_op.drop_index(batch_op.f("ix_callback_store_id_order_id"))
        batch_op.drop_index(batch_op.f("ix_callback_store_id_due_at"))

    op.drop_table("callback")
    op.drop_table("action_complaint")
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_store_id_vehicle_id_opened_at"))
        batch_op.drop_index(batch_op.f("ix_complaint_store_id_resolved_at_closed_at"))
        batch_op.drop_index(batch_op.f("ix_complaint_store_id_opened_on"))
        batch_op.drop_index(batch_op.f("ix_complaint_store_id_closed_at_resolved_at"))

    op.drop_table("complaint")
    op.drop_table("review_item")
    with op.batch_alter_table("repair_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_repair_order_store_id_vehicle_id_opened_on"))
        batch_op.drop_index(batch_op.f("ix_repair_order_store_id_delivered_on"))

    op.drop_table("repair_order")
    op.drop_table("churn_case")
    with op.batch_alter_table("vehicle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vehicle_store_id_plate"))
        batch_op.drop_index(batch_op.f("ix_vehicle_store_id_customer_id"))

    op.drop_table("vehicle")
    with op.batch_alter_table("import_reject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_reject_store_id_batch_id"))

    op.drop_table("import_reject")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_store_id_due_on"))

    op.drop_table("action")
    op.drop_table("user_store")
    op.drop_table("target")
    op.drop_table("screen_token")
    op.drop_table("review")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_store_id_at"))

    op.drop_table("import_batch")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_store_id_subject_subject_id_at"))
        batch_op.drop_index(batch_op.f("ix_event_store_id_at"))

    op.drop_table("event")
    op.drop_table("employee")
    op.drop_table("delivered_day")
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_store_id_phone"))
        batch_op.drop_index(batch_op.f("ix_customer_store_id_name"))

    op.drop_table("customer")
    op.drop_table("store")
    op.drop_table("question")
    op.drop_table("known_issue")
    op.drop_table("callback_rule")
    op.drop_table("calendar_exception")
    op.drop_table("sla_policy")
    op.drop_table("questionnaire")
    op.drop_table("complaint_category")
    op.drop_table("calendar")
    op.drop_table("app_user")
    op.drop_table("admin_event")
