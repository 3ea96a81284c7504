"""The database of a server, PostgreSQL: how long anybody waits for its answers.

A server that is frozen, or gone without a word, takes what is sent to it and never answers. A
question that took too long is given up by the server itself; when even that is not heard, the
connection is given up here. The next who asks then tries another one, and is told quickly.

Whether a connection lives is asked before it is taken up again, unless it answered a moment ago.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.errors import OperationalError, _WaitTimeout
from sqlalchemy import Connection, Dialect, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

STATEMENT_TIMEOUT_MS = 30_000
CONNECT_TIMEOUT_S = 3
LONGEST_S = STATEMENT_TIMEOUT_MS / 1000 + 5  # it says by then that it gave a question up
TURN_S = 15  # more threads than connections wait their turn
PULSE_S = 3.0  # how long it may take to say that it lives, and to answer a glance
LATELY_S = 1.0  # who answered so lately lives
SPREADING = 5_000  # what a question must save by several processes, as PostgreSQL reckons it
HEARD = "aftercare_heard"
INTERVAL_S = 0.1
GLANCING = "aftercare_glancing"  # the execution option of quick questions
ROW_BY_ROW = text(
    "SELECT set_config('enable_hashjoin', :whole, true),"
    " set_config('enable_mergejoin', :whole, true)"
)
NEW = "reltuples <= 0 AND pg_relation_size(oid) > 0"  # on a Citus the rows lie elsewhere
NEVER_LOOKED_AT = text(
    f"SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND {NEW}"
    " AND relnamespace = current_schema()::regnamespace ORDER BY relname"
)
IS_NEW = text(f"SELECT {NEW} FROM pg_class WHERE oid = to_regclass(:name)")


class Line(psycopg.Connection[Any]):
    """A connection that is given up when nothing is heard."""

    patience: float | None = PULSE_S

    def wait(
        self, gen: PQGen[RV], interval: float = INTERVAL_S, timeout: float | None = None
    ) -> RV:
        """The answer; OperationalError, and a closed connection, when none comes."""
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except _WaitTimeout:
            self.pgconn.finish()
            raise OperationalError("nothing was heard of the database") from None


def engine(url: str) -> Engine:
    """An engine on the database at `url`."""
    set_once = {
        "timezone": "UTC",
        "statement_timeout": STATEMENT_TIMEOUT_MS,
        "parallel_setup_cost": SPREADING,
    }
    options = " ".join(f"-c {name}={value}" for name, value in set_once.items())
    made = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_use_lifo=True,
        pool_timeout=TURN_S,
        hide_parameters=True,
        connect_args={"options": options, "connect_timeout": CONNECT_TIMEOUT_S},
    )
    event.listen(made, "do_connect", _call)
    event.listen(made, "connect", _heard)
    event.listen(made, "checkout", partial(_take_up, made.dialect))
    event.listen(made, "begin", _have_patience)
    event.listen(made, "checkin", _put_back)
    return made


def _call(_dialect: object, _record: object, given: list[str], words: dict[str, Any]) -> Line:
    return Line.connect(*given, **words)


def _heard(_line: Line, record: ConnectionPoolEntry) -> None:
    record.info[HEARD] = monotonic()


def _take_up(dialect: Dialect, line: Any, record: ConnectionPoolEntry, _taken: object) -> None:
    if monotonic() - record.info[HEARD] < LATELY_S:
        return
    try:
        dialect.do_ping(line)
    except psycopg.Error:
        raise InvalidatePoolError from None  # the pool tries others, and makes new ones


def _have_patience(connection: Connection) -> None:
    line = connection.connection.dbapi_connection
    assert isinstance(line, Line)
    line.patience = PULSE_S if connection.get_execution_options().get(GLANCING) else LONGEST_S


def _put_back(line: Line | None, record: ConnectionPoolEntry) -> None:
    if line is not None:  # none if it was given up
        line.patience = PULSE_S
        _heard(line, record)


def without_limit(connection: Connection) -> None:
    """Let this transaction take as long as it needs; large tables take minutes."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    line = connection.connection.dbapi_connection
    if isinstance(line, Line):
        line.patience = None  # until the connection is taken for something else


@contextmanager
def one_by_one(connection: Connection) -> Iterator[None]:
    """Let what belongs to some rows be looked up row by row: a server that expects more of them
    than there are reads whole tables, and the longer the history the more."""
    if connection.dialect.name == "postgresql":
        connection.execute(ROW_BY_ROW, {"whole": "off"})
    yield
    if connection.dialect.name == "postgresql":
        connection.execute(ROW_BY_ROW, {"whole": "on"})


def look_at_new_tables(engine: Engine) -> None:
    """Let a server look at filled tables it has never looked at, as it does by itself in minutes.

    Until then it takes whatever way to their rows, and may go through all of them for each.
    """
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            for table in connection.scalars(NEVER_LOOKED_AT).all():
                connection.execute(text(f"ANALYZE {table}"))


def look_at_if_new(connection: Connection, table: str) -> None:
    """The same of one table, for what its rows are needed for in this transaction.

    Whether a row refers to one that is there is asked for each, at worst of all rows of its store.
    """
    if connection.dialect.name == "postgresql" and connection.scalar(IS_NEW, {"name": table}):
        connection.execute(text(f"ANALYZE (SKIP_LOCKED) {table}"))
