"""Text files (CSV): which encoding, which separator, and the rows with their line numbers."""

import codecs
import csv
from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from data.importing.book import Book, Limits, Line
from data.importing.reasons import FileRefused, Reason

SEPARATORS = (",", ";", "\t")
CHUNK = 1 << 20
SAMPLE = 1 << 16
SAMPLE_ROWS = 200
# a text may hold this share of unreadable bytes; their rows are refused one by one
UNREADABLE = 0.01
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NOT_TEXT = (
    "This is neither a spreadsheet nor text in UTF-8, UTF-16, GBK or GB18030. "
    "Save the table as XLSX or CSV and read that."
)


class TextTable:
    """The table of a text file, cut at one separator."""

    name = ""
    ragged = True

    def __init__(
        self, path: Path, encoding: str, separator: str, height: int, limits: Limits
    ) -> None:
        self.path, self.encoding, self.separator = path, encoding, separator
        self.height, self.limits = height, limits

    def lines(self) -> Iterator[Line]:
        """The rows, each with the line it begins on."""
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            yield from records(file, self.separator, self.limits)

    def evenness(self) -> int:
        """How well the separator fits: lines times fields, of lines with equally many fields."""
        widths = Counter(len(line.cells) for line in islice(self.lines(), SAMPLE_ROWS))
        return max((width * count for width, count in widths.items() if width > 1), default=0)


def open_text(path: Path, limits: Limits) -> Book:
    """Open `path` as text; FileRefused where it is none or has too many lines.

    The book has the table once for each separator, the likeliest first; the header decides.
    """
    found = survey(path)
    if found.lines > limits.rows:
        raise FileRefused(
            "The file has {lines} lines; at most {most} are read at once. Split it.",
            lines=found.lines,
            most=limits.rows,
        )
    tables = [TextTable(path, found.encoding, one, found.lines, limits) for one in SEPARATORS]
    likely = sorted(tables, key=TextTable.evenness, reverse=True)
    return Book("csv", likely, encoding=found.encoding)


class Survey(NamedTuple):
    """What one look over the whole file says."""

    encoding: str
    lines: int
    unreadable: int
    characters: int


def survey(path: Path) -> Survey:
    """The encoding that reads all of the file, or nearly all of it; UTF-8 is tried first."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    named = _by_mark(head) or _by_zeros(head)
    tries = [_read_all(path, encoding) for encoding in ([named] if named else ["utf-8"])]
    if not named and tries[0].unreadable:
        tries.append(_read_all(path, "gb18030"))
    best = min(tries, key=lambda one: one.unreadable)
    if best.unreadable > best.characters * UNREADABLE or _looks_binary(head, best.encoding):
        raise FileRefused(NOT_TEXT)
    return best


def _by_mark(head: bytes) -> str | None:
    return next((encoding for mark, encoding in BOMS if head.startswith(mark)), None)


def _by_zeros(head: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of its digits and separators is zero."""
    low, high = head[0::2].count(0), head[1::2].count(0)
    pairs = len(head) // 2
    if high > max(pairs * 0.1, 3) and high > 10 * low:
        return "utf-16-le"
    if low > max(pairs * 0.1, 3) and low > 10 * high:
        return "utf-16-be"
    return None


def _read_all(path: Path, encoding: str) -> Survey:
    lines = unreadable = characters = 0
    last = "\n"
    with path.open(encoding=encoding, errors="replace") as file:
        while piece := file.read(CHUNK):
            lines += piece.count("\n")
            unreadable += piece.count("\ufffd")
            characters += len(piece)
            last = piece[-1]
    return Survey(encoding, lines + (last != "\n"), unreadable, characters)


def _looks_binary(head: bytes, encoding: str) -> bool:
    sample = head.decode(encoding, errors="replace")
    strange = sum(character < " " and character not in "\0\t\r\n\f" for character in sample)
    return strange + sample.count("\0") // 4 > max(len(sample) * 0.05, 8)


class _TooLong(csv.Error):
    pass


class _Feed:
    """Hands lines to the CSV reader, remembers those of the running record, takes them back."""

    def __init__(self, lines: Iterator[str], limits: Limits) -> None:
        self.lines, self.limits = lines, limits
        self.waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0
        self.characters = 0

    def begin(self) -> int:
        """A record begins; the number of its first line."""
        self.taken.clear()
        self.characters = 0
        return self.number + 1

    def give_back_all_but_first(self) -> str:
        """Let the lines after the first be read again; the first."""
        self.waiting.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1
        return self.taken[0]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self._refuse_endless_records()
        line = self.waiting.popleft() if self.waiting else next(self.lines)
        self.taken.append(line)
        self.number += 1
        return line

    def _refuse_endless_records(self) -> None:
        if not self.taken:
            return
        self.characters += len(self.taken[-1])
        too_many = len(self.taken) >= self.limits.record_lines
        if too_many or self.characters > self.limits.record_chars:
            raise _TooLong


def records(lines: Iterator[str], separator: str, limits: Limits) -> Iterator[Line]:
    """The rows of CSV `lines`. A row whose quotation marks do not match is given alone, with the
    problem said; the lines it would have swallowed are read again as rows of their own.
    """
    feed = _Feed(lines, limits)
    reader = csv.reader(feed, delimiter=separator, strict=True)
    while True:
        number = feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield _damaged(number, feed.give_back_all_but_first(), separator)
            reader = csv.reader(feed, delimiter=separator, strict=True)
        else:
            yield Line(number, cells)


def _damaged(number: int, line: str, separator: str) -> Line:
    why = Reason("The quotation marks of this row do not match, or the row is endless.")
    return Line(number, line.rstrip("\r\n").split(separator), why)
