"""Repair orders into the database, with vehicles, customers and staff."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from data import db
from data.models import Customer, DeliveredDay, Employee, ImportReject, RepairOrder, Vehicle
from data.person import SYSTEM
from tests.data.importing.conftest import outcome

HEADER = "工单号,接待日期,出厂日期,客户名称,客户电话,车牌号,车架号,服务顾问,进厂里程,应结金额\n"
VIN1, VIN2 = "LZZAB12C1RT000001", "LZZAB12C3RT000002"
FIRST = f"RO1,2025-03-05 10:25,2025-03-06,张,19900000001,粤BE0001,{VIN1},周杰,1000,300\n"


def days() -> dict[date, int]:
    with db.reading(SYSTEM) as session:
        rows = session.execute(select(DeliveredDay.day, DeliveredDay.orders))
        return {day: orders for day, orders in rows if orders}


def test_an_order_brings_its_vehicle_customer_and_adviser(dealer) -> None:
    assert outcome(dealer.read("repair-orders", HEADER + FIRST)) == "read 1 added 1"
    (order,) = dealer.rows(RepairOrder)
    (vehicle,) = dealer.rows(Vehicle)
    (customer,) = dealer.rows(Customer)
    (adviser,) = dealer.rows(Employee)
    assert (order.number, order.total_fen, order.odometer_km) == ("RO1", 30000, 1000)
    assert order.opened_at == datetime(2025, 3, 5, 2, 25, tzinfo=UTC)
    assert (order.opened_on, order.delivered_on) == (date(2025, 3, 5), date(2025, 3, 6))
    assert order.delivered_at == datetime(2025, 3, 6, 15, 59, 59, tzinfo=UTC)
    assert (order.vehicle_id, order.customer_id) == (vehicle.id, customer.id)
    assert (order.adviser_id, order.rework) == (adviser.id, False)
    assert (vehicle.vin, vehicle.plate, vehicle.customer_id) == (VIN1, "粤BE0001", customer.id)
    assert (customer.name, customer.phone, customer.kind) == ("张", "19900000001", "person")
    assert (adviser.name, adviser.number, adviser.role) == ("周杰", "周杰", "adviser")
    assert days() == {date(2025, 3, 6): 1}


def test_the_same_file_again_changes_nothing(dealer) -> None:
    dealer.read("repair-orders", HEADER + FIRST)
    before = dealer.rows(RepairOrder, "id", "number", "vehicle_id", "total_fen")
    assert outcome(dealer.read("repair-orders", HEADER + FIRST)) == "read 1 unchanged 1"
    assert dealer.rows(RepairOrder, "id", "number", "vehicle_id", "total_fen") == before
    assert len(dealer.rows(Vehicle)) == len(dealer.rows(Customer)) == 1
    assert days() == {date(2025, 3, 6): 1}


def test_what_the_file_says_anew_is_taken_and_an_empty_cell_erases_nothing(dealer) -> None:
    dealer.read("repair-orders", HEADER + FIRST)
    later = FIRST.replace("2025-03-06", "2025-03-07").replace(",300", ",")
    assert outcome(dealer.read("repair-orders", HEADER + later)) == "read 1 changed 1"
    assert dealer.rows(RepairOrder, "delivered_on", "total_fen") == [(date(2025, 3, 7), 30000)]
    assert days() == {date(2025, 3, 7): 1}


def test_an_order_without_a_number_and_the_same_with_one_are_one_order(dealer) -> None:
    bare = f"入厂时间,车架号\n2025-03-05 10:25,{VIN1}\n"
    assert outcome(dealer.read("repair-orders", bare)) == "read 1 added 1"
    assert dealer.rows(RepairOrder, "number") == [(f"{VIN1}@20250305T102500",)]
    assert outcome(dealer.read("repair-orders", HEADER + FIRST)) == "read 1 changed 1"
    assert dealer.rows(RepairOrder, "number") == [("RO1",)]
    assert outcome(dealer.read("repair-orders", bare)) == "read 1 unchanged 1"


def test_two_numbered_orders_of_one_moment_stay_two(dealer) -> None:
    second = FIRST.replace("RO1", "RO2")
    assert outcome(dealer.read("repair-orders", HEADER + FIRST + second)) == "read 2 added 2"


def test_two_vins_with_one_plate_are_refused_and_nothing_of_the_row_is_stored(dealer) -> None:
    other = FIRST.replace("RO1", "RO2").replace(VIN1, VIN2).replace("周杰", "新人")
    result = dealer.read("repair-orders", HEADER + FIRST + other)
    assert outcome(result) == "read 2 added 1 refused 1"
    (remark,) = result.refusals
    assert (remark.line, remark.column, remark.raw) == (3, "车牌号", "粤BE0001")
    assert VIN1 in str(remark)
    assert VIN2 in str(remark)
    assert len(dealer.rows(Vehicle)) == len(dealer.rows(Employee)) == 1
    (reject,) = dealer.rows(ImportReject)
    assert (reject.line, reject.column) == (3, "车牌号")
    assert reject.row["cells"][0] == ["工单号", "RO2"]
    assert reject.row["problems"][0]["gaps"]["plate"] == "粤BE0001"


def test_a_plate_that_somebody_else_has_now_is_refused(dealer) -> None:
    head = "工单号,接待日期,客户名称,客户电话,车牌号\n"
    dealer.read("repair-orders", head + "RO1,2025-03-05,张,19900000001,粤BE0001\n")
    sold = head + "RO2,2025-04-05,李,19900000002,粤BE0001\n"
    assert outcome(dealer.read("repair-orders", sold)) == "read 1 refused 1"
    family = head + "RO3,2025-04-05,张太太,19900000001,粤BE0001\n"
    assert outcome(dealer.read("repair-orders", family)) == "read 1 added 1 warnings 1"
    assert len(dealer.rows(Vehicle)) == len(dealer.rows(Customer)) == 1


def test_a_known_vin_with_another_plate_is_taken_with_a_warning(dealer) -> None:
    moved = FIRST.replace("RO1", "RO2").replace("粤BE0001", "粤A12345")
    result = dealer.read("repair-orders", HEADER + FIRST + moved)
    assert outcome(result) == "read 2 added 2 warnings 1"
    assert "粤A12345" in str(result.doubts[0])
    assert dealer.rows(Vehicle, "plate") == [("粤BE0001",)]


def test_a_vehicle_known_by_plate_gets_its_vin(dealer) -> None:
    dealer.read("repair-orders", "工单号,接待日期,车牌号\nRO0,2025-03-01,粤BE0001\n")
    assert outcome(dealer.read("repair-orders", HEADER + FIRST)) == "read 1 added 1"
    assert dealer.rows(Vehicle, "vin", "plate") == [(VIN1, "粤BE0001")]


def test_another_customer_of_a_known_vehicle_is_added_and_the_owner_stays(dealer) -> None:
    sold = FIRST.replace("RO1", "RO2").replace("张,19900000001", "李,19900000002")
    result = dealer.read("repair-orders", HEADER + FIRST + sold)
    assert outcome(result) == "read 2 added 2 warnings 1"
    assert dealer.rows(Customer, "name") == [("张",), ("李",)]
    (vehicle,) = dealer.rows(Vehicle)
    first, second = dealer.rows(RepairOrder)
    assert vehicle.customer_id == first.customer_id != second.customer_id


def test_a_vehicle_without_vin_and_plate_is_known_by_the_dealers_key_or_its_customer(
    dealer,
) -> None:
    content = "ro_no,customer_no,vehicle_no,in_at\n1,C1,V1,2025-03-05\n2,C1,,2025-03-06\n"
    for expected in ("read 2 added 2", "read 2 unchanged 2"):
        assert outcome(dealer.read("repair-orders", content)) == expected
    assert dealer.rows(Vehicle, "number") == [("V1",), ("@C1",)]
    assert dealer.rows(Customer, "number", "name") == [("C1", "C1")]


def test_mileage_and_dates_of_a_vehicle_only_advance(dealer) -> None:
    head = "工单号,接待日期,车牌号,进厂里程,保险到期日\n"
    older = head + "RO2,2025-01-05,粤BE0001,900,2025-05-01\n"
    dealer.read("repair-orders", head + "RO1,2025-03-05,粤BE0001,1000,2026-05-01\n")
    dealer.read("repair-orders", older)
    assert dealer.rows(Vehicle, "odometer_km", "insurance_until") == [(1000, date(2026, 5, 1))]


def test_people_are_found_by_name_and_role(dealer) -> None:
    dealer.read("employees", "工号,姓名,岗位\nE1,周杰,技师\nE2,周杰,服务顾问\n")
    dealer.read("repair-orders", HEADER + FIRST)
    numbers = {row.id: row.number for row in dealer.rows(Employee)}
    assert [numbers[order.adviser_id] for order in dealer.rows(RepairOrder)] == ["E2"]


def test_stores_do_not_mix(dealer) -> None:
    dealer.read("repair-orders", HEADER + FIRST)
    assert (
        outcome(dealer.read("repair-orders", HEADER + FIRST, store_code="S2")) == "read 1 added 1"
    )
    assert len(dealer.rows(Vehicle)) == 2
