"""Every metric there is, with every option: kept to a person's stores, and sensible of nothing.

A small dealer group of two stores is counted, on both databases.
"""

from datetime import UTC, datetime, timedelta

import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import select

import pages  # noqa: F401  (with the pages, every metric is in the registry)
from data import db, defaults, events, spelling
from data.demo import load
from data.installing import open_database
from data.metrics import METRICS
from data.migrations import upgrade
from data.models import EffectVerdict, Improvement
from data.person import SYSTEM, Person, Role
from data.scope import Scope
from tests.conftest import fresh

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
MANAGER = Person(login="m", name="M", role=Role.MANAGER, stores=frozenset({1}))
ASKED = [
    (code, option)
    for code, each in METRICS.items()
    for option in [{}, *({key: value} for key, known in each.options.items() for value in known)]
]
SETTINGS = {"customer_value"}  # the house reckons so whatever happened
SAME_FOR_ALL = {"strikes"}  # not counted until a house wants it


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def addresses(request, tmp_path_factory):
    """A database with two stores, and one without any."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("metrics")
        urls = [f"sqlite:///{folder / name}.db" for name in ("full", "empty")]
    else:
        server = request.getfixturevalue("postgres_url")
        urls = [fresh(server, f"aftercare_{name}") for name in ("full", "empty")]
    engine = open_database(urls[0])
    load(engine, stores=2, years=2, as_of=NOW)
    _something_helped_at_the_second_store()
    engine.dispose()
    empty = db.connect(urls[1])
    upgrade(empty)
    with db.writing(by=SYSTEM) as session:
        defaults.fill(session)
    empty.dispose()
    return urls


def _something_helped_at_the_second_store():
    with db.writing(by=SYSTEM) as session:
        action = session.scalars(select(Improvement).where(Improvement.store_id == 2)).first()
        verdict = {"verdict": EffectVerdict.EFFECTIVE, "version": action.version}
        events.record(session, action, "verified", at=NOW - timedelta(days=7), **verdict)


@pytest.fixture(scope="module")
def asked(addresses):
    """asked("full", person, code, option): the answer there; each question is asked once."""
    engines = {where: _reader(url) for where, url in zip(("full", "empty"), addresses, strict=True)}
    answers = {}

    def ask(where, person, code, option, stores=()):
        question = (where, person.login, code, str(option), stores)
        if question not in answers:
            db._READING.configure(bind=engines[where])
            with db.reading(as_=person) as session:
                answers[question] = METRICS[code](
                    session, Scope(as_of=NOW, stores=stores), **option
                )
        return answers[question]

    yield ask
    for engine in engines.values():
        engine.dispose()


def _reader(url):
    db.connect(url)
    return db._READING.kw["bind"]


def said(answer):
    """What a metric answers, as texts that can be compared."""
    return repr(answer.frame.to_dict("records")), repr(answer.summary)


@pytest.mark.parametrize(("code", "option"), ASKED, ids=str)
def test_a_person_is_told_of_their_own_stores_alone(asked, code, option):
    alone = said(asked("full", SYSTEM, code, option, stores=("S1",)))
    for stores in ((), ("S1", "S2")):
        assert said(asked("full", MANAGER, code, option, stores=stores)) == alone
    whole = said(asked("full", SYSTEM, code, option))
    assert whole != alone or code in SAME_FOR_ALL


@pytest.mark.parametrize(("code", "option"), ASKED, ids=str)
def test_its_answer_is_read_back_as_it_was_spelled(asked, code, option):
    for where in ("full", "empty"):
        answer = asked(where, SYSTEM, code, option)
        again = spelling.read(spelling.spelled(answer))
        assert_frame_equal(again.frame, answer.frame, check_exact=True)
        assert said(again) == said(answer)


@pytest.mark.parametrize(("code", "option"), ASKED, ids=str)
def test_of_nothing_it_says_nothing_in_the_same_shape(asked, code, option):
    full, empty = (asked(where, SYSTEM, code, option) for where in ("full", "empty"))
    if option != {"by": "spread"}:  # over stores, or over the periods of a single one
        assert list(empty.frame.columns) == list(full.frame.columns)
    assert empty.summary.keys() == full.summary.keys()
    assert not empty.summary.get("value") or code in SETTINGS
