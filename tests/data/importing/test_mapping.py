"""The mapping: a dealer's own words, and clear words about mistakes in it."""

import pytest

from data.importing.kinds import KINDS
from data.importing.mapping import read_mapping
from data.importing.reasons import FileRefused

WORDS = KINDS["complaints"].words


def test_a_whole_mapping(write) -> None:
    path = write(
        """
        [columns]
        "来电时刻" = "opened_at"
        "编码" = "投诉编号"
        "天气" = ""
        [dates]
        order = "dmy"
        epoch = 1904
        [values.severity]
        "特急 " = "critical"
        [empty]
        words = ["NULL", "／"]
        [rules]
        shared_phones = true
        """,
        encoding="utf-8-sig",
    )
    own = read_mapping(path, WORDS)
    assert own.columns == {"来电时刻": "opened_at", "编码": "number", "天气": ""}
    assert (own.order, own.epoch, own.shared_phones) == ("dmy", 1904, True)
    assert own.values == {"severity": {"特急": "critical"}}
    assert own.empty == {"null", "/"}


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[colums]", "names the part “colums”.*columns, dates"),
        ('[columns]\n"x" = "opend_at"', "the field “opend_at”.*opened_at"),
        ('[columns]\n"x" = 5', "the field “5”"),
        ("columns = 3", "is not a table"),
        ('[dates]\norder = "ydm"', "the order “ydm”.*ymd, mdy, dmy"),
        ("[dates]\nordre = 1", r"the \[dates\] setting “ordre”"),
        ("[dates]\norder = []", "the order"),
        ('[values.severty]\n"x" = "y"', "the field “severty”"),
        ("[values]\nseverity = 3", "is not a table"),
        ('[empty]\nwords = "NULL"', "not a list"),
        ("[rules]\nshared_phones = 3", "the shared_phones “3”"),
        ("[columns", "is not TOML"),
        (b"\xff\xfe\x00", "is not TOML"),
    ],
)
def test_mistakes_are_named(write, toml, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        read_mapping(write(toml, "m.toml"), WORDS)


def test_a_mapping_that_is_not_there(tmp_path) -> None:
    with pytest.raises(FileRefused, match="cannot be opened"):
        read_mapping(tmp_path / "m.toml", WORDS)
