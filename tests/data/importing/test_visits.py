"""What was read in is counted as visits and insurances: as if all had been worked out anew."""

from datetime import date

import pytest
from sqlalchemy import select

from data import db, visit_months, visits
from data.models import InsurancePolicy, Vehicle, Visit, VisitMonth
from data.person import SYSTEM
from tests.data.importing.conftest import NOW

HEADER = "工单号,接待日期,车架号,应结金额,保险到期日\n"
CAR, OTHER = "LZZAB12C1RT000001", "LZZAB12C3RT000002"
FIRST = (
    f"RO1,2025-03-05 10:25,{CAR},300,2025-09-01\n"
    f"RO2,2025-03-05 16:00,{CAR},50,\n"
    f"RO3,2026-01-05 09:00,{CAR},100,\n"
    f"RO4,2025-04-01 09:00,{OTHER},10,\n"
)
COLUMNS = ("day", "number", "age_days", "previous_on", "gap_days", "next_on", "spend_fen")


def known(*columns: str) -> list[tuple[object, ...]]:
    with db.reading(SYSTEM) as session:
        found = [getattr(Visit, column) for column in columns]
        query = select(Vehicle.vin, *found).join(Vehicle, Vehicle.id == Visit.vehicle_id)
        return [tuple(row) for row in session.execute(query.order_by(Vehicle.vin, Visit.day))]


def everything() -> list[tuple[object, ...]]:
    with db.reading(SYSTEM) as session:
        assert visit_months.wrong(session.connection()) == 0
    return known(*Visit.__table__.columns.keys())


def months() -> list[tuple[object, ...]]:
    """By the month of the first visit and another: came in it, first in its quarter, last seen."""
    table = VisitMonth.__table__.c
    query = select(table.first_month, table.month, *(table[name] for name in visit_months.COUNTS))
    with db.reading(SYSTEM) as session:
        return [tuple(row) for row in session.execute(query.order_by(*query.selected_columns))]


def anew() -> list[tuple[object, ...]]:
    with db.writing(SYSTEM) as session:
        visits.rebuild(session.connection())
    return everything()


def test_two_orders_of_a_day_are_one_visit(dealer) -> None:
    dealer.read("repair-orders", HEADER + FIRST)
    march, january = date(2025, 3, 5), date(2026, 1, 5)
    assert known(*COLUMNS) == [
        (CAR, march, 1, 0, None, None, january, 35_000),
        (CAR, january, 2, 306, march, 306, None, 10_000),
        (OTHER, date(2025, 4, 1), 1, 0, None, None, None, 1_000),
    ]
    assert known("month", "first_month", "year_fen") == [
        (CAR, 2025 * 12 + 2, 2025 * 12 + 2, 35_000),
        (CAR, 2026 * 12, 2025 * 12 + 2, 45_000),
        (OTHER, 2025 * 12 + 3, 2025 * 12 + 3, 1_000),
    ]
    assert everything() == anew()


def test_those_who_first_came_in_a_month_are_counted_by_month(dealer) -> None:
    march, april, january = 2025 * 12 + 2, 2025 * 12 + 3, 2026 * 12
    dealer.read("repair-orders", HEADER + FIRST)
    assert months() == [
        (march, march, 1, 1, 0),
        (march, january, 1, 1, 1),
        (april, april, 1, 1, 1),
    ]
    dealer.read("repair-orders", HEADER + f"RO3,2025-03-31 09:00,{CAR},100,\n")
    dealer.read("repair-orders", HEADER + f"RO5,2025-05-02 09:00,{OTHER},1,\n")
    assert months() == [
        (march, march, 1, 1, 1),
        (april, april, 1, 1, 0),
        (april, april + 1, 1, 0, 1),
    ]
    assert everything() == anew()


def test_a_visit_between_two_others_is_put_between_them(dealer) -> None:
    dealer.read("repair-orders", HEADER + FIRST)
    dealer.read("repair-orders", HEADER + f"RO5,2025-06-30 09:00,{CAR},1,\n")
    assert [row[1:3] for row in known("number", "next_on") if row[0] == CAR] == [
        (1, date(2025, 6, 30)),
        (2, date(2026, 1, 5)),
        (3, None),
    ]
    assert everything() == anew()


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 1, 6)])
def test_an_order_corrected_later_moves_its_visit(dealer, day) -> None:
    dealer.read("repair-orders", HEADER + FIRST)
    dealer.read("repair-orders", HEADER + f"RO3,{day} 09:00,{CAR},120,\n")
    assert [row[1:] for row in known("day", "spend_fen") if row[0] == CAR] == [
        (date(2025, 3, 5), 35_000),
        (day, 12_000),
    ]
    assert everything() == anew()


def test_an_order_that_was_another_cars_takes_its_visit_along(dealer) -> None:
    dealer.read("repair-orders", HEADER + FIRST)
    dealer.read("repair-orders", HEADER + f"RO3,2026-01-05 09:00,{OTHER},100,\n")
    assert [row[:2] for row in known("day")] == [
        (CAR, date(2025, 3, 5)),
        (OTHER, date(2025, 4, 1)),
        (OTHER, date(2026, 1, 5)),
    ]
    assert everything() == anew()


def test_visits_know_the_month_of_the_sale_when_it_is_told_and_when_it_is_corrected(dealer) -> None:
    dealer.read("repair-orders", HEADER + FIRST)
    header = "客户编号,客户名称,车架号,购车日期\n"
    for day, month in (("2025-01-31", 2025 * 12), ("2024-12-31", 2024 * 12 + 11)):
        dealer.read("customers", header + f"K1,王芳,{CAR},{day}\n", dry_run=True)
        assert (CAR, month) not in known("sold_month")
        dealer.read("customers", header + f"K1,王芳,{CAR},{day}\n")
        assert known("sold_month") == [(CAR, month), (CAR, month), (OTHER, None)]
    dealer.read("customers", header + f"K1,王芳,{CAR},\n")
    assert known("sold_month")[0] == (CAR, 2024 * 12 + 11)
    assert everything() == anew()


def test_a_dry_run_and_the_same_file_again_change_nothing(dealer) -> None:
    dealer.read("repair-orders", HEADER + FIRST, dry_run=True)
    assert everything() == []
    dealer.read("repair-orders", HEADER + FIRST)
    before = everything()
    dealer.read("repair-orders", HEADER + FIRST)
    assert everything() == before


def test_each_insurance_that_was_heard_of_is_remembered(dealer) -> None:
    dealer.read("repair-orders", HEADER + FIRST)
    dealer.read("repair-orders", HEADER + f"RO6,2025-08-20 09:00,{CAR},1,2026-09-01\n")
    dealer.read("repair-orders", HEADER + f"RO7,2025-08-21 09:00,{CAR},1,2026-09-01\n")
    first, second = date(2025, 9, 1), date(2026, 9, 1)
    assert dealer.rows(InsurancePolicy, "ends_on", "next_ends_on", "next_noted_at") == [
        (first, second, NOW),
        (second, None, None),
    ]
