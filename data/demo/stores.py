"""The dealerships, the people who work there and the accounts that may look at them."""

from random import Random

from sqlalchemy import Connection, select

from data.accounts import hashed
from data.demo import names
from data.demo.bulk import Book
from data.demo.stage import ZONE, Colleague, Stage
from data.models import AppUser, Employee, Store, UserStore, WorkCalendar
from data.person import Role

PASSWORD = "aftercare-demo"  # of the fictional group alone, and printed

STAFF = (  # role, department, how many
    ("adviser", "服务部", 6),
    ("technician", "维修车间", 8),
    ("agent", "客户关系部", 3),
    ("manager", "服务部", 1),
    ("other", "客户关系部", 1),
    ("other", "配件部", 1),
)

ACCOUNTS = (  # login, name, role, index of the one store, 0 for all
    ("principal", "何总", Role.PRINCIPAL, 0),
    ("manager1", "许经理", Role.MANAGER, 1),
    ("manager2", "韩经理", Role.MANAGER, 2),
    ("quality", "沈质量", Role.QUALITY, 0),
    ("agent1", "陶回访", Role.AGENT, 1),
    ("admin", "系统管理员", Role.ADMIN, 0),
)

WORKS_AS = {Role.AGENT: "agent", Role.MANAGER: "manager", Role.QUALITY: "other"}


def add_stores(book: Book, count: int) -> list[tuple[int, str]]:
    """Note the dealerships; their ids and codes."""
    calendar = book.connection.scalar(select(WorkCalendar.id).where(WorkCalendar.code == "china"))
    codes = [f"S{index}" for index in range(1, count + 1)]
    return [(_store(book, index, code, calendar), code) for index, code in enumerate(codes)]


def _store(book: Book, index: int, code: str, calendar: int | None) -> int:
    known = names.STORE_NAMES
    own = known[index] if index < len(known) else f"第{index + 1}店"
    return book.add(
        Store,
        code=code,
        name=f"云帆汽车·{own}",
        group=names.GROUP,
        zone=ZONE,
        calendar_id=calendar,
    )


def add_staff(stage: Stage) -> None:
    """Note the people of a store and put them on its stage, by role.

    Who has an account for the store is the first of their role.
    """
    dice, accounts = stage.dice("staff"), _accounts_here(stage)
    taken: set[str] = set()
    for role, department, count in STAFF:
        for _ in range(count):
            taken.add(invented := _unused(dice, taken))
            name, user = accounts.pop(role, (invented, None))
            number = f"{stage.code}-{len(taken):02d}"
            made = stage.add(
                Employee, number=number, name=name, role=role, department=department, user_id=user
            )
            stage.people.setdefault(role, []).append(Colleague(made, name))


def _accounts_here(stage: Stage) -> dict[str, tuple[str, int]]:
    """Name and account of those who may sign in, by their role in the store."""
    query = select(AppUser.login, AppUser.id).where(AppUser.demo)
    users = dict(stage.book.connection.execute(query).all())
    return {
        WORKS_AS[role]: (name, users[login])
        for login, name, role, index in ACCOUNTS
        if role in WORKS_AS and index in (0, stage.index) and login in users
    }


def _unused(dice: Random, taken: set[str]) -> str:
    name = names.person(dice)
    return name if name not in taken else _unused(dice, taken)


def add_accounts(book: Book, stores: list[int]) -> dict[str, str]:
    """Note an account for each kind of user; the passwords by login.

    A login that exists already is left as it is. Salts are random: hashes differ each time.
    """
    there = _logins(book.connection)
    wanted = [row for row in ACCOUNTS if row[0] not in there and row[3] <= len(stores)]
    for login, name, role, index in wanted:
        _account(book, login, name, role, [stores[index - 1]] if index else [])
    return {row[0]: PASSWORD for row in wanted}


def _account(book: Book, login: str, name: str, role: Role, stores: list[int]) -> None:
    user = book.add(
        AppUser,
        login=login,
        name=name,
        role=role.value,
        password_hash=hashed(PASSWORD),
        all_stores=not stores,
        demo=True,
    )
    for store in stores:
        book.put(UserStore, user_id=user, store=store)


def _logins(connection: Connection) -> set[str]:
    return set(connection.scalars(select(AppUser.login)))
