"""Scope is enforced for every table, every shape of statement and every write."""

from datetime import UTC, date, datetime, timedelta

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import (
    JSON,
    Engine,
    Integer,
    case,
    cast,
    create_engine,
    exists,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.exc import StaleDataError

from data import db, served
from data.db import Base, Instant, StoreOwned
from data.guard import OutsideScope
from data.installing import open_database
from data.models import Customer, DeliveredDay, Employee, Event, Store, Vehicle, WorkCalendar
from data.person import SYSTEM, Person, Role
from tests import factories
from tests.conftest import fresh

MODELS = sorted(
    (mapper.class_ for mapper in Base.registry.mappers), key=lambda model: model.__tablename__
)
OWNED = [model for model in MODELS if issubclass(model, StoreOwned)]


@pytest.fixture
def two_stores(session: Session) -> Session:
    calendar = WorkCalendar(code="cn", week={})
    session.add(calendar)
    session.flush()
    session.add_all(
        Store(id=n, code=f"S{n}", name=f"Store {n}", zone="Asia/Shanghai", calendar_id=calendar.id)
        for n in (1, 2)
    )
    session.flush()
    session.add_all(Customer(id=n, store_id=n, name=f"Customer {n}") for n in (1, 2))
    session.flush()
    return session


def seen_by_store_1(session: Session) -> Session:
    session.expire_all()
    session.info["person"] = Person(login="li", name="Li", role=Role.MANAGER, stores=frozenset({1}))
    return session


def value_for(column):
    if column.nullable or column.default is not None:
        return None
    if isinstance(column.type, JSON):
        return {}
    kinds = {int: 1, str: "x", bool: False, float: 1.0, date: date(2026, 1, 1)}
    if isinstance(column.type, Instant):
        return datetime(2026, 1, 1, tzinfo=UTC)
    return kinds[column.type.python_type]


@pytest.mark.parametrize("model", OWNED, ids=lambda m: m.__tablename__)
def test_no_row_of_another_store_is_seen_in_any_table(two_stores, model):
    session = two_stores
    if session.bind.dialect.name == "postgresql":
        session.execute(text("SET session_replication_role = replica"))  # rows without parents
    else:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
    columns = {c.key: c.columns[0] for c in inspect(model).column_attrs}
    for n in (1, 2):
        row = {key: value_for(column) for key, column in columns.items()}
        row = {key: value for key, value in row.items() if value is not None}
        row |= {"store_id": n} | ({"id": 100 + n} if "id" in columns else {})
        session.execute(insert(model).values(**row))
    everything = session.scalar(select(func.count()).select_from(model))
    assert everything >= 2
    seen_by_store_1(session)
    assert set(session.scalars(select(model.store_id))) == {1}
    assert session.scalar(select(func.count()).select_from(model)) < everything


def test_every_table_of_the_dealers_work_is_owned_by_a_store():
    shared = {model.__tablename__ for model in MODELS} - {model.__tablename__ for model in OWNED}
    assert shared == {
        "admin_event", "app_user", "calendar", "calendar_exception", "callback_rule",
        "complaint_category", "job_run", "known_issue", "ledger", "login_session", "login_try",
        "norm", "question", "questionnaire", "screen_token", "sla_policy", "store", "target",
        "user_store",
    }  # fmt: skip


MOST = ("scalar", "window")  # questions for the highest number


def shapes():
    other, another = aliased(Customer), aliased(Customer)
    inner = select(Customer.id, Customer.store_id).subquery()
    cte = select(Customer.store_id, func.count().label("n")).group_by(Customer.store_id).cte()
    each = union_all(select(Customer.store_id), select(Customer.store_id)).subquery()
    return {
        "subquery": select(inner.c.store_id),
        "cte": select(cte.c.store_id),
        "union": select(each.c.store_id),
        "alias": select(other.store_id),
        "two aliases": select(other.store_id).join(another, another.id == other.id),
        "join": select(other.store_id).join(Customer, Customer.id != other.id, isouter=True),
        "exists": select(Store.id).where(exists().where(Customer.store_id == Store.id)),
        "scalar": select(select(func.max(Customer.store_id)).scalar_subquery()),
        "in": select(Store.id).where(Store.id.in_(select(Customer.store_id))),
        "window": select(func.max(Customer.store_id).over()).select_from(Customer),
        "case": select(case((Customer.id > 0, Customer.store_id))),
        "sum": select(cast(Customer.store_id, Integer) + 0),
    }


@pytest.mark.parametrize("shape", shapes())
def test_no_shape_of_a_question_leaks_another_store(two_stores, shape):
    answer = two_stores.execute(shapes()[shape]).scalars().all()
    assert set(answer) - {1}, "the shape must reach both stores when nobody forbids it"
    assert set(seen_by_store_1(two_stores).execute(shapes()[shape]).scalars()) == {1}


@pytest.mark.parametrize("shape", shapes())
def test_each_sees_their_own_stores_whoever_asked_the_same_before(two_stores, shape):
    session, calendar = two_stores, two_stores.get_one(Store, 1).calendar_id
    named = {"name": "Store", "zone": "Asia/Shanghai", "calendar_id": calendar}
    session.add_all(Store(id=n, code=f"S{n}", **named) for n in (3, 4))
    session.flush()
    session.add_all(Customer(id=n, store_id=n, name=f"Customer {n}") for n in (3, 4))
    session.flush()
    for stores in ({1, 3}, {2, 4}, {1}, set(), {4}, {2, 3, 4}, {1, 3}):
        session.expire_all()
        person = Person(login="li", name="Li", role=Role.MANAGER, stores=frozenset(stores))
        session.info["person"] = person
        found = set(session.execute(shapes()[shape]).scalars()) - {None}
        assert found == ({max(stores, default=None)} - {None} if shape in MOST else stores)


def test_a_row_of_another_store_cannot_be_fetched_by_its_number(two_stores):
    session = seen_by_store_1(two_stores)
    session.expunge_all()
    assert session.get(Customer, 1) is not None
    assert session.get(Customer, 2) is None
    assert session.get(Store, 2) is None


def test_what_cannot_be_scoped_is_refused(two_stores):
    session = seen_by_store_1(two_stores)
    with pytest.raises(OutsideScope, match="text"):
        session.execute(text("SELECT * FROM customer"))
    table = Customer.__table__
    for question in (
        select(table.c.id),
        select(func.count()).select_from(table),
        select(Store.id).join(table, literal(1) == 1),
        select(Store.id).where(exists().where(table.c.store_id == Store.id)),
        select(table.alias().c.id),
        select(Vehicle.id).where(Vehicle.id.in_(select(table.c.id))),
    ):
        with pytest.raises(OutsideScope, match=r"customer|Customer"):
            session.execute(question)


def test_a_class_hidden_in_an_expression_is_refused_rather_than_leaked(two_stores):
    session = seen_by_store_1(two_stores)
    for question in (
        select(func.max(Customer.store_id).over()),
        select(Vehicle.id + Customer.id),
        select(case((Store.id > 0, Customer.id))),
        select(Store.id).where(Store.id.in_(select(func.max(Customer.store_id).over()))),
    ):
        with pytest.raises(OutsideScope, match="select_from"):
            session.execute(question)


def test_a_row_of_another_store_cannot_be_written(two_stores):
    session = seen_by_store_1(two_stores)
    with pytest.raises(OutsideScope):
        session.execute(insert(Customer), [{"store_id": 2, "name": "x", "version": 1}])
    changed = session.execute(
        update(Customer).where(Customer.id == 2).values(name="x"),
        execution_options={"synchronize_session": False},
    )
    assert changed.rowcount == 0
    session.add(Customer(store_id=2, name="x"))
    with pytest.raises(OutsideScope):
        session.flush()


def test_a_row_cannot_point_into_another_store(two_stores):
    from sqlalchemy.exc import IntegrityError

    two_stores.add(Vehicle(store_id=1, customer_id=2, plate="粤B00001"))
    with pytest.raises(IntegrityError):
        two_stores.flush()


def test_a_moment_without_a_zone_is_refused(two_stores):
    event = Event(
        store_id=1, at=datetime(2026, 1, 1), actor="x", subject="x", subject_id=1, kind="x", data={}
    )
    two_stores.add(event)
    with pytest.raises(StatementError, match="no time zone"):
        two_stores.flush()


def test_a_moment_comes_back_in_utc(two_stores, now):
    from zoneinfo import ZoneInfo

    local = now.astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(microseconds=7)
    two_stores.add(
        Event(store_id=1, at=local, actor="x", subject="x", subject_id=1, kind="x", data={})
    )
    two_stores.flush()
    two_stores.expire_all()
    back = two_stores.scalar(select(Event.at))
    assert back == local
    assert back.utcoffset() == timedelta(0)


def test_a_save_from_an_older_version_is_not_written(engine: Engine, two_stores):
    first = two_stores.get_one(Customer, 1)
    elsewhere = {"synchronize_session": False}
    two_stores.execute(
        update(Customer).where(Customer.id == 1).values(version=9), execution_options=elsewhere
    )
    first.name = "too late"
    with pytest.raises(StaleDataError):
        two_stores.flush()


def test_whole_days_are_stored_once(two_stores):
    two_stores.add(DeliveredDay(store_id=1, day=date(2026, 1, 1), orders=3))
    two_stores.add(Employee(store_id=1, number="1", name="Li", role="adviser"))
    two_stores.flush()
    assert two_stores.scalar(select(DeliveredDay.orders)) == 3


def write_and_fail(by):
    with db.writing(by=by) as session:
        session.add(WorkCalendar(code="undone", week={}))
        session.flush()
        _ = 1 / 0


def test_reading_keeps_nothing_and_writing_keeps_all_or_nothing(tmp_path):
    engine = db.connect(f"sqlite:///{tmp_path / 'kept.db'}")
    Base.metadata.create_all(engine)
    everyone = Person(login="root", name="Root", role=Role.ADMIN, stores=None)
    with db.writing(by=everyone) as session:
        session.add(WorkCalendar(code="cn", week={}))
    with db.reading(as_=everyone) as session:
        session.add(WorkCalendar(code="lost", week={}))
    with pytest.raises(ZeroDivisionError):
        write_and_fail(everyone)
    with db.reading(as_=everyone) as session:
        assert session.scalars(select(WorkCalendar.code)).all() == ["cn"]
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request, tmp_path, postgres_url):
    """A database of its own, opened as the program opens it."""
    here = f"sqlite:///{tmp_path / 'opened.db'}"
    url = here if request.param == "sqlite" else fresh(postgres_url, "aftercare_opened")
    engine = open_database(url)
    with db.writing(by=SYSTEM) as session:
        factories.store(session, "S1")
        factories.store(session, "S2")
    yield engine
    engine.dispose()


def test_a_glance_sees_ones_own_stores_and_begins_nothing_on_a_server(opened):
    of_one = Person(login="li", name="Li", role=Role.MANAGER, stores=frozenset({1}))
    with db.glancing(as_=of_one) as session:
        assert session.scalars(select(Store.code)).all() == ["S1"]
        if opened.dialect.name == "postgresql":
            line = session.connection().connection.dbapi_connection
            assert line.info.transaction_status == TransactionStatus.IDLE
    with db.writing(by=SYSTEM) as session:  # what takes the same connection up begins as ever
        session.add(Customer(store_id=1, name="Wang"))
        session.flush()
        session.rollback()
    with db.glancing(as_=SYSTEM) as session:
        assert session.scalars(select(Customer.id)).all() == []


@pytest.mark.parametrize(
    "write",
    [
        lambda session: session.execute(update(Store).values(name="x")),
        lambda session: (session.add(Customer(store_id=1, name="x")), session.flush()),
    ],
    ids=["statement", "flush"],
)
def test_a_glance_writes_nothing(opened, write):
    with db.glancing(as_=SYSTEM) as session, pytest.raises(RuntimeError, match=r"db\.writing"):
        write(session)
    with db.reading(as_=SYSTEM) as session:
        assert "x" not in session.scalars(select(Store.name)).all()
        assert session.scalars(select(Customer.id)).all() == []


def pings(engine, monkeypatch):
    """Counts how often a connection is asked whether it lives."""
    asked = []
    ping = engine.dialect.do_ping
    monkeypatch.setattr(engine.dialect, "do_ping", lambda line: (asked.append(1), ping(line))[1])
    return asked


@pytest.mark.parametrize(("lately", "asked"), [(60.0, 0), (0.0, 4)])
def test_a_connection_is_asked_whether_it_lives_unless_it_answered_just_now(
    postgres_url, monkeypatch, lately, asked
):
    monkeypatch.setattr(served, "LATELY_S", lately)
    engine = db.connect(postgres_url)
    found = pings(engine, monkeypatch)
    for _ in range(4):
        with db.reading(as_=SYSTEM) as session:
            session.execute(text("SELECT 1"))
    engine.dispose()
    assert len(found) == asked


@pytest.mark.parametrize("looking", [db.reading, db.glancing], ids=lambda look: look.__name__)
def test_a_connection_that_died_meanwhile_is_replaced_and_nobody_notices(
    postgres_url, monkeypatch, looking
):
    monkeypatch.setattr(served, "LATELY_S", 0.0)
    engine = db.connect(postgres_url)
    with looking(as_=SYSTEM) as session:
        first = session.scalar(select(func.pg_backend_pid()))
    other = create_engine(engine.url)
    with other.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": first})
    other.dispose()
    with looking(as_=SYSTEM) as session:
        assert session.scalar(select(func.pg_backend_pid())) != first
    engine.dispose()


def test_a_glance_is_given_up_soon_and_a_question_is_not(postgres_url, monkeypatch):
    monkeypatch.setattr(served, "PULSE_S", 0.5)
    engine = db.connect(postgres_url)
    slow = select(func.pg_sleep(1))
    with db.reading(as_=SYSTEM) as session:
        session.execute(slow)
    with db.glancing(as_=SYSTEM) as session, pytest.raises(OperationalError, match="heard"):
        session.execute(slow)
    with db.glancing(as_=SYSTEM) as session:
        assert session.scalar(select(literal(1))) == 1
    engine.dispose()
