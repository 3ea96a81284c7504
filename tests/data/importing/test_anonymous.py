"""A file read in again says nothing new of somebody who was made anonymous in between."""

import pytest
from sqlalchemy import select

from data import db
from data.commands import customers
from data.models import (
    Complaint,
    Customer,
    Followup,
    RepairOrder,
    SurveyResponse,
    Vehicle,
)
from data.person import SYSTEM
from tests.data.importing.conftest import NOW
from tests.everything import everything

VIN = "LSVAA4181E2123456"
CUSTOMERS = f"""客户编号,客户名称,客户电话,生日,车牌号,VIN
C1,陈建国,13900001234,1980-05-01,粤A12345,{VIN}
C2,李明,13900009999,1975-01-02,粤B54321,
"""
ORDERS = """工单号,进厂时间,出厂时间,客户名称,客户电话,送修人,送修人电话,车牌号,备注,应结金额
R1,2025-12-01 09:00,2025-12-01 17:00,陈建国,13900001234,陈建国,13900001234,粤A12345,秘密,500
R2,2025-12-02 09:00,2025-12-02 17:00,李明,13900009999,陈建国,13900001234,粤B54321,,300
R3,2025-12-03 09:00,2025-12-03 17:00,陈建国,,,,粤A12345,秘密,700
"""
COMPLAINTS = """投诉编号,投诉时间,客户名称,客户电话,车牌号,投诉内容
T1,2025-12-05 09:00,陈建国,13900001234,粤A12345,秘密的话
"""
FOLLOWUPS = """回访编号,回访时间,结果,总体满意度,回访备注,工单号
H1,2025-12-02 10:00,接通,2,秘密评语,R1
"""
FILES = (
    ("customers", CUSTOMERS),
    ("repair-orders", ORDERS),
    ("complaints", COMPLAINTS),
    ("followups", FOLLOWUPS),
)
PERSONAL = ("陈建国", "13900001234", "粤A12345", "秘密")


def read_all(dealer) -> dict[str, dict[str, int]]:
    """Read the files; the counts of each."""
    return {kind: dealer.read(kind, text).counts() for kind, text in FILES}


def forget(number: str) -> int:
    """Make the customer with this number anonymous; the id."""
    with db.writing(by=SYSTEM) as session:
        row = session.scalars(select(Customer).where(Customer.number == number)).one()
        customers.anonymise(session, customer_id=row.id, now=NOW, secret="s" * 24)
        return row.id


def stored() -> str:
    with db.reading(SYSTEM) as session:
        return everything(session)


def counted(dealer) -> list[int]:
    models = (Customer, Vehicle, RepairOrder, Complaint, Followup, SurveyResponse)
    visits = len(dealer.rows(RepairOrder, "vehicle_id"))
    return [*(len(dealer.rows(model)) for model in models), visits]


def test_reading_the_same_files_again_brings_nothing_back(dealer):
    read_all(dealer)
    before, text = counted(dealer), stored()
    assert [word for word in PERSONAL if word not in text] == []
    forget("C1")
    again = read_all(dealer)
    for outcome in ("refused", "added"):
        assert {kind: one[outcome] for kind, one in again.items()} == dict.fromkeys(again, 0)
    assert again["customers"]["warnings"] > 0
    assert counted(dealer) == before
    assert [word for word in PERSONAL if word in stored()] == []
    assert "李明" in stored()


@pytest.mark.parametrize("number", ["", "C1"])
def test_nor_does_a_later_order_of_the_same_person(dealer, number):
    read_all(dealer)
    chen = forget("C1")
    dealer.read(
        "repair-orders",
        "工单号,进厂时间,客户编号,客户名称,客户电话,车牌号\n"
        f"R8,2026-01-10 09:00,{number},陈建国,13900001234,粤A12345\n",
    )
    order = dealer.rows(RepairOrder)[-1]
    assert (order.number, order.customer_id) == ("R8", chen)
    assert [word for word in PERSONAL if word in stored()] == []


def test_somebody_else_with_the_car_is_a_customer_of_their_own(dealer):
    read_all(dealer)
    chen = forget("C1")
    dealer.read(
        "repair-orders",
        f"工单号,进厂时间,客户名称,客户电话,VIN\nR9,2026-01-10 09:00,王芳,13700001111,{VIN}\n",
    )
    order, car = dealer.rows(RepairOrder)[-1], dealer.rows(Vehicle)[0]
    names = dict(dealer.rows(Customer, "id", "name"))
    assert names[order.customer_id] == "王芳"
    assert (order.vehicle_id, car.customer_id) == (car.id, chen)
    assert car.vin.startswith("~")


def test_a_trial_run_tells_the_same(dealer):
    read_all(dealer)
    forget("C1")
    told = dealer.read("repair-orders", ORDERS, dry_run=True).counts()
    assert (told["refused"], told["added"]) == (0, 0)
