"""What spreads over machines by store: every table of the stores' work, as far as its keys tell.

A few functions stand in for Citus where there is none. They refuse what Citus refuses of a table.
"""

from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import ProgrammingError

from dashboard.__main__ import cli
from data import db, spreading
from data.db import Base, StoreOwned
from data.migrations import upgrade
from data.models import Customer
from data.person import SYSTEM
from tests import factories
from tests.conftest import fresh

OWNED = [table.name for table in spreading.owned()]
COMMON = [table.name for table in spreading.common()]
BY_NUMBER = "found by its number alone, which is one count for all stores: `distribute` lets it be"
STANDS_IN = """
CREATE TABLE pg_dist_node (isactive bool, shouldhaveshards bool);
INSERT INTO pg_dist_node VALUES (true, false), (true, true), (true, true);
CREATE TABLE pg_dist_partition (logicalrelid oid, partmethod char, repmodel char, beside text);
CREATE TABLE breaks_at (name text);
CREATE FUNCTION create_reference_table(name text) RETURNS void LANGUAGE sql AS
$$ INSERT INTO pg_dist_partition VALUES (to_regclass(name), 'n', 't', '') $$;
CREATE FUNCTION create_distributed_table(name text, key text, colocate_with text) RETURNS void
LANGUAGE plpgsql AS $$ BEGIN
    IF name IN (SELECT b.name FROM breaks_at b) THEN RAISE 'the machine went away'; END IF;
    IF EXISTS (SELECT FROM pg_index i WHERE indrelid = to_regclass(name) AND indisunique AND NOT
        EXISTS (SELECT FROM pg_attribute WHERE attrelid = indexrelid AND attname = key))
    THEN RAISE USING message = name || ' has a unique index without ' || key; END IF;
    IF EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND conrelid = to_regclass(name) AND
        confrelid NOT IN (SELECT logicalrelid FROM pg_dist_partition WHERE repmodel = 't'))
    THEN RAISE USING message = name || ' refers to what is not there'; END IF;
    IF EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND confrelid = to_regclass(name))
    THEN RAISE USING message = name || ' is referred to'; END IF;
    INSERT INTO pg_dist_partition VALUES (to_regclass(name), 'h', 's', colocate_with);
END $$;
CREATE FUNCTION truncate_local_data_after_distributing_table(name text) RETURNS void
LANGUAGE sql AS ''
"""


@pytest.fixture
def plain(postgres_url):
    """A PostgreSQL with our tables."""
    url = fresh(postgres_url, "aftercare_spreading")
    engine = db.connect(url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def citus(plain):
    """The same with what stands in for Citus."""
    with plain.begin() as connection:
        connection.exec_driver_sql(STANDS_IN)
    return plain


def test_every_table_has_one_place():
    assert sorted([*OWNED, *COMMON, *spreading.KEPT]) == sorted(Base.metadata.tables)
    own = [mapper for mapper in Base.registry.mappers if issubclass(mapper.class_, StoreOwned)]
    assert {mapper.local_table.name for mapper in own} == set(OWNED)


def test_what_is_unique_is_so_within_a_store(plain):
    look = inspect(plain)
    for name in OWNED:
        key = look.get_pk_constraint(name)["constrained_columns"]
        unique = [one["column_names"] for one in look.get_unique_constraints(name)]
        unique += [one["column_names"] for one in look.get_indexes(name) if one["unique"]]
        if "store_id" not in key:
            assert key == ["id"], BY_NUMBER
            assert ["store_id", "id"] in unique, name
        assert all("store_id" in columns for columns in unique), name


def test_what_refers_to_a_row_of_a_store_names_the_store(plain):
    look = inspect(plain)
    for name in Base.metadata.tables:
        for key in look.get_foreign_keys(name):
            other, columns = key["referred_table"], key["constrained_columns"]
            if other in OWNED:
                pairs = zip(columns, key["referred_columns"], strict=True)
                assert ("store_id", "store_id") in pairs, (name, columns)
            else:
                assert other in COMMON, (name, columns)


def test_numbers_are_given_by_a_sequence(plain):
    columns = [column for name in OWNED for column in inspect(plain).get_columns(name)]
    assert not any(column.get("identity") for column in columns)


def keys(engine):
    """Every foreign key there is, with what it refers to."""
    look = inspect(engine)
    found = ((name, key) for name in Base.metadata.tables for key in look.get_foreign_keys(name))
    return {(name, *key["constrained_columns"], key["referred_table"]) for name, key in found}


def places(engine):
    with engine.connect() as connection:
        query = "SELECT logicalrelid::regclass::text, repmodel, beside FROM pg_dist_partition"
        return sorted(tuple(row) for row in connection.execute(text(query)))


def test_all_tables_are_spread_together_once_and_keep_their_foreign_keys(citus):
    before = keys(citus)
    done = spreading.spread(citus)
    assert (done.machines, done.copied, done.spread) == (2, COMMON, OWNED)
    first, *others = OWNED
    placed = [(first, "s", "none"), *((name, "s", first) for name in others)]
    assert places(citus) == sorted([*placed, *((name, "t", "") for name in COMMON)])
    assert keys(citus) == before
    again = spreading.spread(citus)
    assert (again.copied, again.spread) == ([], [])
    assert keys(citus) == before


def test_a_run_that_broke_off_is_run_again(citus):
    before = keys(citus)
    with citus.begin() as connection:
        connection.execute(text("INSERT INTO breaks_at VALUES ('repair_order')"))
    with pytest.raises(ProgrammingError, match="the machine went away"):
        spreading.spread(citus)
    with citus.begin() as connection:
        connection.execute(text("DELETE FROM breaks_at"))
    left = spreading.spread(citus)
    assert left.copied == []
    assert left.spread == OWNED[OWNED.index("repair_order") :]
    assert keys(citus) == before


def said(url, monkeypatch):
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", url)
    result = CliRunner().invoke(cli, ["distribute"])
    return result.exit_code, result.output


def test_what_cannot_be_spread_is_refused_in_one_line(plain, monkeypatch, tmp_path):
    for url, why in (
        (f"sqlite:///{tmp_path / 'small.db'}", "Only a PostgreSQL with Citus can be spread"),
        (plain.url.render_as_string(hide_password=False), "This PostgreSQL has no Citus"),
    ):
        code, line = said(url, monkeypatch)
        assert code == 1
        assert line.startswith(f"Error: {why}")
        assert line.count("\n") == 1


def test_the_verb_says_what_it_did(citus, monkeypatch):
    url = citus.url.render_as_string(hide_password=False)
    code, first = said(url, monkeypatch)
    assert code == 0
    assert "callback_rule: a copy on each machine\n" in first
    assert "callback: spread by store\n" in first
    assert first.endswith("Machines that hold the rows of stores: 2.\n")
    assert said(url, monkeypatch)[1].startswith("Every table has its place already.\n")


@contextmanager
def listening(engine, word):
    """The statements with this word, as the database hears them."""
    heard = []

    def listen(_connection, _cursor, statement, *_):
        heard.extend([statement] if word in statement else [])

    event.listen(engine, "before_cursor_execute", listen)
    yield heard
    event.remove(engine, "before_cursor_execute", listen)


@pytest.mark.parametrize(("kind", "named"), [("plain", False), ("citus", True)])
def test_a_lock_names_the_store_where_stores_lie_apart(request, kind, named):
    engine = request.getfixturevalue(kind)
    with db.writing(by=SYSTEM) as session:
        number = factories.customer(session, factories.store(session, "S1")).id
    for wanted in (number, number + 1):
        with listening(engine, "FOR UPDATE") as locks, db.writing(by=SYSTEM) as session:
            found = session.get(Customer, wanted, with_for_update=True)
        assert (found is not None) == (wanted == number)
        assert ["customer.store_id = " in lock for lock in locks] == [named]


def test_a_save_names_the_store(plain):
    with db.writing(by=SYSTEM) as session:
        customer = factories.customer(session, factories.store(session, "S1"))
        with listening(plain, "UPDATE customer") as saves:
            customer.name = "Wang"
            session.flush()
        with listening(plain, "DELETE FROM customer") as ends:
            session.delete(customer)
            session.flush()
    assert ["customer.store_id = " in said for said in (*saves, *ends)] == [True, True]


@pytest.mark.parametrize(("kind", "turns"), [("plain", []), ("citus", ["writing"])])
def test_who_writes_where_stores_lie_apart_asks_in_turn(request, kind, turns):
    engine = request.getfixturevalue(kind)
    in_turn = []
    for name, begin in (("reading", db.reading), ("writing", db.writing)):
        with listening(engine, "SET LOCAL citus") as said, begin(SYSTEM) as session:
            session.get(Customer, 1)
        in_turn += [name] * len(said)
    assert in_turn == turns
