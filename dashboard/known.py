"""Known problems and their answers, as they stand on several pages."""

from collections.abc import Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboard import formats, urls
from dashboard.i18n import _, language, several
from dashboard.widgets.parts import badge, link
from data.issues import Issue


def said(issue: Issue, name: str) -> str:
    """What the issue says under `name` (problem, answer, interim, category_name) to this reader."""
    words = getattr(issue, f"{name}_zh" if language() == "zh" else name)
    return str(words or "")


def entry(issue: Issue, today: date) -> Component:
    """An issue in the list of the library."""
    head = html.H2(link(said(issue, "problem"), urls.issue(issue.code)))
    return html.Article(
        [html.Header([head, marks(issue, today)]), *answers(issue), foot(issue)],
        className="issue" + ("" if issue.active else " issue-retired"),
    )


def fold(issues: Sequence[Issue]) -> Component:
    """A few issues to be opened one by one: problem first, then what to answer."""
    folds = [
        html.Details(
            [
                html.Summary(said(issue, "problem")),
                *answers(issue),
                link(_("Open in the library"), urls.issue(issue.code), className="issue-link"),
            ]
        )
        for issue in issues
    ]
    return html.Div(folds, className="issue-folds")


def answers(issue: Issue) -> list[Component]:
    """The standard answer, and what helps until it can be given."""
    interim = said(issue, "interim")
    until = html.P([html.Strong(_("For the time being:")), " ", interim], className="issue-interim")
    return [html.P(said(issue, "answer"), className="issue-answer"), *([until] if interim else [])]


def marks(issue: Issue, today: date) -> Component:
    """What somebody should know before relying on the answer."""
    shown = []
    if not issue.active:
        shown.append(badge(_("Retired"), "quiet"))
    elif issue.review_on and issue.review_on < today:
        shown.append(badge(_("Review overdue"), "warn"))
    return html.Span(shown, className="issue-marks")


def foot(issue: Issue) -> Component:
    """Its category, how often it helped, and when it is to be looked at again."""
    day = issue.review_on and formats.day(issue.review_on)
    return html.Footer(
        [
            html.Span(said(issue, "category_name") or _("No category")),
            html.Span(used(issue)),
            html.Span(_("Review on {day}", day=day) if day else _("No review planned")),
        ]
    )


def used(issue: Issue) -> str:
    """How often the answer was of use on a call."""
    return several("Used once", "Used {n} times", n=issue.uses) if issue.uses else _("Not used yet")
