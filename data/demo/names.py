"""Invented people, cars and numbers: whoever finds a resemblance has found chance."""

from random import Random

GROUP = "云帆汽车集团"
STORE_NAMES = ("城东店", "滨江店", "高新店", "西湖店", "南山店", "北城店")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN_FIRST = "子雨一思嘉俊晓文梓浩欣若志建海云春国丽秀玉明德永"
GIVEN_SECOND = "轩涵诺辰怡豪彤博宇妍军霞敏强芳勇洋磊艳平桂娟刚梅"
COMPANIES = ("青禾物流", "远星商贸", "百川建材", "沐晨科技", "长泽园林", "启航教育")
MODELS = (
    ("云帆 S3 1.5L", 0.26),
    ("云帆 S5 1.5T", 0.24),
    ("云帆 X5 1.5T", 0.22),
    ("云帆 X7 2.0T", 0.14),
    ("云帆 M8 2.0T", 0.06),
    ("云帆 E2 纯电", 0.08),
)
REASONS = ("离家近", "朋友介绍", "品牌口碑", "价格优惠", "试驾满意")

_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_YEARS = "ABCDEFGHJKLMNPRSTVWXY123456789"  # from 2010, again every thirty years
_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def person(dice: Random) -> str:
    """A name of two or three characters."""
    second = dice.choice(GIVEN_SECOND) if dice.random() < 0.8 else ""
    return dice.choice(SURNAMES) + dice.choice(GIVEN_FIRST) + second


def company(dice: Random) -> str:
    """The name of a firm with a fleet."""
    return f"{dice.choice(COMPANIES)}有限公司"


def phone(number: int) -> str:
    """A mobile number of a range nobody has been given."""
    return f"1990000{number % 10_000:04d}"


def plate(number: int) -> str:
    """A plate of a letter no city has."""
    letter = _PLATE_LETTERS[number // 10_000 % len(_PLATE_LETTERS)]
    return f"云Z{letter}{number % 10_000:04d}"


def vin(number: int, year: int) -> str:
    """A vehicle identification number with a right check digit (ISO 3779, North American rule)."""
    start, end = "LZZYF27B", f"{_VIN_YEARS[(year - 2010) % 30]}Z{number % 1_000_000:06d}"
    return f"{start}{check_digit(f'{start}0{end}')}{end}"


def check_digit(vin: str) -> str:
    """The ninth character that belongs to the other sixteen."""
    values = (int(c) if c.isdigit() else _VIN_VALUES[c] for c in vin)
    rest = sum(value * weight for value, weight in zip(values, _VIN_WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def model(dice: Random) -> str:
    """A model, the small ones more often."""
    names, weights = zip(*MODELS, strict=True)
    return str(dice.choices(names, weights)[0])
