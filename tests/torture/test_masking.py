"""Whoever asks, and for whatever: phones are veiled for all, people for who may not see them.

What must not come back is read from the demo data: every phone, name, plate and VIN. A phone comes
by asking for it, and in no other way. Cards and files veil names for everybody. The pages of single
records name people to those who see people, and to an agent those of the agent's own calls.
"""

import json
import re
from functools import cache
from itertools import chain

import pytest
from sqlalchemy import select, update

from data import callers, db
from data.metrics.health import FAULTS
from data.models import AppUser, Customer, Employee, Followup, RepairOrder, Vehicle
from data.person import RIGHTS, SYSTEM, Person, Right, Role
from pages import PAGES, right_of_page
from tests.torture.asking import Asker, text_of
from tests.torture.conftest import LONG, rounds
from tests.torture.looking import WHOLE, Looker, addresses, spread

pytestmark = pytest.mark.usefixtures("standing_still")

LOGINS = {
    "principal": Role.PRINCIPAL,
    "manager1": Role.MANAGER,
    "quality": Role.QUALITY,
    "agent1": Role.AGENT,
    "admin": Role.ADMIN,
}
PHONES = (Customer.phone, Customer.second_phone, RepairOrder.brought_by_phone)
NAMES = (Customer.name, RepairOrder.brought_by)
CARS = (Vehicle.plate, Vehicle.vin)
SIGNS = re.compile(r"\d{11,}|[0-9A-Z]{17}|[\u4e00-\u9fff][A-Z][0-9A-Z]{5}")
LONG_NAMES = (3, 8)
SHORT = "?store=S1&from=2026-02-16&to=2026-03-16"  # a month of one store
SHARES = {  # of the cards, in the short form: these three may see the same
    login: slice(place, None, 3) for place, login in enumerate(("principal", "manager1", "quality"))
}
VEIL = "**"
SHUT = {  # the columns that are only to be read, by who may not see people
    "admin": {
        ("retention-vehicles", "plate"),
        ("churn-cases", "plate"),
        ("data-health-records", "what"),
    },
    "agent1": {("worklist-calls", "customer")},
}
REPORTS = ("monthly/2026-02", "weekly/2026-W10")


@pytest.fixture(scope="module")
def url(demo_in, tmp_path_factory):
    made = demo_in(tmp_path_factory.mktemp("masking"))
    engine = db.connect(made)
    with db.writing(by=SYSTEM) as session:  # nobody in the demo data has a second phone
        second = {"second_phone": "166" + Customer.phone.expression}
        session.connection().execute(update(Customer.__table__).values(second))
    engine.dispose()
    return made


@pytest.fixture(params=LOGINS)
def login(request):
    return request.param


@pytest.fixture
def looker(application, login):
    return Looker(Asker(application.server, login), application.callback_map)


def words(*columns):
    """What stands in these columns, each once."""
    with db.reading(as_=SYSTEM) as session:
        found = {str(word) for each in columns for word in session.scalars(select(each)) if word}
    return frozenset(found)


@cache
def phones(_url):
    return words(*PHONES)


@cache
def people(_url):
    """Names of customers that are not those of the staff too, plates and VINs."""
    staff = "\n".join(words(Employee.name, AppUser.name))
    return frozenset(name for name in words(*NAMES) if name not in staff) | words(*CARS)


@cache
def names(_url):
    return people(_url) - words(*CARS)


def veiled(url, login):
    """What the role never reads, but for its own calls."""
    sees = Right.SEE_PEOPLE in RIGHTS[LOGINS[login]]
    return phones(url) if sees else phones(url) | people(url)


def told(text, secret):
    """Which of these stand in a text: a name of two signs by itself, a longer one anywhere."""
    found = {*SIGNS.findall(text)}
    for run in {*re.findall(r"[\u4e00-\u9fff]{2,}", text)}:
        found |= {run, *(run[at : at + n] for n in LONG_NAMES for at in range(len(run) - n + 1))}
    return found & secret


def of_their_calls(login):
    """Whom an agent may ring: names, plates and VINs; and the pages of the agent's own calls."""
    with db.reading(as_=SYSTEM) as session:
        number = session.scalar(select(AppUser.id).where(AppUser.login == login))
    person = Person(login=login, name="", role=LOGINS[login], stores=frozenset({1}), id=number)
    with db.reading(as_=person) as session:
        own = callers.mine(session, person)
        calls = session.scalars(select(Followup).where(callers.seen(person, own))).all()
        who, which = {one.customer_id for one in calls}, {one.vehicle_id for one in calls}
        cars = session.scalars(select(Vehicle)).all()
        cars = [car for car in cars if car.id in which or car.customer_id in who]
        who |= {car.customer_id for car in cars}
        which |= {car.id for car in cars}
        orders = session.scalars(select(RepairOrder).where(RepairOrder.brought_by.is_not(None)))
        said = {car.plate for car in cars} | {car.vin for car in cars}
        said |= {one.name for one in session.scalars(select(Customer)) if one.id in who}
        said |= {one.brought_by for one in orders if one.vehicle_id in which}
        rung = [one.number for one in calls if one.agent_id in own]
        return said, [f"/callbacks/{number}?store=S1" for number in spread(rung, 3)]


def test_every_word_would_be_noticed(url):
    every = phones(url) | people(url)
    assert told(" ".join(every), every) == every
    assert {len(words(each)) > 1000 for each in (*PHONES, *NAMES, *CARS)} == {True}


def test_no_card_and_no_file_tells_who_a_customer_is(looker, url, login, measured):
    search, share = ("", WHOLE) if LONG else (SHORT, SHARES.get(login, WHOLE))
    secret, asked = veiled(url, login) | names(url), 0
    faults = chain.from_iterable(
        looker.rows("data-health-records", f"?fault={fault.code}") for fault in FAULTS
    )
    for name, answer in chain(looker.cards(search, share), looker.files(search, share), faults):
        asked += 1
        assert told(text_of(answer), secret) == set(), name
    measured(
        gate="masking", aim="0 phones; 0 names on cards and in files", database="sqlite",
        figure=f"{login}: {asked} charts, tiles, tables and files: 0 of {len(secret)} words",
    )  # fmt: skip


def test_no_page_tells_a_phone_nor_people_to_who_may_not_see_them(looker, url, login, measured):
    theirs, calls = of_their_calls(login) if login == "agent1" else (set(), [])
    secret, paths, shown = veiled(url, login) - theirs, addresses(rounds(2, 60)) + calls, set()
    for path in paths:
        text = text_of(looker.page(path))
        assert told(text, secret) == set(), path
        shown |= told(text, people(url))
    assert bool(shown) == (login != "admin")
    measured(
        gate="masking", aim="0 phones; people for who may see them", database="sqlite",
        figure=f"{login}: {len(paths)} pages: 0 of {len(secret)} words",
    )  # fmt: skip


def rows_of(looker, table, search, **asked):
    """What a grid answers: its rows, and how many there are in all."""
    answer = json.loads(looker.grid(table.name, search, {"startRow": 0, "endRow": 100} | asked))
    (found,) = (one for one in answer["response"].values() if "getRowsResponse" in one)
    return found["getRowsResponse"]["rowData"], found["getRowsResponse"]["rowCount"]


def lists(login):
    """Every grid the role may open, with each address that fills it."""
    for page in PAGES:
        if right_of_page(page) in {None, *RIGHTS[LOGINS[login]]}:
            for table in getattr(page, "TABLES", ()):
                faults = [f"?period=all&fault={fault.code}" for fault in FAULTS]
                of_faults = table.name == "data-health-records"
                yield from ((table, each) for each in (faults if of_faults else ["?period=all"]))


def askings(column):
    """A column sorted either way, and searched for the beginning of a plate and of a name."""
    yield from ({"sortModel": [{"colId": column.field, "sort": way}]} for way in ("asc", "desc"))
    yield from ({"filterModel": {column.field: {"filter": said}}} for said in ("云ZA", "王"))


@pytest.mark.parametrize("login", SHUT)
def test_no_grid_is_sorted_or_searched_by_what_it_veils(looker, url, login):
    shut = set()
    for table, search in lists(login):
        plain = rows_of(looker, table, search)
        for column in table.columns:
            veiled = any(VEIL in str(row[column.field]) for row in plain[0])
            assert not veiled or column.of_people or not (column.sort or column.find)
            shut |= {(table.name, column.field)} if veiled and column.of_people else set()
            for asked in askings(column) if column.of_people else ():
                assert rows_of(looker, table, search, **asked) == plain, (table.name, asked)
    assert shut == SHUT[login]


@pytest.mark.parametrize("path", REPORTS)
def test_no_report_tells_who_a_customer_is(looker, url, login, path):
    for ending in ("xlsx", "docx"):
        answer = looker.asker.client.get(f"/report/{path}.{ending}?store=S1")
        assert answer.status_code == (403 if login == "agent1" else 200)
        assert told(text_of(answer.get_data()), phones(url) | people(url)) == set()
