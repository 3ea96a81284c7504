"""The inside of a known problem's page, drawn anew after each save."""

from datetime import date, timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, forms, ids, known, urls
from dashboard.i18n import _, language
from dashboard.ids import Library
from dashboard.timeline import timeline
from dashboard.widgets import card, icon, link, page_head
from data import issues, lookups
from data.issues import Issue
from data.lookups import Session
from data.metrics.complaints import case as cases
from data.person import Person, Right
from data.scope import Scope

USUAL_REVIEW = timedelta(days=180)
NOTHING: dict[str, str] = dict.fromkeys(issues.TEXTS, "")


def body(session: Session, issue: Issue, person: Person, scope: Scope) -> list[Any]:
    """Everything on the page of `issue` for `person`."""
    main = [_answer(issue), _history(session, issue, scope.zone)]
    side = _forms(session, issue, scope.today) if person.may(Right.RUN_IMPROVEMENTS) else []
    about = card(_("About this answer"), _facts(issue), width="full")
    return [
        dcc.Store(id=Library.ID, data=issue.code),
        dcc.Store(id=Library.VERSION, data=issue.version),
        _back(),
        page_head(known.said(issue, "problem"), lead=_lead(issue, scope.today)),
        html.Div(id=Library.CLASH, role="alert"),
        html.Div(
            [
                html.Div(main, className="case-main"),
                html.Aside([about, *side], className="case-side"),
            ],
            className="case-columns",
        ),
    ]


def new(session: Session, today: date) -> list[Any]:
    """The page with the form for another problem."""
    form = _texts(session, "add", NOTHING, None, "", today + USUAL_REVIEW, today)
    hint = _("One language is enough: what is missing in the other is shown as it is.")
    return [
        dcc.Store(id=Library.ID, data=""),
        dcc.Store(id=Library.VERSION, data=0),
        _back(),
        page_head(_("A new problem"), lead=hint),
        html.Div(card(_("Problem and answer"), form, width="full"), className="issue-new"),
        html.Div(id=Library.BODY),
    ]


def _back() -> Component:
    return link([icon("arrow-left"), _("Issue library")], urls.issues(), className="back")


def _lead(issue: Issue, today: date) -> Component:
    category = html.Span(known.said(issue, "category_name") or _("No category"))
    return html.Span([category, known.marks(issue, today)], className="case-lead")


def _answer(issue: Issue) -> Component:
    other = "problem", "answer", "interim"
    names = other if language() == "zh" else tuple(f"{name}_zh" for name in other)
    texts = [getattr(issue, name) for name in names]
    shown = [known.said(issue, name) for name in other]
    same = html.Details(
        [html.Summary(_("In the other language")), *(html.P(text) for text in texts if text)],
        className="issue-other",
    )
    return card(
        _("What we answer"),
        *known.answers(issue),
        *([same] if texts != shown else []),
        width="full",
    )


def _facts(issue: Issue) -> Component:
    review = formats.day(issue.review_on) if issue.review_on else _("No review planned")
    told = (
        (_("Used on calls"), formats.number(issue.uses)),
        (_("Next review"), review),
        (_("Found by"), ", ".join(issue.words) or formats.NOTHING),
        (_("Code"), issue.code),
    )
    return html.Dl(
        [part for label, value in told for part in (html.Dt(label), html.Dd(value))],
        className="facts",
    )


def _history(session: Session, issue: Issue, zone: str) -> Component:
    found = issues.history(session, issue.code)
    shown = timeline(found, lookups.actors(session, found), zone)
    nothing = html.P(_("Nothing has been done yet."), className="note")
    return card(_("History"), shown if found else nothing, width="full")


def _forms(session: Session, issue: Issue, today: date) -> list[Component]:
    """What may be done to the issue as it stands."""
    texts = issues.written(session, issue.code)
    words = ", ".join(issue.words)
    edit = _texts(session, "edit", texts, issue.category, words, issue.review_on, today)
    review = _form(
        "reviewed",
        forms.day("reviewed", "review_on", _("Next review"), today + USUAL_REVIEW, least=today),
        says=_("Still true"),
    )
    folds = [forms.fold(_("Edit"), "pencil", edit)]
    if issue.active:
        folds.append(forms.fold(_("Note a review"), "check2-circle", review))
    folds.append(_switch(issue))
    return [card(_("What comes next"), html.Div(folds, className="folds"), width="full")]


def _switch(issue: Issue) -> Component:
    if not issue.active:
        words = html.P(_("It is not suggested on calls and complaints."), className="note")
        return forms.fold(
            _("Suggest again"),
            "arrow-counterclockwise",
            words,
            _form("restore", says=_("Suggest again")),
        )
    words = html.P(_("It stays readable, and is suggested no longer."), className="note")
    return forms.fold(_("Retire"), "archive", words, _form("retire", says=_("Retire")))


def _texts(
    session: Session,
    name: str,
    texts: dict[str, str],
    category: str | None,
    words: str,
    review_on: date | None,
    today: date,
) -> Component:
    return _form(
        name,
        forms.select(name, "category", _("Category"), _categories(session, category), category),
        *(
            forms.area(name, field, label, rows=rows, value=texts[field])
            for field, label, rows in _areas()
        ),
        forms.line(name, "words", _("Words customers use, with commas between"), words),
        forms.day(name, "review_on", _("Next review"), review_on, least=today),
        says=_("Save") if name == "edit" else _("Add to the library"),
    )


def _areas() -> list[tuple[str, str, int]]:
    """The texts in both languages, the reader's own first."""
    pairs = [
        [("problem_zh", _("Problem (Chinese)"), 2), ("problem", _("Problem (English)"), 2)],
        [("answer_zh", _("Answer (Chinese)"), 4), ("answer", _("Answer (English)"), 4)],
        [
            ("interim_zh", _("For the time being (Chinese)"), 2),
            ("interim", _("For the time being (English)"), 2),
        ],
    ]
    return [area for pair in pairs for area in (pair if language() == "zh" else pair[::-1])]


def _categories(session: Session, keep: str | None) -> forms.Options:
    rows = [row for row in cases.categories(session, keep=keep) if row.parent_id]
    rows.sort(key=lambda row: (row.parent_id or 0, row.id))
    return [(row.code, row.name_zh if language() == "zh" else row.name) for row in rows]


def _form(name: str, *fields: Component, says: str) -> Component:
    return forms.form(name, *fields, says=says, saves=ids.issue_save(name))
