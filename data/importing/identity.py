"""Telephone numbers, plates and VINs: by these, customers and vehicles are known again."""

import re
from typing import Any

from data.importing.reasons import BadValue, Doubtful
from data.importing.values import EXCEL_ERRORS, NOTHING, Manner, fold, refuse_rounded

MOBILE = re.compile(r"1[3-9]\d{9}\Z")
PLACEHOLDER = re.compile(
    r"(\d)\1{10}|1[3-9]\d?(\d)\2{7,8}\Z|1[3-9]012345678|1[3-9]123456789|12345678901"
)
LANDLINE = re.compile(r"(?:\(?(0\d{2,3})\)?[- ]?)?([2-9]\d{6,7})(?:(?:-|转|ext\.?)(\d{1,6}))?\Z")
SERVICE = re.compile(r"[48]00-?\d{3}-?\d{4}\Z")
FOREIGN = re.compile(r"(?:\+|00)(?!86)[1-9]\d{6,14}\Z")
SEPARATORS = re.compile(r"[/;,、|\n]|或")
TRAILING_WORDS = re.compile(r"\s*[(\[【].*\Z|\s*[一-鿿]+\Z")

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_TAIL = "A-HJ-NP-Z0-9"
PLATE = re.compile(
    rf"[{PROVINCES}][A-HJ-Z](?:[{_TAIL}]{{5}}"  # the usual one
    rf"|[A-HJK][{_TAIL}]\d{{4}}|\d{{5}}[A-HJK]"  # new energy, small and large
    rf"|[{_TAIL}]{{4}}[学警港澳试超领挂])\Z"
    r"|使\d{6}\Z|\d{6}使\Z"  # embassies
    rf"|WJ[{PROVINCES}]?\d{{4}}[A-Z0-9]\Z"  # armed police
)
NO_PLATE = NOTHING | {
    *("临牌", "临时", "临时牌", "临时牌照", "无牌", "无牌照", "新车", "未上牌", "未挂牌", "待上牌"),
    *("未上户", "没上牌", "还没上牌", "无车牌"),
}
VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}\Z")
VIN_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
)
VIN_VALUES.update({str(digit): digit for digit in range(10)})
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def phone(raw: Any, manner: Manner) -> Any:
    """A telephone number as digits. A mobile number has 11; a landline keeps its area code.

    Of two numbers the first is taken, with a warning; so is a number that looks made up.
    """
    if type(raw) is str and len(raw) == 11 and MOBILE.match(raw) and raw.isascii():
        return _doubt_placeholder(raw)
    words = fold(raw).lower().removeprefix("'").strip()
    if words in NOTHING:
        return None
    refuse_rounded(raw, words)
    first, *others = [part for part in SEPARATORS.split(words) if part.strip()] or [""]
    number = _one_number(first)
    if any(re.search(r"\d{7}", other) for other in others):
        return Doubtful(number, "There are two numbers; the first was taken.")
    return _doubt_placeholder(number)


def _one_number(words: str) -> str:
    words = re.sub(r"\A(tel|phone|mobile|电话|手机)\s*[::.]?\s*", "", words.strip())
    words = TRAILING_WORDS.sub("", words) if not LANDLINE.match(words) else words
    if land := LANDLINE.match(words):
        return "-".join(part for part in land.groups() if part)
    bare = re.sub(r"[\s\-.()_]", "", words.removesuffix(".0"))
    bare = re.sub(r"\A(\+|00)?86(?=1[3-9]\d{9}\Z)", "", bare)
    if MOBILE.match(bare) or SERVICE.match(bare) or FOREIGN.match(bare):
        return bare
    raise _bad_phone(bare)


def _bad_phone(bare: str) -> BadValue:
    if re.fullmatch(r"(\d)\1{6,}", bare):
        return BadValue("This is a placeholder, not a telephone number.")
    if re.fullmatch(r"[\doil]+", bare) and not bare.isdigit():
        return BadValue("There is a letter (O, I or l) in place of a digit.")
    if bare.isdigit():
        return BadValue(
            "A mobile number has 11 digits and begins with 13 to 19; this one has {digits} digits.",
            digits=len(bare),
        )
    return BadValue("This is not a telephone number.")


def _doubt_placeholder(number: str) -> Any:
    if PLACEHOLDER.match(number):
        return Doubtful(number, "The telephone number looks made up.")
    return number


def plate(raw: Any, manner: Manner) -> Any:
    """A number plate without spaces, dots and dashes, in capitals; None where there is none yet.

    Read are the plates of the mainland: usual, new energy, 学 警 港 澳 试 超 领 挂, embassy 使,
    armed police WJ. A temporary plate is no plate. All others are refused.
    """
    words = fold(raw).upper()
    if words.lower() in NO_PLATE:
        return None
    bare = re.sub(r"[\s·•・.．_\-—]", "", words)
    if PLATE.match(bare):
        return bare
    if "临" in bare:
        return Doubtful(None, "A temporary plate is not kept.")
    if words in EXCEL_ERRORS:
        raise BadValue("The cell shows an Excel error.")
    raise BadValue(
        "This is not a number plate: a province, a letter, then five characters "
        "(six for new energy) without I and O."
    )


def vin(raw: Any, manner: Manner) -> str | None:
    """A vehicle identification number: 17 characters, no I, O, Q, with the right check digit."""
    words = re.sub(r"[\s\-]", "", fold(raw).upper())
    if words.lower() in NOTHING:
        return None
    if len(words) != 17:
        raise BadValue("A VIN has 17 characters; this one has {length}.", length=len(words))
    if not VIN.match(words):
        raise BadValue("A VIN has only digits and capital letters, and never I, O or Q.")
    total = sum(
        VIN_VALUES[letter] * weight for letter, weight in zip(words, VIN_WEIGHTS, strict=True)
    )
    expected = "0123456789X"[total % 11]
    if words[8] != expected:
        raise BadValue(
            "The check digit of this VIN (its 9th character) is {found}; it should be {expected}. "
            "A character is mistyped.",
            found=words[8],
            expected=expected,
        )
    return words


def vehicle_key(raw: Any, manner: Manner) -> str | None:
    """The dealer's own key of a vehicle: any text, in capitals."""
    words = fold(raw).upper().removeprefix("'").strip()
    if words.lower() in NOTHING:
        return None
    refuse_rounded(raw, words)
    if len(words) > 40:
        raise BadValue("A number or key has at most {most} characters on one line.", most=40)
    return words
