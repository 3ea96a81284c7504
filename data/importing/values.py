"""What one cell says: money, numbers, yes and no, words; its original text is never lost.

Each reader takes the cell and the `Manner` of this import and gives the value, None for an empty
cell, or a `Doubtful` value; it raises `BadValue` for what cannot be read.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from data.importing.reasons import BadValue, Doubtful


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How this import is to be read.

    `order` of numeric dates: "ymd", "dmy", "mdy" or None (not said). `epoch_1904`: plain numbers
    count days from 1904. `empty`: further words for an empty cell. `words`: a dealer's own words
    for a field's values, {field: {word: value}}.
    """

    today: date
    zone: ZoneInfo
    order: str | None = None
    epoch_1904: bool = False
    empty: frozenset[str] = frozenset()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


Reader = Callable[[Any, Manner], Any]

NOTHING = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "n/a", "无", "暂无", "没有", "未填", "空"}
)
EXCEL_ERRORS = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"}
)
YES = frozenset({"是", "y", "yes", "true", "1", "√", "✓", "✔", "有", "对", "t"})
NO = frozenset({"否", "n", "no", "false", "0", "×", "✗", "✘", "x", "f", "不是"} | NOTHING)
UNSEEN = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
EXACT = 10**15  # from here on Excel has rounded whole numbers
MOST_FEN = 10_000_000_000_00
MOST_KM = 2_000_000
AMOUNT = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?\Z")


def fold(raw: Any) -> str:
    """The cell as plain text for reading: full-width folded, unseen characters gone, trimmed."""
    text = raw if type(raw) is str else as_text(raw)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(UNSEEN))
    return text.strip()


def as_text(raw: Any) -> str:
    """The cell as a person would read it: 536365.0 in a workbook is 536365."""
    if type(raw) is float and raw.is_integer() and abs(raw) < EXACT:
        return str(int(raw))
    if isinstance(raw, datetime):
        return raw.isoformat(" ")
    return "" if raw is None else str(raw)


def text(most: int) -> Reader:
    """Words as they were written, at most `most` characters; control characters are taken out."""

    def read(raw: Any, manner: Manner) -> Any:
        words = as_text(raw).replace("\r\n", "\n").replace("\r", "\n").strip()
        _refuse_unreadable(words)
        if len(words) > most:
            raise BadValue(
                "The text has {length} characters; at most {most} are kept.",
                length=len(words),
                most=most,
            )
        return _without_control(words) or None

    return read


def name(most: int = 200) -> Reader:
    """The name of somebody or something: on one line, "-" and the like are nobody."""
    plain = text(most)

    def read(raw: Any, manner: Manner) -> Any:
        if fold(raw).lower() in NOTHING:
            return None
        return plain(" ".join(as_text(raw).translate(UNSEEN).split()), manner)

    return read


def code(most: int = 40) -> Reader:
    """A key of the dealer's system: a number or letters, kept as text, full-width folded."""

    def read(raw: Any, manner: Manner) -> Any:
        word = fold(raw).removeprefix("'").strip()
        _refuse_unreadable(word)
        if word.lower() in NOTHING:
            return None
        refuse_rounded(raw, word)
        if len(word) > most or CONTROL.search(word) or "\n" in word:
            raise BadValue("A number or key has at most {most} characters on one line.", most=most)
        return word

    return read


def refuse_rounded(raw: Any, word: str) -> None:
    """Refuse a long number that Excel has rounded: 1.99E+10 has lost its last digits."""
    if isinstance(raw, float) and (abs(raw) >= EXACT or not raw.is_integer()):
        raise BadValue(
            "Excel has rounded this number; format the column as text and copy it again."
        )
    if re.fullmatch(r"\d+(\.\d+)?E\+?\d+", word, re.IGNORECASE):
        raise BadValue(
            "Excel has rounded this number; format the column as text and copy it again."
        )


def choice(field_name: str, known: Mapping[str, str], most: int = 40) -> Reader:
    """One of `known` words (folded, small letters) as its code; another word stays as it is.

    The dealer's own words of `field_name` come first.
    """
    plain = name(most)

    def read(raw: Any, manner: Manner) -> Any:
        word = fold(raw).lower()
        if word in NOTHING:
            return None
        found = manner.words.get(field_name, {}).get(word) or known.get(word)
        return found or plain(raw, manner)

    return read


def yes_no(raw: Any, manner: Manner) -> bool | None:
    """是 / 否, Y / N, 1 / 0, √ / ×, a ticked cell; empty is not said."""
    word = fold(raw).lower()
    if word == "":
        return None
    if word in YES or word in NO:
        return word in YES
    raise BadValue("This is neither yes nor no. Write 是 or 否.")


def times(raw: Any, manner: Manner) -> int | None:
    """How often: a number, or yes (once) or no (never)."""
    word = fold(raw).lower()
    if word.isdecimal() and len(word) < 4:
        return int(word)
    answer = yes_no(raw, manner)
    return None if answer is None else int(answer)


def fen(raw: Any, manner: Manner) -> Any:
    """Money in whole fen: "1,234.50", "￥191", "191元". Below zero is read, with a warning."""
    word = fold(raw).lower()
    if word in NOTHING:
        return None
    amount = _number(_bare_amount(word))
    cents = int((amount * 100).to_integral_value(ROUND_HALF_UP))
    if abs(cents) > MOST_FEN:
        raise BadValue("The amount is too large to be true.")
    if abs(amount * 100 - cents) > Decimal("0.001"):
        return Doubtful(cents, "The amount was rounded to the fen.")
    if cents < 0:
        return Doubtful(cents, "The amount is below zero.")
    return cents


def _bare_amount(word: str) -> str:
    for sign in ("￥", "¥", "rmb", "cny", "元", "圆", " "):
        word = word.replace(sign, "")
    if word.startswith("(") and word.endswith(")"):
        return "-" + word[1:-1]
    return word


def _number(word: str) -> Decimal:
    if not AMOUNT.match(word):
        return _power(word)
    return Decimal(word.replace(",", ""))


def _power(word: str) -> Decimal:
    # Excel writes very small and very large results as powers of ten
    try:
        if re.fullmatch(r"-?\d(\.\d+)?e[+-]?\d{1,2}", word):
            return Decimal(word)
    except InvalidOperation:
        pass
    raise BadValue("This is not a number.")


def odometer(raw: Any, manner: Manner) -> int | None:
    """Kilometres, whole, from 0 to 2,000,000."""
    word = re.sub(r"(km|公里|千米)\Z", "", fold(raw).lower()).strip()
    if word in NOTHING:
        return None
    kilometres = int(_number(word))
    if not 0 <= kilometres <= MOST_KM:
        raise BadValue("A mileage is between 0 and {most} km.", most=MOST_KM)
    return kilometres


def score(low: int, high: int, words: Mapping[str, int]) -> Reader:
    """A whole number from `low` to `high`, or one of `words` for one; 未评价 is no answer."""
    unanswered = NOTHING | {"未评价", "未回答", "不清楚"}

    def read(raw: Any, manner: Manner) -> int | None:
        word = fold(raw).lower()
        if word in unanswered:
            return None
        if word in words:
            return words[word]
        bare = word.removesuffix("分").strip()
        if not re.fullmatch(r"-?\d{1,3}(\.0+)?", bare) or not low <= float(bare) <= high:
            raise BadValue(
                "A score here is a whole number from {low} to {high}.", low=low, high=high
            )
        return int(float(bare))

    return read


def _refuse_unreadable(words: str) -> None:
    if "\ufffd" in words:
        raise BadValue("The text holds characters that could not be read (�).")
    if words in EXCEL_ERRORS:
        raise BadValue("The cell shows an Excel error.")


def _without_control(words: str) -> Any:
    if not CONTROL.search(words):
        return words
    return Doubtful(CONTROL.sub("", words), "Control characters were taken out of the text.")
