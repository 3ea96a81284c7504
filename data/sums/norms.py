"""Norms in what is added up, as they are now: who changes one has the sums worked out anew."""

from sqlalchemy import ColumnElement, func, select

from data.defaults import NORMS
from data.models import Norm


def figure(code: str, name: str) -> ColumnElement[int]:
    """A whole number among the figures of the norm with this code."""
    mine = select(Norm.value[name].as_integer()).where(Norm.code == code)
    return func.coalesce(mine.scalar_subquery(), NORMS[code][name])
