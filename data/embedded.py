"""The embedded database: how each connection to it is set up, so that nothing written is lost."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from data import disk

BUSY_MS = 10_000
SETTINGS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_MS}",
    "cache_size=-65536",
    "temp_store=FILE",  # large sorts take less than half as long as in memory
)


def engine(url: str) -> Engine:
    """An engine on the file that `url` names, which is made now or never.

    A file that goes away later is an error: a new one in its place would look like lost work.
    """
    # isolation_level=None: sqlite3 must not begin transactions behind our back (lost updates)
    made = create_engine(
        url,
        hide_parameters=True,  # names and phones stay out of messages and logs
        connect_args={"isolation_level": None, "timeout": BUSY_MS / 1000},
    )
    event.listen(made, "connect", _set_up)
    event.listen(made, "begin", _begin)
    if file := file_of(url):
        disk.make(file)
        _keep_to(made, file)
    return made


def file_of(url: str) -> Path | None:
    """The file of the embedded database at `url`; None for a server, or one in memory."""
    parsed = make_url(url)
    name = parsed.database or ":memory:"
    if parsed.get_backend_name() != "sqlite" or name.startswith((":memory:", "file:")):
        return None
    return Path(name).resolve()  # its journal lies beside the file itself, not beside a link


def _keep_to(made: Engine, file: Path) -> None:
    """Open that file and no new one, and let others know that it is in use."""
    address = f"{file.absolute().as_uri()}?mode=rw"

    def connecting(_dialect: object, _record: object, given: list[str], words: Any) -> None:
        disk.hold(file)
        given[0], words["uri"] = address, True

    event.listen(made, "do_connect", connecting)
    event.listen(made, "engine_disposed", lambda _engine: disk.let_go(file))
    disk.hold(file)


def _set_up(connection: Any, _record: ConnectionPoolEntry) -> None:
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    connection.create_function("local_day", 2, _local_day, deterministic=True)


def _local_day(moment: str | None, zone: str | None) -> str | None:
    """`data.sql.local_day`, of a moment in UTC as it is written."""
    if moment is None or zone is None:
        return None
    return str(datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date())


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("aftercare_writing", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
