"""What the tests of single sums share."""

import pytest

from tests.factories import store


@pytest.fixture
def dealer(session):
    """A store without any work."""
    return store(session)
