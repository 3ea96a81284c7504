"""Sums are kept by store and day, with a log of the days whose sums hold no more."""

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
CODE = sa.String(40)
FOLLOWUPS = (
    *("due", "matured", "attempted", "connected", "completed", "on_time"),
    *("tries", "done", "first"),
)
ANSWERS = ("n", "content", "top", "discontent", "asked_nps", "promoters", "detractors")
SCORES = ("n", "total", "squares", "content", "pairs", "x", "xx", "y", "yy", "xy")

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is worked out here: the first refresh does that, and until then rows are read."""
    op.create_table(
        "ledger",
        sa.Column("name", CODE, primary_key=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("as_of", MOMENT, nullable=False),
    )
    _owned("stale_day", sa.Column("ledger", CODE, nullable=False), _day("day"))
    op.create_index("ix_stale_day_ledger_store_id_day", "stale_day", ["ledger", "store_id", "day"])
    _sums("followup_day", "due_on", FOLLOWUPS, "rule_id")
    _sums("followup_agent_day", "due_on", FOLLOWUPS, "rule_id", "agent_id")
    _sums("answer_day", "answered_on", ANSWERS, "rule_id", "agent_id")
    _scores()


def _sums(table: str, day: str, sums: tuple[str, ...], *keys: str) -> None:
    _owned(table, _day(day), *(sa.Column(name, ID) for name in keys), *_counts(sums))
    op.create_index(f"ix_{table}_store_id_{day}", table, ["store_id", day])


def _scores() -> None:
    op.create_table(
        "score_day",
        sa.Column("store_id", ID, nullable=False),
        _day("answered_on"),
        sa.Column("question_id", ID, nullable=False),
        *_counts(SCORES),
        sa.PrimaryKeyConstraint("store_id", "answered_on", "question_id", name="pk_score_day"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], "fk_score_day_store_id"),
        sqlite_with_rowid=False,
    )


def _counts(names: tuple[str, ...]) -> list[sa.Column]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _owned(table: str, *columns: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("store_id", ID, nullable=False),
        sa.Column("id", ID, primary_key=True),
        *columns,
        sa.UniqueConstraint("store_id", "id", name=f"uq_{table}_store_id_id"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], f"fk_{table}_store_id"),
    )


def _day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=False)
