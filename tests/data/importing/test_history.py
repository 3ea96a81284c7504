"""What was read in before is found again, by those who may see it."""

from data import db
from data.importing import history
from data.person import SYSTEM, Person, Role
from data.scope import Scope
from tests.data.importing.conftest import NOW

ORDERS = "工单号,接待日期,车牌号\nRO1,2025-03-05,粤BE0001\nRO2,2025-02-30,粤BE0001\n"
ELSEWHERE = Person(login="li", name="Li", role=Role.ADMIN, stores=frozenset({2}))


def latest(person=SYSTEM, **scope):
    with db.reading(as_=person) as session:
        return history.latest(session, Scope(as_of=NOW, **scope), start=0, count=1)


def test_the_newest_import_comes_first_and_all_are_counted(dealer):
    dealer.read("repair-orders", ORDERS)
    second = dealer.read("repair-orders", ORDERS, name="again.csv")
    (found,), total = latest()
    assert (found.id, found.file, found.store, found.by) == (
        second.batch, "again.csv", "S1", "system",
    )  # fmt: skip
    assert (found.counts["unchanged"], found.counts["refused"], found.complete) == (1, 1, True)
    assert total == 2


def test_an_import_is_seen_in_its_store_alone(dealer):
    number = dealer.read("repair-orders", ORDERS).batch
    assert latest(stores=("S2",)) == ([], 0)
    assert latest(ELSEWHERE) == ([], 0)
    with db.reading(as_=ELSEWHERE) as session:
        assert history.batch(session, number) is None
        assert list(history.refusals(session, number)) == []


def test_refused_rows_say_where_and_why_and_what_stood_there(dealer):
    number = dealer.read("repair-orders", ORDERS).batch
    with db.reading(as_=SYSTEM) as session:
        (found,) = history.refusals(session, number)
    (remark,) = found.remarks
    assert (found.line, remark.column, remark.raw) == (3, "接待日期", "2025-02-30")
    assert str(remark) == "There is no such day in the calendar."
    assert found.cells == [("工单号", "RO2"), ("接待日期", "2025-02-30"), ("车牌号", "粤BE0001")]
