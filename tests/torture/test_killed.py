"""An import or an upgrade that is killed at any moment: done again, it ends as if never killed.

It is killed with SIGKILL at moments drawn by lot over the time that it takes when left alone. Then
the database is looked at (nothing is half), the work is done again, and every table is compared
with that of a database where nobody was killed.
"""

from collections import Counter

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select, text

from data import db, disk, embedded
from data.db import Base
from data.importing.run import CHUNK
from data.installing import open_database
from data.migrations import head, revision, upgrade
from data.models import ImportBatch, RepairOrder
from data.person import SYSTEM
from tests import factories
from tests.conftest import fresh
from tests.data.test_migrations import BEFORE
from tests.torture import doing
from tests.torture.conftest import rounds

ORDERS = CHUNK * rounds(1, 2) + 700
HEADER = "工单号,接待日期,出厂日期,客户名称,客户电话,车牌号,进厂里程,应结金额"
OF_EACH_RUN = ("import_batch", "import_reject")  # each try is written down, in the log as well


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """Gives addresses of new databases by name, and copies of one."""
    if request.param == "sqlite":
        return Files(tmp_path)
    return Server(request.getfixturevalue("postgres_url"))


class Files:
    name = "sqlite"

    def __init__(self, folder):
        self.folder = folder

    def new(self, name):
        for path in self.folder.glob(f"{name}.db*"):
            path.unlink()
        return f"sqlite:///{self.folder / name}.db"

    def copy(self, url, name):
        copied = self.new(name)
        embedded.file_of(copied).write_bytes(embedded.file_of(url).read_bytes())
        return copied


class Server:
    name = "postgresql"

    def __init__(self, url):
        self.url = url

    def new(self, name):
        return fresh(self.url, f"killed_{name}")

    def copy(self, url, name):
        return fresh(self.url, f"killed_{name}", of=url)


def rows(url):
    """Every row of every table, without the numbers that a try uses up and the clock's times."""
    engine = db.connect(url)
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in OF_EACH_RUN:
                columns = [column for column in table.c if told(column.name)]
                query = select(*columns) if columns else select(func.count()).select_from(table)
                if table.name == "event":
                    query = query.where(table.c.kind != "imported")
                found[table.name] = Counter(map(repr, connection.execute(query)))
    engine.dispose()
    return found


def told(name):
    return name not in ("id", "recorded_at") and not name.endswith("_id")


def whole(url):
    if file := embedded.file_of(url):
        disk.look_through(file)


# --- imports -------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    """Orders of some vehicles that come again and again, and of customers who share names."""
    path = tmp_path / "orders.csv"
    lines = (
        f"R{n},2026-03-{1 + n % 14:02},2026-03-{1 + n % 14:02},陈{n % 900},139{n % 1700:08},"
        f"粤B{n % 1700:05},{1000 + n},{n % 5000}.50"
        for n in range(ORDERS)
    )
    path.write_text("\n".join((HEADER, *lines)), encoding="utf-8")
    return path


def with_a_store(url):
    open_database(url)
    with db.writing(by=SYSTEM) as session:
        factories.store(session)
    db.close()
    return url


def read_so_far(url):
    """How many orders are there, and whether each import is said to be complete."""
    db.connect(url)
    with db.reading(as_=SYSTEM) as session:
        orders = session.scalar(select(func.count()).select_from(RepairOrder))
        batches = session.scalars(select(ImportBatch).order_by(ImportBatch.id)).all()
        complete = [batch.counts["complete"] for batch in batches]
    db.close()
    return orders, complete


def test_an_import_killed_anywhere_is_read_again_and_nothing_is_lost_or_doubled(
    place, file, measured
):
    prepared = with_a_store(place.new("prepared"))
    alone = place.copy(prepared, "alone")
    longest, count = doing.seconds(doing.read_in, alone, file), rounds(1, 40)
    wanted = rows(alone)
    assert wanted["repair_order"].total() == ORDERS
    for moment in doing.moments(count, longest):
        url = doing.killed(lambda: place.copy(prepared, "again"), doing.read_in, file, after=moment)
        whole(url)
        orders, complete = read_so_far(url)
        assert orders == ORDERS or orders % CHUNK == 0
        doing.read_in(url, file)
        assert rows(url) == wanted
        assert read_so_far(url)[1] == [*complete, True]
    measured(
        gate="import killed anywhere",
        aim="read again: nothing lost, nothing doubled",
        figure=f"killed {count} times: 0 lost, 0 doubled",
        database=place.name,
    )


# --- upgrades ------------------------------------------------------------------------------------


def old(url):
    """A database of the first version, with work in it."""
    engine = db.connect(url)
    upgrade(engine, "0001")
    with engine.begin() as connection:
        for statement in BEFORE:
            connection.exec_driver_sql(statement)
        if engine.dialect.name == "postgresql":  # the rows above brought their own numbers
            for table in ("calendar", "callback_rule", "question", "questionnaire"):
                told = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 100)"
                connection.execute(text(told))
    engine.dispose()
    return url


def nothing(url):
    return url


def stands_at(url):
    """The step of the database; None without one of our tables."""
    file = embedded.file_of(url)
    if file and not file.exists():
        return None
    engine = db.connect(url)
    step, names = revision(engine), inspect(engine).get_table_names()
    engine.dispose()
    assert bool(step) == bool(names)
    return step


@pytest.mark.parametrize(("begun", "step"), [(old, "0001"), (nothing, None)])
def test_an_upgrade_killed_anywhere_is_run_again_and_nothing_is_lost_or_half(
    place, measured, begun, step
):
    alone = begun(place.new("alone"))
    longest, count = doing.seconds(doing.prepare, alone), rounds(1, 50)
    wanted = rows(alone)
    for moment in doing.moments(count, longest):
        url = doing.killed(lambda: begun(place.new("again")), doing.prepare, after=moment)
        assert stands_at(url) in (step, head())
        doing.prepare(url)
        assert rows(url) == wanted
    assert differences(url) == []
    whole(url)
    measured(
        gate=f"upgrade killed anywhere, from {step or 'nothing'}",
        aim="run again: nothing lost, nothing half",
        figure=f"killed {count} times: 0 lost, 0 half",
        database=place.name,
    )


def differences(url):
    engine = db.connect(url)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    return found
