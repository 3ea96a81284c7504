from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data.importing.reading import Reading, open_reading
from tests.conftest import shared

TODAY = date(2026, 1, 15)


@pytest.fixture
def sample() -> Callable[[str], Path]:
    """The path of a sample file; skips where the samples are not on this machine."""

    def find(name: str) -> Path:
        return shared(f"import-samples/{name}")

    return find


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a text or bytes to a file and give its path."""

    def make(content: str | bytes, name: str = "table.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return make


@pytest.fixture
def reading() -> Callable[..., Reading]:
    """Open a table as of a fixed day in Shanghai."""

    def open_(kind: str, path: Path, **more: object) -> Reading:
        return open_reading(kind, path, today=TODAY, zone=ZoneInfo("Asia/Shanghai"), **more)

    return open_
