"""What Alembic runs for each upgrade; the connection comes from `data.migrations.upgrade`."""

from typing import Any, Literal

from alembic import context

from data import models  # noqa: F401  (fills the metadata)
from data.db import Base, BigInt, Instant


def plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own types as the plain ones they are: a migration must outlive the code."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return "ID" if kind == "type" and item is BigInt else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    render_item=plain,
)
context.run_migrations()
