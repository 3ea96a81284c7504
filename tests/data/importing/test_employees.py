"""Employees into the database."""

from data.models import Employee
from tests.data.importing.conftest import outcome

HEADER = "工号,姓名,岗位,部门,在职\n"
FILE = HEADER + "E1,周杰,服务顾问,前台,在职\n,李静,客服,,\nE3,王五,技师,机电,离职\n"


def test_employees_and_the_same_again(dealer) -> None:
    assert outcome(dealer.read("employees", FILE)) == "read 3 added 3"
    assert dealer.rows(Employee, "number", "name", "role", "active") == [
        ("E1", "周杰", "adviser", True),
        ("李静", "李静", "agent", True),
        ("E3", "王五", "technician", False),
    ]
    assert outcome(dealer.read("employees", FILE)) == "read 3 unchanged 3"


def test_somebody_known_by_name_gets_the_number(dealer) -> None:
    order = "工单号,接待日期,车牌号,服务顾问\nRO1,2025-03-05,粤BE0001,周杰\n"
    dealer.read("repair-orders", order)
    assert outcome(dealer.read("employees", FILE)) == "read 3 added 2 changed 1"
    assert ("E1", "周杰") in dealer.rows(Employee, "number", "name")
    assert outcome(dealer.read("repair-orders", order)) == "read 1 unchanged 1"


def test_what_changed_is_taken_and_an_unknown_job_is_doubted(dealer) -> None:
    dealer.read("employees", FILE)
    later = HEADER + "E1,周杰,洗车工,前台,离职\n"
    assert outcome(dealer.read("employees", later)) == "read 1 changed 1 warnings 1"
    assert dealer.rows(Employee, "role", "active")[0] == ("other", False)


def test_namesakes_with_numbers_are_two_people(dealer) -> None:
    two = "工号,姓名\nE1,周杰\nE2,周杰\n"
    assert outcome(dealer.read("employees", two)) == "read 2 added 2"
