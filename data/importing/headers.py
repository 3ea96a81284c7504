"""The header: where it stands, which of its words mean which field."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.importing.reasons import Reason
from data.importing.values import fold

BRACKETS = re.compile(r"[(\[【{<《]([^)\]】}>》]*)[)\]】}>》]")
FILLERS = re.compile(r"[\s_\-.:*#\"'、/]+")
GROUP_ENDING = re.compile("(基本)?(信息|资料|情况)\\Z")
# a column counted in ten thousands, or in minutes, would be read wrong by that factor
OTHER_SCALES = re.compile("[万千]元|[万千]公里|时长.*分钟")


def plain(heading: Any) -> str:
    """A heading without what differs from template to template: width, spaces, case, signs."""
    return FILLERS.sub("", fold(heading).lower())


def readings(heading: Any) -> Iterable[str]:
    """What a heading may mean, best first: without its brackets, as it is, what is in brackets."""
    words = fold(heading)
    if OTHER_SCALES.search(words):
        return ()
    inside = [plain(part) for part in BRACKETS.findall(words)]
    return (plain(BRACKETS.sub("", words)), plain(words), *inside)


@dataclass(frozen=True, slots=True)
class Words:
    """Which heading means which field. `rank` orders the words of one field, the best lowest."""

    fields: Mapping[str, str]
    rank: Mapping[str, int]

    def meaning(self, heading: Any) -> str | None:
        """The word (as in `fields`) that `heading` says, or None."""
        if heading is None or heading == "":
            return None
        return next((one for one in readings(heading) if one and one in self.fields), None)


def words_of(fields: Mapping[str, Sequence[str]], own: Mapping[str, str]) -> Words:
    """The words of each field, and a dealer's own on top; an own word for "" is not read."""
    known: dict[str, str] = {}
    rank: dict[str, int] = {}
    for field, its_words in fields.items():
        for place, word in enumerate((*its_words, field)):
            known.setdefault(plain(word), field)
            rank.setdefault(plain(word), place)
    for word, field in own.items():
        for one in {plain(word), plain(BRACKETS.sub("", fold(word)))}:
            known[one], rank[one] = field, -1
    return Words(known, rank)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: its place from 0, its heading as written, the field it fills."""

    place: int
    heading: str
    field: str | None


@dataclass(frozen=True, slots=True)
class Header:
    """The header found. `line` is its last line; `cells` that line as it stands."""

    line: int
    columns: tuple[Column, ...]
    notices: tuple[Reason, ...]
    cells: tuple[Any, ...]

    @property
    def read(self) -> dict[str, Column]:
        """The columns that are read, by field."""
        return {one.field: one for one in self.columns if one.field}

    @property
    def unread(self) -> list[str]:
        """The headings that mean nothing here, or the same as another."""
        return [one.heading for one in self.columns if one.field is None]

    @property
    def width(self) -> int:
        """How many cells a row has at least: up to the last column with a heading."""
        return max((one.place + 1 for one in self.columns), default=0)


def find_header(rows: Sequence[tuple[int, Sequence[Any]]], words: Words) -> Header | None:
    """The row, or pair of rows, that names most fields; None where no row names two.

    `rows` are (line number, cells) from the top. Rows above the header are titles. A table of one
    column needs one known heading. Of equals the upper and the single row wins.
    """
    best, header = 0, None
    for index, (line, cells) in enumerate(rows):
        above = rows[index - 1][1] if index else ()
        for names in (_single(cells), _double(above, cells)) if above else (_single(cells),):
            found = [_field(name, words) for name in names]
            count = len({field for field in found if field})
            filled = sum(1 for name in names if name)
            if count > best and (count > 1 or filled == 1):
                best, header = count, (line, names, cells)
    return header and _header(*header, words)


Name = tuple[str, ...]  # what may stand over a column, the best reading first


def _single(cells: Sequence[Any]) -> list[Name]:
    return [(str(cell),) if _said(cell) else () for cell in cells]


def _double(upper: Sequence[Any], lower: Sequence[Any]) -> list[Name]:
    """Two lines as one: the group over a column together with its own heading, or either."""
    names: list[Name] = []
    group = ""
    for place in range(max(len(upper), len(lower))):
        above = str(upper[place]) if place < len(upper) and _said(upper[place]) else ""
        below = str(lower[place]) if place < len(lower) and _said(lower[place]) else ""
        group = above or group
        names.append((_joined(group, below), below) if below else (above,) if above else ())
    return names


def _joined(group: str, heading: str) -> str:
    return GROUP_ENDING.sub("", group.strip()) + heading


def _said(cell: Any) -> bool:
    return isinstance(cell, str) and bool(fold(cell))


def _field(name: Name, words: Words) -> str | None:
    meaning = next((one for one in map(words.meaning, name) if one), None)
    return words.fields[meaning] if meaning else None


def _header(line: int, names: list[Name], cells: Sequence[Any], words: Words) -> Header:
    claims: dict[str, list[tuple[int, int, str]]] = {}
    for place, name in enumerate(names):
        meaning = next((one for one in map(words.meaning, name) if one), None)
        if meaning and words.fields[meaning]:
            claim = (words.rank[meaning], place, written(name[-1]))
            claims.setdefault(words.fields[meaning], []).append(claim)
    used = {min(claim)[1]: field for field, claim in claims.items()}
    columns = tuple(
        Column(place, written(name[-1]), used.get(place))
        for place, name in enumerate(names)
        if name
    )
    notices = tuple(_doubled(claim) for claim in claims.values() if len(claim) > 1)
    return Header(line, columns, notices, tuple(cells))


def _doubled(claims: list[tuple[int, int, str]]) -> Reason:
    return Reason(
        "The columns {columns} mean the same; {used} (column {place}) is read, the others are not.",
        columns=", ".join(heading for _, _, heading in sorted(claims, key=lambda one: one[1])),
        used=min(claims)[2],
        place=min(claims)[1] + 1,
    )


def written(heading: str) -> str:
    """A heading as written, on one line."""
    return " ".join(heading.replace("\ufeff", "").split())
