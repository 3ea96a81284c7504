"""A car that comes in again ends its churn case as soon as the order is read in."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from data import db
from data.commands.churn import select_cases
from data.models import ChurnCase, Vehicle
from data.person import SYSTEM, Person, Role

HEADER = "工单号,接待日期,车架号,应结金额\n"
CAR, OTHER = "LZZAB12C1RT000001", "LZZAB12C3RT000002"
BOSS = Person(login="boss", name="Boss", role=Role.MANAGER, stores=None)


def select_everything() -> None:
    with db.writing(BOSS) as session:
        cars = session.execute(select(Vehicle.store_id, Vehicle.id)).all()
        wanted = {"vehicles": [id_ for _, id_ in cars], "rule": "6"}
        now = datetime(2026, 1, 10, 3, tzinfo=UTC)
        select_cases(session, store_id=cars[0][0], now=now, **wanted)


def cases() -> list[tuple[object, ...]]:
    with db.reading(SYSTEM) as session:
        facts = (Vehicle.vin, ChurnCase.state, ChurnCase.returned_on)
        query = select(*facts).join(Vehicle, Vehicle.id == ChurnCase.vehicle_id)
        return [tuple(row) for row in session.execute(query.order_by(Vehicle.vin))]


def test_an_order_that_is_read_in_ends_the_case_of_its_car(dealer) -> None:
    first = HEADER + f"RO1,2025-03-05 10:25,{CAR},300\nRO2,2025-04-01 09:00,{OTHER},10\n"
    dealer.read("repair-orders", first)
    select_everything()
    dealer.read("repair-orders", first)
    assert cases() == [(CAR, "analysed", None), (OTHER, "analysed", None)]
    dealer.read("repair-orders", HEADER + f"RO3,2026-01-12 09:00,{CAR},100\n")
    assert cases() == [(CAR, "returned", date(2026, 1, 12)), (OTHER, "analysed", None)]
