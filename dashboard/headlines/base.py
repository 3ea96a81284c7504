"""The shape of a headline."""

from collections.abc import Callable

from data.lookups import Target
from data.metrics import Answer

Headline = Callable[[Answer, Target | None], str | None]
