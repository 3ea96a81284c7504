"""What a form sends back."""

import pytest

from dashboard.forms import attempt_of, new_attempt


def test_an_attempt_is_of_the_words_it_was_sent_with():
    key = new_attempt()
    first = attempt_of(key, "li", "note", {"said": "AAA", "who": "x"})
    assert first == attempt_of(key, "li", "note", {"who": "x", "said": "AAA"})
    others = [("li", "note", {"said": "BBB"}), ("wang", "note", {"said": "AAA", "who": "x"})]
    assert len({first, attempt_of(key), *(attempt_of(key, *said) for said in others)}) == 4
    assert attempt_of(key) == key


@pytest.mark.parametrize("sent", [None, 7, "", "a b", "a:b", "x" * 65, ["a"]])
def test_a_key_that_is_none_of_ours_is_none(sent):
    assert attempt_of(sent, "li") is None
