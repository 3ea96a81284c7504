"""A list shows some rows, more when asked, and says when no more come."""

import re
from datetime import UTC, datetime

import pytest

from callbacks import tables
from dashboard.widgets import Ask, Column, Rows, Table
from data.scope import Scope

NOW = Scope(as_of=datetime(2026, 3, 16, 2, tzinfo=UTC))


def listed(session, total, count):
    """How many rows the list has, and whether its button for more is hidden."""

    def rows(_session, _scope, ask):
        return Rows([{"number": f"N{one}"} for one in range(min(ask.count, total))], total)

    number = Column(field="number", title="Number")
    table = Table(name="x", title="X", columns=(number,), rows=rows)
    content, said, _state, whole = tables.of_list(table, Ask(count=count), session, NOW)
    assert f"{total:,}" in str(said)
    return len(set(re.findall(r"\bN\d+", str(content.tree)))), whole


@pytest.mark.parametrize(
    ("total", "count", "whole"),
    [(9, 10, True), (10, 10, True), (11, 10, False), (9999, 490, False), (9999, 500, True)],
)
def test_more_rows_can_be_asked_for_as_long_as_more_come(session, total, count, whole):
    shown, hidden = listed(session, total, count)
    assert hidden is whole
    assert shown == min(total, count)
