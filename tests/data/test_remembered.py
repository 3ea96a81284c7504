"""What was worked out is told again; what failed is worked out anew, and the oldest goes."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest

from data.remembered import Remembered

THREADS = 8


def test_each_question_is_worked_out_once():
    numbers, kept = count(), Remembered(10)
    told = [kept.of(question, lambda: next(numbers)) for question in ("a", "b", "a", "b", "a")]
    assert told == [0, 1, 0, 1, 0]


def test_nothing_is_an_answer_too():
    asked, kept = [], Remembered(10)
    assert [kept.of("a", lambda: asked.append(1)) for _ in range(3)] == [None] * 3
    assert asked == [1]


def test_many_who_ask_at_once_wait_for_one():
    numbers, kept, ready = count(), Remembered(10), Barrier(THREADS)

    def ask():
        ready.wait()
        return kept.of("a", lambda: next(numbers))

    with ThreadPoolExecutor(THREADS) as threads:
        asked = [threads.submit(ask) for _ in range(THREADS)]
    assert {each.result() for each in asked} == {0}


def test_what_failed_is_worked_out_by_the_next():
    kept = Remembered(10)
    with pytest.raises(ZeroDivisionError):
        kept.of("a", lambda: 1 / 0)
    assert kept.of("a", lambda: 2) == 2


def test_what_was_not_asked_for_longest_goes_first():
    numbers, kept = count(), Remembered(2)
    told = [kept.of(question, lambda: next(numbers)) for question in ("a", "b", "a", "c", "a", "b")]
    assert told == [0, 1, 0, 2, 0, 3]
    assert len(kept) == 2


def test_what_fails_takes_nothing_away_that_somebody_worked_out_meanwhile():
    kept = Remembered(0)  # the last one alone is kept

    def forgotten_and_asked_again():
        kept.of("b", lambda: "b")  # "a", which is still empty, goes
        kept.of("a", lambda: "theirs")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept.of("a", forgotten_and_asked_again)
    assert kept.of("a", lambda: "worked out again") == "theirs"
