"""What a kind of table is made of: its fields, the words for them, and the rules between them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from data.importing.reasons import Reason
from data.importing.values import Manner, Reader

Values = dict[str, Any]


class Finding(NamedTuple):
    """Something a rule says about a row: at which field, why, and whether it refuses the row."""

    field: str
    reason: Reason
    refuses: bool


Rule = Callable[[Values, Manner], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Field:
    """One column: what it is called inside, the headings for it (best first), how it is read."""

    name: str
    words: tuple[str, ...]
    read: Reader


@dataclass(frozen=True, slots=True)
class Agreement:
    """Rows with the same `key` must agree in what `same` gives; else the later one is refused.

    `repeats` says that agreeing rows are one row written twice.
    """

    key: Callable[[Values], object]
    same: Callable[[Values], object]
    repeats: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table that can be read.

    `required` is one group of fields an entry, at least one of which must be there in the header
    and in every row. Rules may complete a row, and are asked in turn.
    """

    code: str
    fields: tuple[Field, ...]
    required: tuple[tuple[str, ...], ...]
    rules: tuple[Rule, ...]
    agreements: tuple[Agreement, ...]

    @property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """The headings of each field."""
        return {field.name: field.words for field in self.fields}


def not_before(field: str, earlier: str, sentence: str) -> Rule:
    """A rule: what `field` says did not happen before what `earlier` says."""

    def rule(values: Values, manner: Manner) -> Iterator[Finding]:
        first, then = values.get(earlier), values.get(field)
        if first is not None and then is not None and then < first:
            yield Finding(field, Reason(sentence), refuses=True)

    return rule


def everything(values: Values) -> tuple[tuple[str, Any], ...]:
    """All that a row says."""
    return tuple(sorted((key, value) for key, value in values.items() if value is not None))
