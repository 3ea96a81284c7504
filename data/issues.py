"""The issue library (问题库): known problems with their answers, found by what a customer says.

Chinese is written without spaces, so texts are compared by pieces: words of four letters or more,
and each two neighbouring Chinese characters (空调不制冷: 空调, 调不, 不制, 制冷).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import AdminEvent, ComplaintCategory, KnownIssue

SAME, RELATED, WORD, PIECE = 4, 2, 3, 1  # points
TEXTS = ("problem", "problem_zh", "answer", "answer_zh", "interim", "interim_zh")
LEAST_PIECES = 2  # a single one in common is chance
MOST_HEARD = 4_000  # signs that are looked at; nobody says more than that in a call
Categories = Mapping[int, ComplaintCategory]  # by id
RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z]{4,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A known problem. What is written in one language only stands in both.

    `main` is the code of the main category that `category` belongs to, if it is not one itself.
    """

    id: int
    code: str
    version: int
    category: str | None
    main: str | None
    category_name: str | None
    category_name_zh: str | None
    problem: str
    problem_zh: str
    answer: str
    answer_zh: str
    interim: str | None
    interim_zh: str | None
    words: tuple[str, ...]
    review_on: date | None
    uses: int
    active: bool

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything it can be found by."""
        written = (self.problem, self.problem_zh, self.answer, self.answer_zh)
        return (self.code, *written, self.interim or "", self.interim_zh or "", *self.words)


def suggest(
    session: Session,
    *,
    category: str | None = None,
    words: str = "",
    limit: int = 5,
    categories: Sequence[ComplaintCategory] | None = None,
) -> list[Issue]:
    """The active issues that fit a category (by code) and what was said, the best first.

    The same category counts four points, its main category or one below it two; each of the
    issue's own words that was said three; and each piece of the problem that was said one, if
    there are two or more. Of equals the one used more often comes first; without a point, none.
    `categories` are all there are, where they are known already.
    """
    by_id = _categories(session) if categories is None else {row.id: row for row in categories}
    heard = _heard(words)
    main, pieces = _main_of(by_id, category), _pieces(heard)
    issues = _issues(session, by_id)
    found = [(_points(issue, category, main, heard, pieces), issue) for issue in issues]
    fitting = [(points, issue) for points, issue in found if points and issue.active]
    fitting.sort(key=lambda pair: (-pair[0], -pair[1].uses, pair[1].code))
    return [issue for _, issue in fitting[:limit]]


def listing(
    session: Session, *, category: str | None = None, words: str = "", retired: bool = False
) -> list[Issue]:
    """The issues of a category (a main one with all below it) that hold every one of `words`.

    The most used come first; retired ones only if they are asked for, and last.
    """
    wanted = set(_heard(words).split())
    found = [
        issue
        for issue in every(session)
        if (issue.active or retired)
        and category in (None, issue.category, issue.main)
        and _holds(issue, wanted)
    ]
    return sorted(found, key=lambda issue: (not issue.active, -issue.uses, issue.code))


def every(session: Session) -> list[Issue]:
    """The whole library, retired issues too."""
    return _issues(session, _categories(session))


def find(session: Session, code: str) -> Issue | None:
    """The issue with this code."""
    return next((issue for issue in every(session) if issue.code == code), None)


def written(session: Session, code: str) -> dict[str, str]:
    """What was written in each language: problem, problem_zh, answer, … Where nothing, empty."""
    row = session.scalars(select(KnownIssue).where(KnownIssue.code == code)).one()
    return {name: getattr(row, name) or "" for name in TEXTS}


def history(session: Session, code: str) -> Sequence[AdminEvent]:
    """What was done to an issue, oldest first."""
    query = select(AdminEvent).where(AdminEvent.subject == subject(code))
    return session.scalars(query.order_by(AdminEvent.at, AdminEvent.id)).all()


def subject(code: str) -> str:
    """What the log calls an issue."""
    return f"issue {code}"


def folded(text: str) -> str:
    """A text without differences of case and width."""
    return normalize("NFKC", text).casefold()


def _heard(words: str) -> str:
    """What is looked at of a text, however long it is."""
    return folded(words[:MOST_HEARD])[:MOST_HEARD]


def _holds(issue: Issue, words: set[str]) -> bool:
    texts = [folded(text) for text in issue.texts]
    return all(any(word in text for text in texts) for word in words)


def _points(
    issue: Issue, category: str | None, main: str | None, heard: str, pieces: set[str]
) -> int:
    points = 0
    if category is not None and issue.category == category:
        points = SAME
    elif category is not None and (issue.category == main or issue.main == category):
        points = RELATED if issue.category else 0
    said = sum(folded(word) in heard for word in issue.words)
    shared = len(pieces & _pieces(folded(f"{issue.problem} {issue.problem_zh}")))
    return points + WORD * said + PIECE * (shared if shared >= LEAST_PIECES else 0)


def _pieces(text: str) -> set[str]:
    runs: list[str] = RUNS.findall(text)
    return {piece for run in runs for piece in _parts(run)}


def _parts(run: str) -> Iterable[str]:
    return [run] if run.isascii() else (run[at : at + 2] for at in range(len(run) - 1))


def _categories(session: Session) -> Categories:
    return {row.id: row for row in session.scalars(select(ComplaintCategory))}


def _main_of(categories: Categories, code: str | None) -> str | None:
    """The code of the main category above this one."""
    above = (row.parent_id for row in categories.values() if row.code == code and row.parent_id)
    return next((categories[number].code for number in above), None)


def _issues(session: Session, categories: Categories) -> list[Issue]:
    return [_issue(row, categories) for row in session.scalars(select(KnownIssue))]


def _issue(row: KnownIssue, categories: Categories) -> Issue:
    about = categories[row.category_id] if row.category_id else None
    main = categories[about.parent_id] if about and about.parent_id else None
    return Issue(
        id=row.id,
        code=row.code,
        version=row.version,
        category=about.code if about else None,
        main=main.code if main else None,
        category_name=about.name if about else None,
        category_name_zh=about.name_zh if about else None,
        problem=row.problem or row.problem_zh,
        problem_zh=row.problem_zh or row.problem,
        answer=row.answer or row.answer_zh,
        answer_zh=row.answer_zh or row.answer,
        interim=row.interim or row.interim_zh,
        interim_zh=row.interim_zh or row.interim,
        words=_words(row.words),
        review_on=row.review_on,
        uses=row.uses,
        active=row.active,
    )


def _words(kept: dict[str, object] | None) -> tuple[str, ...]:
    words = (kept or {}).get("words")
    listed: Sequence[object] = words if isinstance(words, list) else []
    return tuple(str(word) for word in listed if str(word).strip())
