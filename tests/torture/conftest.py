"""How long the faults and abuse last, and where what was measured is written down."""

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic

import pytest

from bench.generate import SIZES, generate, settle
from data.demo import load
from data.installing import open_database
from tests.conftest import fresh

LONG = os.environ.get("TORTURE") == "long"
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is torture."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("torture")


def rounds(short: int, long: int) -> int:
    """How often to do it: `short` among the other tests, `long` for the figures of the gates."""
    return long if LONG else short


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[..., None]:
    """measured(gate="…", aim="…", figure="…", database="…"): a line in the file TORTURE_REPORT."""
    began, test = monotonic(), request.node.nodeid

    def note(**said: str) -> None:
        if file := os.environ.get("TORTURE_REPORT"):
            about = {"test": test, "long": LONG, "day": date.today().isoformat()}
            line = json.dumps({**said, **about, "seconds": round(monotonic() - began)})
            with Path(file).open("a", encoding="utf-8") as report:
                report.write(f"{line}\n")

    return note


@pytest.fixture(scope="session")
def two_stores(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A demo of two stores up to now."""
    url = f"sqlite:///{tmp_path_factory.mktemp('two-stores') / 'demo.db'}"
    engine = open_database(url)
    load(engine, stores=2, years=1, as_of=datetime.now(UTC))
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def group(request: pytest.FixtureRequest) -> str:
    """The database a crowd works on: two stores, or thirty with a million orders and callbacks.

    TORTURE_GROUP may name one that `bench.generate` filled: it is used, and written to.
    """
    if given := os.environ.get("TORTURE_GROUP"):
        return given
    if not LONG:
        return str(request.getfixturevalue("two_stores"))
    url = fresh(request.getfixturevalue("postgres_url"), "aftercare_group")
    engine = open_database(url)
    generate(engine, SIZES["M"], seed=4, as_of=datetime.now(UTC))
    settle(engine)
    engine.dispose()
    return url
