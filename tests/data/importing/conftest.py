import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import make_url, select

from data import db
from data.importing.job import Job
from data.importing.reading import Reading, open_reading
from data.importing.result import ImportResult
from data.importing.run import import_file
from data.migrations import upgrade
from data.models import (
    Complaint,
    Customer,
    Employee,
    Event,
    ImportBatch,
    ImportReject,
    RepairOrder,
    Vehicle,
)
from data.person import SYSTEM
from tests.conftest import fresh, shared
from tests.factories import store as make_store

NOW = datetime(2026, 1, 15, 3, tzinfo=UTC)
TODAY = date(2026, 1, 15)


@pytest.fixture
def sample() -> Callable[[str], Path]:
    """The path of a sample file; skips where the samples are not on this machine."""

    def find(name: str) -> Path:
        return shared(f"import-samples/{name}")

    return find


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a text or bytes to a file and give its path."""

    def make(content: str | bytes, name: str = "table.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return make


@pytest.fixture
def reading() -> Callable[..., Reading]:
    """Open a table as of a fixed day in Shanghai."""

    def open_(kind: str, path: Path, **more: object) -> Reading:
        return open_reading(kind, path, today=TODAY, zone=ZoneInfo("Asia/Shanghai"), **more)

    return open_


@pytest.fixture(scope="session")
def sqlite_stores(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an SQLite with two dealerships, to be copied."""
    return with_two_stores(f"sqlite:///{tmp_path_factory.mktemp('import') / 'two_stores.db'}")


@pytest.fixture(scope="session")
def postgresql_stores(postgres_url: str) -> str:
    """The same in PostgreSQL."""
    return with_two_stores(fresh(postgres_url, "aftercare_two_stores"))


def with_two_stores(url: str) -> str:
    engine = db.connect(url)
    upgrade(engine)
    with db.writing(SYSTEM) as session:
        make_store(session)
        make_store(session, "S2")
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def dealer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["Dealer"]:
    """Two dealerships on a database of each kind, and imports into them that are kept."""
    stores = request.getfixturevalue(f"{request.param}_stores")
    if request.param == "sqlite":
        url = f"sqlite:///{shutil.copy(str(make_url(stores).database), tmp_path / 'copy.db')}"
    else:
        url = fresh(request.getfixturevalue("postgres_url"), "aftercare_import", of=stores)
    engine = db.connect(url)
    yield Dealer(tmp_path)
    engine.dispose()


class Dealer:
    """Reads files into store S1 and looks at what is there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def job(self, kind: str, file: str | Path, **more: Any) -> Job:
        if isinstance(file, str):
            path = self.folder / "table.csv"
            path.write_text(file, encoding="utf-8")
            file = path
        given = {"store_code": "S1", "by": SYSTEM, "now": NOW}
        return Job(kind=kind, path=file, **{**given, **more})

    def read(self, kind: str, file: str | Path, **more: Any) -> ImportResult:
        """Import a table, given as its text or as a path."""
        return import_file(self.job(kind, file, **more), lambda done, total: None)

    def rows(self, model: Any, *columns: str) -> list[Any]:
        """The rows of a table by id, or the values of some columns."""
        with db.reading(SYSTEM) as session:
            found = session.scalars(select(model).order_by(model.id)).all()
            if not columns:
                return list(found)
            return [tuple(getattr(row, name) for name in columns) for row in found]

    def all(self) -> dict[str, int]:
        """How many rows there are of everything an import may write."""
        models = (Customer, Vehicle, RepairOrder, Employee, Complaint, ImportBatch, ImportReject)
        return {model.__tablename__: len(self.rows(model)) for model in (*models, Event)}


def outcome(result: ImportResult) -> str:
    """The counts that are not zero, in words."""
    return " ".join(f"{name} {count}" for name, count in result.counts().items() if count)
