"""The smallest workbook of before 2007 that Excel would know: for tests, nothing writes it else."""

import struct
from collections.abc import Sequence

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Cell = str | float | None
Sheet = tuple[str, bool, Sequence[Sequence[Cell]]]  # name, hidden, rows


def xls(*sheets: Sheet) -> bytes:
    """A workbook with these sheets."""
    stream = _workbook(sheets)
    stream += b"\0" * (-len(stream) % SECTOR) + b"\0" * max(0, 8 * SECTOR - len(stream))
    stream += b"\0" * (-len(stream) % SECTOR)
    count = len(stream) // SECTOR
    chain = [FAT, END, *range(3, count + 2), END]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    return _header() + fat + _directory(len(stream)) + stream


def _header() -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
    return head + struct.pack("<109I", 0, *[FREE] * 108)


def _directory(size: int) -> bytes:
    entries = [_entry("Root Entry", 5, 1, END, 0), _entry("Workbook", 2, FREE, 2, size)]
    return b"".join(entries).ljust(SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    fixed = struct.pack("<HBBIII36xIQ", len(encoded), kind, 1, FREE, FREE, child, start, size)
    return encoded.ljust(64, b"\0") + fixed


def _workbook(sheets: Sequence[Sheet]) -> bytes:
    bodies = [_sheet(rows) for _, _, rows in sheets]
    names = [name.encode("utf-16-le") for name, _, _ in sheets]
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    length = len(begin) + sum(4 + 8 + len(name) for name in names) + 4
    bounds = b""
    for (_, hidden, _), name, body in zip(sheets, names, bodies, strict=True):
        head = struct.pack("<IBBBB", length, hidden, 0, len(name) // 2, 1)
        bounds += _record(0x0085, head + name)
        length += len(body)
    return begin + bounds + _record(0x000A, b"") + b"".join(bodies)


def _sheet(rows: Sequence[Sequence[Cell]]) -> bytes:
    cells = b"".join(
        _cell(row, column, cell)
        for row, line in enumerate(rows)
        for column, cell in enumerate(line)
        if cell is not None
    )
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    return begin + cells + _record(0x000A, b"")


def _cell(row: int, column: int, cell: str | float) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, str):
        text = cell.encode("utf-16-le")
        return _record(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text)
    return _record(0x0203, place + struct.pack("<d", cell))


def _record(number: int, content: bytes) -> bytes:
    return struct.pack("<HH", number, len(content)) + content
