"""The issue library: what is known, how it is answered, and how often that was of use.

All stores share the library, so its history stands among the changes of settings, each entry with
the version it started from and the attempt that made it.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from data.commands import Conflict, NotFound, Refused, command
from data.commands.cases import text
from data.events import record_setting
from data.issues import TEXTS, history, subject
from data.models import AdminEvent, ComplaintCategory, KnownIssue
from data.person import Right

BOTH = ("problem", "answer")
BETWEEN_WORDS = re.compile(r"\s*[,;，；、\n]\s*")
MOST_WORDS, LONGEST_WORD = 20, 40


def note_use(session: Session, issue_ids: Sequence[int]) -> list[str]:
    """Count that these issues were of use on a call; their codes.

    Counted in the database, in one order, so that calls at the same moment neither lose a count
    nor wait for each other in a circle; it is no edit and leaves the version alone.
    """
    wanted = sorted(set(issue_ids))
    query = select(KnownIssue.code).where(KnownIssue.id.in_(wanted)).order_by(KnownIssue.id)
    codes = list(session.scalars(query)) if wanted else []
    if len(codes) < len(wanted):
        raise NotFound("There is no such known issue.")
    for issue_id in wanted:
        counted = update(KnownIssue).values(uses=KnownIssue.uses + 1)
        session.execute(counted.where(KnownIssue.id == issue_id))
    return codes


@command(Right.RUN_IMPROVEMENTS)
def add(
    session: Session,
    *,
    now: datetime,
    category: str | None = None,
    words: str = "",
    review_on: date | None = None,
    **texts: str,
) -> str:
    """Add a known problem with its answer, in one language or both; its new code.

    `texts`: problem, problem_zh, answer, answer_zh, interim, interim_zh. `words` are those it is
    found by, with commas between.
    """
    if before := _already(session):
        return before.subject.removeprefix(subject(""))
    values = _values(session, category, words, review_on, texts)
    row = KnownIssue(code=_new_code(session), **values)
    session.add(row)
    session.flush()
    _log(session, row, "issue_added", now, 0)
    return row.code


@command(Right.RUN_IMPROVEMENTS)
def edit(
    session: Session,
    *,
    code: str,
    version: int,
    now: datetime,
    category: str | None = None,
    words: str = "",
    review_on: date | None = None,
    **texts: str,
) -> None:
    """Change what a known problem says; everything is given anew."""
    row = _changing(session, code, version)
    if row is None:
        return
    for name, value in _values(session, category, words, review_on, texts).items():
        setattr(row, name, value)
    _log(session, row, "issue_edited", now, version)


@command(Right.RUN_IMPROVEMENTS)
def retire(session: Session, *, code: str, version: int, now: datetime) -> None:
    """Suggest this problem no longer; it stays readable."""
    _switch(session, code, version, now, active=False)


@command(Right.RUN_IMPROVEMENTS)
def restore(session: Session, *, code: str, version: int, now: datetime) -> None:
    """Suggest a retired problem again."""
    _switch(session, code, version, now, active=True)


@command(Right.RUN_IMPROVEMENTS)
def reviewed(
    session: Session, *, code: str, version: int, now: datetime, review_on: date, today: date
) -> None:
    """Note that the answer was looked at and still holds, and when to look again."""
    if review_on <= today:
        raise Refused("The next review must lie in the future.")
    row = _changing(session, code, version)
    if row is not None:
        row.review_on = review_on
        _log(session, row, "issue_reviewed", now, version, review_on=review_on.isoformat())


def _switch(session: Session, code: str, version: int, now: datetime, *, active: bool) -> None:
    row = _changing(session, code, version)
    if row is not None:
        row.active = active
        _log(session, row, "issue_restored" if active else "issue_retired", now, version)


def _changing(session: Session, code: str, version: int) -> KnownIssue | None:
    """The issue to change, locked; None if this attempt has changed it already."""
    query = select(KnownIssue).where(KnownIssue.code == code).with_for_update()
    row = session.scalar(query)
    if row is None:
        raise NotFound("There is no known problem {code}.", code=code)
    if _already(session, code):
        return None
    if row.version != version:
        raise Conflict(_since(session, row, version), version=row.version)
    return row


def _since(session: Session, row: KnownIssue, version: int) -> list[AdminEvent]:
    entries = history(session, row.code)
    for entry in entries:
        session.expunge(entry)  # they are to be read after this transaction is undone
    return [entry for entry in entries if entry.data.get("version", 0) >= version]


def _already(session: Session, code: str | None = None) -> AdminEvent | None:
    """What this attempt (by its key) wrote before: to this issue, or as an addition."""
    key = session.info.get("key")
    if key is None:
        return None
    event = AdminEvent
    of = event.kind == "issue_added" if code is None else event.subject == subject(code)
    return session.scalar(select(event).where(of, event.data["key"].as_string() == key))


def _log(
    session: Session, row: KnownIssue, kind: str, now: datetime, version: int, **data: Any
) -> None:
    key = {"key": session.info["key"]} if session.info.get("key") else {}
    says = row.problem or row.problem_zh
    record_setting(
        session, subject(row.code), kind, at=now, version=version, problem=says, **data, **key
    )
    session.flush()


def _new_code(session: Session) -> str:
    """The next free number; two at the same moment cannot both keep it, the column is unique."""
    last = session.scalar(select(func.max(KnownIssue.id))) or 0
    return f"K{last + 1:03d}"


def _values(
    session: Session,
    category: str | None,
    words: str,
    review_on: date | None,
    texts: dict[str, str],
) -> dict[str, Any]:
    said = {name: text(texts.pop(name, "")) for name in TEXTS}
    assert not texts, f"a known problem has no {sorted(texts)}"
    if not all(said[name] or said[f"{name}_zh"] for name in BOTH):
        raise Refused("Please write the problem and its answer, in Chinese or in English.")
    interim = {name: said[name] or None for name in ("interim", "interim_zh")}
    return {
        **said,
        **interim,
        "category_id": _category_id(session, category),
        "words": {"words": _split(words)},
        "review_on": review_on,
    }


def _category_id(session: Session, code: str | None) -> int | None:
    if not code:
        return None
    found = session.scalar(select(ComplaintCategory.id).where(ComplaintCategory.code == code))
    if found is None:
        raise NotFound("There is no category {category}.", category=code)
    return found


def _split(words: str) -> list[str]:
    listed = list(dict.fromkeys(word for word in BETWEEN_WORDS.split(text(words)) if word))
    if len(listed) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in listed):
        raise Refused(
            "Give at most {most} words to find it by, each of at most {long} characters.",
            most=MOST_WORDS,
            long=LONGEST_WORD,
        )
    return listed
