"""The issue library: what is suggested, found, and kept."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

import data.issues
from data import defaults
from data.commands import Conflict, Forbidden, NotFound, Refused, issues
from data.issues import every, listing, suggest
from data.models import AdminEvent
from data.person import Person, Role
from tests import factories

TEXTS = {"problem_zh": "空调不制冷", "answer_zh": "两年内免费加注"}


@pytest.fixture
def library(session):
    """Three problems as in a dealer's library, one of them retired."""
    defaults.fill(session)
    factories.known_issue(
        session, "cooling", "空调不制冷", "空调", "制冷", category="air_conditioning", uses=3
    )
    factories.known_issue(session, "squeal", "雨后刹车有尖叫声", "尖叫", category="brakes", uses=9)
    factories.known_issue(session, "shudder", "冷车启动抖动", "抖动", category="engine", uses=5)
    factories.known_issue(session, "old", "空调漏水", category="air_conditioning", active=False)
    return session


@pytest.fixture
def quality(session):
    """An empty library in the hands of somebody from quality."""
    as_role(session, Role.QUALITY)
    return session


def codes(found):
    return [issue.code for issue in found]


def as_role(session, role):
    session.info["person"] = Person(login="wang", name="Wang", role=role, stores=frozenset())


def test_the_category_suggests_what_is_filed_there(library):
    assert codes(suggest(library, category="brakes")) == ["squeal"]


def test_a_main_category_suggests_what_is_filed_below_it_the_most_used_first(library):
    main = suggest(library, category="vehicle")
    assert codes(main) == ["squeal", "shudder", "cooling"]


def test_words_of_a_sentence_without_spaces_find_an_issue(library):
    assert codes(suggest(library, words="客户反映车内空调一直不制冷,很不满意")) == ["cooling"]


def test_points_of_category_and_words_add_up(library):
    # squeal: its word 尖叫 3; cooling: the category 4
    both = suggest(library, category="air_conditioning", words="有点尖叫")
    assert codes(both) == ["cooling", "squeal"]
    # squeal: its word 尖叫 3, the pieces 刹车 and 尖叫 2
    both = suggest(library, category="air_conditioning", words="刹车尖叫")
    assert codes(both) == ["squeal", "cooling"]


def test_two_neighbouring_characters_alone_are_chance(library):
    assert suggest(library, words="昨天雨后来的") == []  # 雨后 is one piece of the squeal
    assert codes(suggest(library, words="雨后刹车")) == ["squeal"]  # 雨后, 后刹, 刹车


def test_width_and_case_make_no_difference(library):
    factories.known_issue(library, "esp", "ESP lamp glows steadily", "esp")
    assert codes(suggest(library, words="ＥＳＰ灯亮")) == ["esp"]


def test_of_a_text_without_end_the_beginning_is_looked_at(library):
    silence = "嗯" * 4_000
    assert codes(suggest(library, words="不制冷" + silence)) == ["cooling"]
    assert suggest(library, words=silence + "不制冷") == []
    assert codes(listing(library, words="不制冷 " + silence)) == []
    assert codes(listing(library, words="不制冷" + " " * 4_000 + silence)) == ["cooling"]


def test_what_was_said_is_taken_apart_once(library, monkeypatch):
    taken = []
    pieces = data.issues._pieces
    monkeypatch.setattr(data.issues, "_pieces", lambda text: taken.append(text) or pieces(text))
    assert codes(suggest(library, words="不制冷")) == ["cooling"]
    assert taken.count("不制冷") == 1


def test_nothing_said_suggests_nothing(library):
    assert suggest(library) == []
    assert suggest(library, words="你好") == []


def test_only_as_many_as_asked_for(library):
    assert codes(suggest(library, category="vehicle", limit=1)) == ["squeal"]


def test_what_is_written_in_one_language_stands_in_both(library):
    cooling = next(issue for issue in every(library) if issue.code == "cooling")
    assert cooling.problem == cooling.problem_zh == "空调不制冷"
    assert cooling.interim is None


def test_a_search_needs_every_word_and_looks_into_answers(library):
    assert codes(listing(library, words="空调 答复")) == ["cooling"]
    assert codes(listing(library, words="空调 刹车")) == []


def test_a_list_shows_the_most_used_first_and_retired_ones_only_if_asked(library):
    assert codes(listing(library)) == ["squeal", "shudder", "cooling"]
    assert codes(listing(library, category="air_conditioning", retired=True)) == ["cooling", "old"]


def test_an_added_issue_is_found_and_its_change_is_logged(quality, now):
    defaults.fill(quality)
    code = issues.add(
        quality, now=now, category="air_conditioning", words="空调,不凉、 制冷", **TEXTS
    )
    (issue,) = suggest(quality, words="空调不凉")
    assert (issue.code, issue.category) == (code, "air_conditioning")
    assert issue.words == ("空调", "不凉", "制冷")
    (event,) = quality.scalars(select(AdminEvent).where(AdminEvent.subject == f"issue {code}"))
    assert (event.kind, event.actor, event.at) == ("issue_added", "wang", now)


def test_the_same_attempt_adds_once(quality, now):
    quality.info["key"] = "a1"
    first = issues.add(quality, now=now, **TEXTS)
    assert issues.add(quality, now=now, **TEXTS) == first
    assert len(every(quality)) == 1
    quality.info["key"] = "a2"
    assert issues.add(quality, now=now, **TEXTS) != first


def test_a_problem_without_an_answer_is_refused(quality, now):
    with pytest.raises(Refused, match="its answer"):
        issues.add(quality, now=now, problem="It rattles", answer=" ")


def test_one_language_is_enough(quality, now):
    issues.add(quality, now=now, problem="It rattles", answer_zh="检查底盘")
    (issue,) = every(quality)
    assert (issue.problem_zh, issue.answer) == ("It rattles", "检查底盘")


def test_too_many_words_or_an_unknown_category_are_refused(quality, now):
    with pytest.raises(Refused, match="at most 20 words"):
        issues.add(quality, now=now, words=",".join(map(str, range(21))), **TEXTS)
    with pytest.raises(NotFound, match="weather"):
        issues.add(quality, now=now, category="weather", **TEXTS)


def test_an_edit_replaces_what_was_written_and_starts_a_new_version(quality, now):
    code = issues.add(quality, now=now, interim_zh="先开窗", **TEXTS)
    issues.edit(quality, code=code, version=1, now=now, problem_zh="空调不凉", answer_zh="加注")
    (issue,) = every(quality)
    assert (issue.problem, issue.answer, issue.interim) == ("空调不凉", "加注", None)
    assert issue.version == 2


def test_an_edit_of_an_older_version_is_a_conflict_that_says_who_was_first(quality, now):
    code = issues.add(quality, now=now, **TEXTS)
    issues.edit(quality, code=code, version=1, now=now, **TEXTS | {"answer_zh": "甲"})
    with pytest.raises(Conflict) as caught:
        issues.edit(quality, code=code, version=1, now=now, **TEXTS | {"answer_zh": "乙"})
    assert [entry.kind for entry in caught.value.since] == ["issue_edited"]
    assert caught.value.version == 2
    assert every(quality)[0].answer_zh == "甲"


def test_the_same_attempt_edits_once(quality, now):
    code = issues.add(quality, now=now, **TEXTS)
    quality.info["key"] = "e1"
    for _ in range(2):
        issues.edit(quality, code=code, version=1, now=now, **TEXTS | {"answer_zh": "甲"})
    assert every(quality)[0].version == 2


def test_a_retired_issue_is_suggested_no_longer_until_it_is_restored(quality, now):
    code = issues.add(quality, now=now, words="制冷", **TEXTS)
    issues.retire(quality, code=code, version=1, now=now)
    assert suggest(quality, words="不制冷") == []
    issues.restore(quality, code=code, version=2, now=now)
    assert codes(suggest(quality, words="不制冷")) == [code]


def test_a_review_names_a_day_to_come(quality, now):
    code = issues.add(quality, now=now, review_on=date(2026, 3, 1), **TEXTS)
    today = date(2026, 3, 16)
    with pytest.raises(Refused, match="future"):
        issues.reviewed(quality, code=code, version=1, now=now, review_on=today, today=today)
    issues.reviewed(quality, code=code, version=1, now=now, review_on=date(2026, 9, 1), today=today)
    assert every(quality)[0].review_on == date(2026, 9, 1)


def test_a_use_is_counted_without_a_new_version(library):
    squeal = listing(library, words="尖叫")[0]
    assert issues.note_use(library, [squeal.id, squeal.id]) == ["squeal"]
    again = listing(library, words="尖叫")[0]
    assert again == replace(squeal, uses=squeal.uses + 1)
    with pytest.raises(NotFound):
        issues.note_use(library, [squeal.id + 1000])


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.MANAGER, Role.QUALITY])
def test_who_runs_improvements_writes(session, now, role):
    as_role(session, role)
    issues.add(session, now=now, **TEXTS)
    assert len(every(session)) == 1


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN])
def test_others_only_read(session, now, role):
    as_role(session, role)
    with pytest.raises(Forbidden):
        issues.add(session, now=now, **TEXTS)
