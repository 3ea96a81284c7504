"""Every sample file into a database, and once more."""

import pytest
from sqlalchemy import func, select

from data import db
from data.importing.reasons import FileRefused
from data.models import Complaint, Customer, RepairOrder, Vehicle
from data.person import SYSTEM
from tests.conftest import shared
from tests.data.importing.conftest import outcome
from tests.factories import at


@pytest.fixture
def read(dealer):
    """Import a sample and say what came of it."""

    def one(kind: str, path) -> str:
        return outcome(dealer.read(kind, path))

    return one


def total() -> tuple[int, int]:
    with db.reading(SYSTEM) as session:
        query = select(func.count(), func.sum(RepairOrder.total_fen))
        orders, fen = session.execute(query.select_from(RepairOrder)).one()
        return orders, int(fen)


SAME = "repair_orders_clean_utf8.csv"


def test_the_same_orders_in_five_dresses_are_stored_once(dealer, read, sample) -> None:
    assert read("repair-orders", sample(SAME)) == "read 360 added 360 warnings 1"
    for name in (
        "repair_orders_gbk.csv",
        "repair_orders_utf8bom.csv",
        "repair_orders_semicolon.csv",
        "wrong_extension_csv_named.xlsx",
    ):
        assert read("repair-orders", sample(name)) == "read 360 unchanged 360 warnings 1"
    assert total() == (360, 70_702_000)
    assert len(dealer.rows(Vehicle)) == len(dealer.rows(Customer)) == 114


@pytest.mark.parametrize(
    ("name", "first", "again"),
    [
        (
            "repair_orders_titlerows_merged.xlsx",
            "read 60 added 60 warnings 2",
            "read 60 unchanged 60 warnings 2",
        ),
        (
            "header_nbsp_dupcol.csv",
            "read 30 added 30 warnings 2",
            "read 30 unchanged 30 warnings 2",
        ),
        ("quoted_newlines.csv", "read 5 added 5 warnings 1", "read 5 unchanged 5 warnings 1"),
        (
            "ragged_rows.csv",
            "read 4 added 2 refused 2 warnings 1",
            "read 4 unchanged 2 refused 2 warnings 1",
        ),
        (
            "duplicated_rows.csv",
            "read 63 added 50 duplicates 13 warnings 1",
            "read 63 unchanged 50 duplicates 13 warnings 1",
        ),
    ],
)
def test_orders_are_added_once(read, sample, name: str, first: str, again: str) -> None:
    assert read("repair-orders", sample(name)) == first
    assert read("repair-orders", sample(name)) == again


def test_the_same_visits_without_and_with_numbers_are_the_same_orders(read, sample) -> None:
    read("repair-orders", sample("header_nbsp_dupcol.csv"))
    assert read("repair-orders", sample(SAME)) == "read 360 added 330 changed 30 warnings 1"
    assert total() == (360, 70_702_000)


@pytest.mark.parametrize("name", ["empty.csv", "header_only.csv", "zipbomb_small.xlsx"])
def test_what_holds_nothing_stores_nothing(dealer, read, sample, name: str) -> None:
    before = dealer.all()
    with pytest.raises(FileRefused):
        read("repair-orders", sample(name))
    assert dealer.all() == before


def test_customers_and_their_contradictions(dealer, read, sample) -> None:
    path = sample("customers_duplicates.xlsx")
    assert read("customers", path) == "read 65 added 50 refused 14 duplicates 1"
    assert read("customers", path) == "read 65 unchanged 50 refused 14 duplicates 1"
    clean = [row for row in dealer.rows(Customer) if row.number < "KH9"]
    cars = [row for row in dealer.rows(Vehicle) if row.customer_id in {one.id for one in clean}]
    assert len(clean) == len(cars) == 40
    assert {row.plate for row in cars if row.vin == "LZZAB12C1RT000001"} == {"粤BE0001"}
    assert not any(row.number.startswith("KH9000") for row in dealer.rows(Customer))


def test_complaints_with_their_deadlines(dealer, read, sample) -> None:
    path = sample("complaints_lifecycle.csv")
    assert read("complaints", path) == "read 10 added 5 refused 5"
    assert read("complaints", path) == "read 10 unchanged 5 refused 5"
    cases = {row.number: row for row in dealer.rows(Complaint)}
    assert cases["TS1"].closed_at == at("2025-03-03 18:00"), "the first line with this number"
    on_time = {number: row.resolved_at and row.close_due_at and row.resolved_at <= row.close_due_at
               for number, row in cases.items()}  # fmt: skip
    assert on_time == {"TS1": True, "TS3": True, "TS4": False, "TS5": None, "TS9": None}
    assert cases["TS9"].opened_on.isoformat() == "2025-02-28"


def test_twenty_thousand_orders(read, sample) -> None:
    path = sample("repair_orders_20000.csv")
    assert read("repair-orders", path) == "read 20000 added 20000 warnings 1"
    assert total() == (20_000, 600_000_000)


def test_the_real_orders_are_stored_once(dealer, read) -> None:
    path = shared("real/online_retail_orders.csv")
    assert read("repair-orders", path) == "read 18536 added 18536"
    assert read("repair-orders", path) == "read 18536 unchanged 18536"
    assert len(dealer.rows(Vehicle, "id")) == len(dealer.rows(Customer, "id")) == 4_339
