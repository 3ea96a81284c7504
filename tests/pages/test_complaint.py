"""The forms of a case offer what fits the case as it stands."""

import dash_bootstrap_components as dbc
import pytest
from sqlalchemy import update

from data.metrics.complaints import case as cases
from data.models import ComplaintCategory
from data.person import SYSTEM
from pages.complaint.moves import FORMS, Workbench
from tests.factories import at, complaint, employee, store

NOW = at("2026-03-13T09:30")


@pytest.fixture
def dealer(session):
    return store(session)


def bench(session, case):
    found = cases.by_id(session, case.id, as_of=NOW)
    return Workbench(case=found, person=SYSTEM, as_of=NOW)


def offered(field):
    (choice,) = [part for part in field._traverse() if isinstance(part, dbc.Select)]
    return {option["value"] for option in choice.options}


def test_a_retired_category_is_offered_where_the_case_has_it_alone(session, dealer):
    retired = ComplaintCategory.code == "brakes"
    session.execute(update(ComplaintCategory).where(retired).values(active=False))
    for category, offers in (("brakes", True), ("service", False)):
        case = complaint(session, dealer, "2026-03-12T17:00", category=category)
        field, *_ = FORMS["classify"][2](bench(session, case))
        assert ("brakes" in offered(field)) is offers


def test_who_has_left_still_owns_a_case_and_gets_no_other(session, dealer):
    left = employee(session, dealer, "Li", active=False)
    there = employee(session, dealer, "Wang")
    case = complaint(session, dealer, "2026-03-12T17:00", owner_id=left.id)
    found = cases.by_id(session, case.id, as_of=NOW)
    assert found.owner is left
    assert list(found.colleagues) == [there]
