"""The scorecards as tables."""

from types import SimpleNamespace

import pytest
from pandas import DataFrame

from dashboard.widgets import Ask
from pages.team.lists import rows

MEASURED = (("a", "completed", 9.0), ("a", "overall", 4.5), ("b", "completed", 5.0))


def scorecard(session, scope):
    """Two agents; nobody has rated the second one."""
    found = [
        {"key": key, "name": key, "store": "S1", "measure": measure, "value": value,
         "denominator": 9, "verdict": None}
        for key, measure, value in MEASURED
    ]  # fmt: skip
    return SimpleNamespace(frame=DataFrame(found))


@pytest.mark.parametrize(
    ("field", "down", "order"),
    [("overall", False, "ab"), ("overall", True, "ba"), ("completed", False, "ba")],
)
def test_who_lacks_a_measure_can_be_sorted_by_it_too(field, down, order):
    found = rows(scorecard, "completed")(None, None, Ask(sort=((field, down),)))
    assert "".join(row["name"] for row in found.rows) == order
