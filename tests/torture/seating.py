"""Before a crowd lives: who it is, signed in, and the screens that were hung up.

Signing in is slow on purpose. So there are a dozen sessions, two of them of people who see every
store, the others of a manager of one store each, and several people share a session.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import select

from data import db
from data.commands.accounts import add_user
from data.commands.screens import add_screen
from data.demo.stores import PASSWORD
from data.models import AppUser, Complaint, Store
from data.person import SYSTEM
from data.screens import new_secret
from tests.torture.crowd import Case, Person, Screen, Seat
from tests.torture.house import Caller, House, Stranger

MANAGERS, READ = 10, 40
OF_ALL = ("principal", "quality")  # of the demo


def people(site: House, callbacks: Mapping[str, Any], count: int) -> list[Person]:
    """So many people, each with a case of one's own to promise about."""
    db.connect(site.url)
    seats = _seats(site)
    taken = {store: iter(cases) for store, cases in _cases(count).items()}
    found = [
        Person(site.address, seat, callbacks, number, next(taken[seat.stores[0]]))
        for number, seat in enumerate(islice(cycle(seats), count))
    ]
    db.close()
    return found


def screens(site: House, count: int) -> list[Screen]:
    """So many screens: one of all stores, then one of a single store, and so on."""
    db.connect(site.url)
    stores = cycle(_stores())
    found = [_hung(site, None if n % 2 == 0 else next(stores)) for n in range(count)]
    db.close()
    return found


def memory(site: House) -> float:
    """What the server's processes hold, in MB; what they share is counted once."""
    return sum(_held(number) for number in (site.server.pid, *site.workers_now()))


def _held(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:  # it has just gone
        return 0
    return int(re.search(r"^Pss:\s+(\d+) kB", lines, re.M)[1]) / 1024


def _seats(site: House) -> list[Seat]:
    stores = _stores()
    cases = _cases(READ)
    every = [case for found in cases.values() for case in found]
    _add_managers(stores[:MANAGERS])
    group = [_seat(site, login, stores, every) for login in OF_ALL]
    return group + [_seat(site, _login(one), [one], cases[one]) for one in stores[:MANAGERS]]


def _seat(site: House, login: str, stores: Sequence[str], cases: Sequence[Case]) -> Seat:
    caller = Caller(site.address, login, PASSWORD)
    return Seat(_sent(caller), caller.token, stores, cases)


def _login(store: str) -> str:
    return f"crowd-{store.lower()}"


def _add_managers(stores: Sequence[str]) -> None:
    with db.writing(by=SYSTEM) as session:
        known = set(session.scalars(select(AppUser.login)))
        for store in stores:
            if _login(store) not in known:
                who = {"login": _login(store), "name": store, "role": "manager"}
                where = {"stores": [store], "all_stores": False, "at": datetime.now(UTC)}
                add_user(session, **who, **where, password=PASSWORD)


def _hung(site: House, store: str | None) -> Screen:
    secret, visitor = new_secret(), Stranger(site.address)
    with db.writing(by=SYSTEM) as session:
        add_screen(session, name="Crowd", secret=secret, now=datetime.now(UTC), store=store)
    _status, page = visitor.get(f"/wall/link?once={secret}")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    assert visitor.send("/wall/link", once=secret, csrf_token=token)[0] == 200
    return Screen(site.address, _sent(visitor))


def _sent(visitor: Stranger) -> str:
    return "; ".join(f"{each.name}={each.value}" for each in visitor.cookies)


def _stores() -> list[str]:
    with db.reading(as_=SYSTEM) as session:
        return list(session.scalars(select(Store.code).order_by(Store.id)))


def _cases(count: int) -> dict[str, list[Case]]:
    """The latest complaints of each store."""
    columns = (Complaint.id, Complaint.number, Store.code, Complaint.version)
    latest = select(*columns).join(Store, Store.id == Complaint.store_id)
    latest = latest.order_by(Complaint.id.desc()).limit(count)
    with db.reading(as_=SYSTEM) as session:
        return {
            store: [Case(*row) for row in session.execute(latest.where(Store.code == store))]
            for store in _stores()
        }
