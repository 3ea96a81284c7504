"""Customers and vehicles into the database; contradictions are left to people."""

from data.models import Customer, RepairOrder, Vehicle
from tests.data.importing.conftest import outcome

HEADER = "客户编号,客户名称,联系电话,车牌号,车架号,保险到期日\n"
VIN1, VIN2 = "LZZAB12C1RT000001", "LZZAB12C3RT000002"
FIRST = f"K1,张,19900000001,粤BE0001,{VIN1},2026-05-01\n"


def why(result) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, str(one)[:30]) for one in result.refusals]


def test_a_customer_with_a_vehicle_and_the_same_again(dealer) -> None:
    assert outcome(dealer.read("customers", HEADER + FIRST)) == "read 1 added 1"
    (vehicle,) = dealer.rows(Vehicle)
    (customer,) = dealer.rows(Customer)
    assert (vehicle.vin, vehicle.customer_id) == (VIN1, customer.id)
    assert outcome(dealer.read("customers", HEADER + FIRST)) == "read 1 unchanged 1"
    assert customer.version == dealer.rows(Customer)[0].version


def test_the_customer_file_is_the_master_of_what_it_says(dealer) -> None:
    dealer.read("customers", HEADER + FIRST)
    changed = f"K1,张三,19900000009,粤B99999,{VIN1},\n"
    assert outcome(dealer.read("customers", HEADER + changed)) == "read 1 changed 1"
    (customer,) = dealer.rows(Customer)
    (vehicle,) = dealer.rows(Vehicle)
    assert (customer.name, customer.phone, customer.version) == ("张三", "19900000009", 2)
    assert (vehicle.plate, f"{vehicle.insurance_until}") == ("粤B99999", "2026-05-01")


def test_a_second_vehicle_of_the_same_customer(dealer) -> None:
    second = f"K1,张,19900000001,粤BE0002,{VIN2},\n"
    assert outcome(dealer.read("customers", HEADER + FIRST + second)) == "read 2 added 2"
    assert len(dealer.rows(Customer)) == 1
    assert len({row.customer_id for row in dealer.rows(Vehicle)}) == 1


def test_contradictions_are_refused_each_with_its_reason(dealer) -> None:
    conflicts = (
        f"K2,张,19900000001,粤B12345,{VIN1},\n"
        f"K3,李,19900000003,粤BE0001,{VIN1},\n"
        f"K4,张,19900000001,粤be0001,{VIN1.lower()},\n"
        f"K5,家人,19900000001,粤BE0005,{VIN2},\n"
        f"K6,王,19900000006,粤BE0001,{VIN2},\n"
    )
    result = dealer.read("customers", HEADER + FIRST + conflicts)
    assert outcome(result) == "read 6 added 1 refused 5"
    assert why(result) == [
        (3, "车牌号", "This vehicle belongs to 张 (cus"),
        (4, "客户名称", "This vehicle belongs to 张 (cus"),
        (5, "客户编号", "This vehicle and its owner are"),
        (6, "联系电话", "张 (customer K1) has this telep"),
        (7, "车牌号", "The plate 粤BE0001 belongs to a"),
    ]
    assert "known with the plate 粤BE0001" in str(result.refusals[0])
    assert "If it was sold" in str(result.refusals[1])
    assert dealer.rows(Customer, "number") == [("K1",)]
    assert len(dealer.rows(Vehicle)) == 1


def test_contradictions_with_what_is_stored_are_refused_too(dealer) -> None:
    dealer.read("customers", HEADER + FIRST)
    other = HEADER + f"K3,李,19900000003,粤BE0001,{VIN1},\n"
    assert outcome(dealer.read("customers", other)) == "read 1 refused 1"


def test_a_family_may_share_a_telephone_where_the_mapping_allows_it(dealer, write) -> None:
    mapping = write("[rules]\nshared_phones = true\n", "m.toml")
    wife = f"K5,家人,19900000001,粤BE0005,{VIN2},\n"
    result = dealer.read("customers", HEADER + FIRST + wife, mapping=mapping)
    assert outcome(result) == "read 2 added 2"


def test_somebody_known_from_a_repair_order_gets_the_number(dealer) -> None:
    order = "工单号,接待日期,客户名称,客户电话,车架号\nRO1,2025-03-05,张,19900000001,{}\n"
    dealer.read("repair-orders", order.format(VIN1))
    assert outcome(dealer.read("customers", HEADER + FIRST)) == "read 1 changed 1"
    (customer,) = dealer.rows(Customer)
    (vehicle,) = dealer.rows(Vehicle)
    assert (customer.number, vehicle.plate) == ("K1", "粤BE0001")
    assert dealer.rows(RepairOrder, "customer_id") == [(customer.id,)]


def test_a_customer_without_a_vehicle(dealer) -> None:
    assert outcome(dealer.read("customers", "客户编号,客户名称\nK1,张\n")) == "read 1 added 1"
    assert dealer.rows(Vehicle) == []
