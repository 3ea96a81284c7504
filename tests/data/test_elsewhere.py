"""Whom the house's sign-in provider vouches for, on both databases."""

from data.commands.accounts import add_user
from data.elsewhere import arrive


def test_who_comes_first_by_login_is_known_by_subject_from_then_on(session, now):
    person = {"login": "wang", "name": "Wang", "role": "manager", "stores": []}
    made = add_user(session, **person, password="correct horse", all_stores=True, at=now)
    assert arrive(session, "77", ["nobody\0", "nobody", "WANG"], now=now).id == made.id
    assert arrive(session, "77", [], now=now).id == made.id
    assert arrive(session, "78", ["wang"], now=now) is None
    assert arrive(session, "7\0", ["wang"], now=now) is None
