"""What an address says is read as it was before it was put there."""

import pytest

from dashboard import urls
from pages import complaint, find, followup, improvement

NUMBERS = ["C250323-01", "投诉-7", "a/b", "50%", "two words", "%2F", "<b>"]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    ("address", "page"),
    [
        (urls.complaint, complaint),
        (urls.followup, followup),
        (urls.improvement, improvement),
    ],
)
def test_whatever_a_dealer_calls_a_record_its_page_is_found(address, page, number):
    path = address(number, "S1").partition("?")[0]
    assert find(path) == (page, {"number": number})
