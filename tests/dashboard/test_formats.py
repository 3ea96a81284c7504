"""Numbers, days and durations in both languages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from dashboard import formats, i18n
from dashboard.i18n import _, several


@pytest.fixture
def speaking():
    """speaking("zh"): a request in that language."""
    server, contexts = Flask("test"), []
    i18n.init(server, None)

    def speak(language):
        context = server.test_request_context(headers={"Cookie": f"lang={language}"})
        context.push()
        contexts.append(context)

    yield speak
    for context in reversed(contexts):
        context.pop()


@pytest.mark.parametrize(
    ("language", "days", "short", "moment"),
    [
        ("en", "3 d 4 h", "22 Nov", "22 Nov 2026, 10:05"),
        ("zh", "3 天 4 小时", "11月22日", "2026年11月22日 10:05"),
    ],
)
def test_time_is_written_as_the_reader_writes_it(speaking, language, days, short, moment):
    speaking(language)
    assert formats.duration(timedelta(days=3, hours=4)) == days
    assert formats.day(date(2026, 11, 22), "short") == short
    at = datetime(2026, 11, 22, 2, 5, tzinfo=UTC)
    assert formats.moment(at, "Asia/Shanghai") == moment


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(minutes=0), "0 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h 0 min"),
        (timedelta(days=2), "2 d"),
        (timedelta(days=-1, hours=-2), "−1 d 2 h"),
    ],
)
def test_a_duration_has_its_two_greatest_parts(length, words):
    assert formats.duration(length) == words


def test_numbers_shares_and_money():
    assert formats.number(1234.5) == "1,234"
    assert formats.number(1234.5, 1) == "1,234.5"
    assert formats.percent(0.9123) == "91.2%"
    assert formats.aim(0.95, "share") == "95%"
    assert formats.aim(0.955, "share") == "95.5%"
    assert formats.aim(8.0, "per_1000") == "8"
    assert formats.money(123450) == "¥1,234.50"


@pytest.mark.parametrize("write", [formats.number, formats.percent, formats.days, formats.money])
@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_nothing_is_a_dash_and_never_zero(write, nothing):
    assert write(nothing) == "–"


def test_a_language_we_do_not_speak_is_english(speaking):
    speaking("fr")
    assert i18n.language() == "en"


def test_the_browser_decides_when_nobody_else_does():
    server = Flask("test")
    i18n.init(server, None)
    with server.test_request_context(headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}):
        assert i18n.language() == "zh"


def test_the_installation_decides_before_the_browser_and_the_cookie_before_both():
    server = Flask("test")
    i18n.init(server, "zh")
    with server.test_request_context(headers={"Accept-Language": "en"}):
        assert i18n.language() == "zh"
    with server.test_request_context(headers={"Cookie": "lang=en"}):
        assert i18n.language() == "en"


def test_one_is_said_otherwise_than_many(speaking):
    speaking("en")
    assert several("{n} row", "{n} rows", n=1) == "1 row"
    assert several("{n} row", "{n} rows", n=2) == "2 rows"


def test_chinese_has_one_form(speaking):
    speaking("zh")
    assert several("{n} complaint", "{n} complaints", n=1) == "1 条投诉"


def test_gaps_are_filled_after_translating(speaking):
    speaking("zh")
    assert _("Target {value}", value="{x}") == "目标 {x}"
