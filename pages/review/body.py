"""The inside of a review's page, in the order of the agenda; drawn anew after each save."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, forms, ids, urls
from dashboard.i18n import _, several
from dashboard.icons import Icon
from dashboard.ids import ReviewPage
from dashboard.timeline import timeline
from dashboard.widgets import badge, card, icon, link, page_head
from dashboard.widgets.parts import attributes
from data.models import Event, ReviewItem
from data.person import Person, Right, Role
from data.reviews import Minutes
from data.reviews.weeks import Week
from pages.review import agenda, changed
from pages.review.decided import new_ones, old_ones


def body(minutes: Minutes, person: Person, earlier: Sequence[Component] = ()) -> list[Any]:
    """Everything on the page of a review for `person`."""
    review = minutes.review
    points = (
        (_("What was decided last week"), old_ones(minutes, person)),
        (_("What really changed"), changed.shown(minutes)),
        (_("Late complaints and actions"), agenda.late(minutes, person)),
        (_("Lost customers"), agenda.lost(minutes)),
        (_("What is decided now"), new_ones(minutes, person)),
    )
    return [
        dcc.Store(id=ReviewPage.WEEK, data=str(minutes.week)),
        dcc.Store(id=ReviewPage.ID, data=[minutes.store.code, str(minutes.week)]),
        dcc.Store(id=ReviewPage.VERSION, data=review.version if review else 0),
        _head(minutes),
        html.Div(id=ReviewPage.CLASH, role="alert"),
        *_begin(minutes, person),
        *(
            card(_("{n}. {point}", n=n, point=point), *inside, width="full")
            for n, (point, inside) in enumerate(points, start=1)
        ),
        *_end(minutes, person),
        _held_by(minutes),
        html.Div([*_history(minutes), *_earlier(earlier)], className="board aside"),
    ]


def _head(minutes: Minutes) -> Component:
    week, store = minutes.week, minutes.store.code
    days = _(
        "{first} to {last}",
        first=formats.day(week.monday, "short"),
        last=formats.day(week.sunday),
    )
    lead = html.Span([_state(minutes), html.Span(minutes.store.name), html.Span(days)],
                     className="case-lead")  # fmt: skip
    printing = html.Button(
        [icon("printer"), _("Print the minutes")],
        type="button",
        className="btn btn-outline-primary",
        **attributes(data_print="page"),
    )
    around = [_way(week.before, "chevron-left", _("The week before"), store)]
    if week.after.monday <= agenda.today(minutes):
        around.append(_way(week.after, "chevron-right", _("The week after"), store))
    title = _("Weekly review {week}", week=str(week))
    return page_head(title, *around, *_reports(minutes), printing, lead=lead)


def _way(week: Week, shape: Icon, words: str, store: str) -> Component:
    """The way to the review of another week."""
    said = [icon(shape), html.Span(words, className="visually-hidden")]
    return link(said, urls.review(str(week), store), className="btn-plain")


def _reports(minutes: Minutes) -> list[Component]:
    """The ways to the same as a file."""
    files = (("docx", "Word"), ("xlsx", "Excel"))
    return [
        html.A(
            [icon("download"), words],
            href=urls.report("weekly", str(minutes.week), ending, minutes.store.code),
            className="btn btn-outline-primary",
        )
        for ending, words in files
    ]


def _state(minutes: Minutes) -> Component:
    if minutes.closed:
        return badge(_("Closed, the numbers are frozen"), "good")
    if minutes.review is None:
        return badge(_("Not begun"))
    return badge(_("Being prepared"), "warn")


def _begin(minutes: Minutes, person: Person) -> list[Component]:
    """The button that opens a review nobody has begun."""
    if minutes.review is not None:
        return []
    words = (
        _("Nobody has opened this review yet. Opened, it takes decisions.")
        if minutes.over
        else _("This week is not over yet: its numbers still grow.")
    )
    parts: list[Any] = [html.P(words)]
    if person.may(Right.PREPARE_REVIEW):
        saves = ids.review_save("begin")
        parts.append(forms.form("begin", says=_("Open the review"), saves=saves))
    return [html.Div(parts, className="review-begin")]


def _end(minutes: Minutes, person: Person) -> list[Component]:
    """The button that closes the review, or opens it again."""
    if minutes.review is None or not person.may(Right.DECIDE_REVIEW):
        return []
    if not minutes.closed:
        note = html.P(
            _("Closing freezes every number above. Each decision needs who and until when."),
            className="note",
        )
        saves = ids.review_save("close")
        form = forms.form("close", note, says=_("Close the review"), saves=saves)
        return [html.Div(form, className="review-end")]
    if person.role is not Role.PRINCIPAL:
        return []
    why = forms.line("reopen", "reason", _("Why it is opened again"))
    again = forms.form("reopen", why, says=_("Open it again"), saves=ids.review_save("reopen"))
    fold = forms.fold(_("Open the review again"), "unlock", again)
    return [html.Div(fold, className="review-end")]


def _held_by(minutes: Minutes) -> Component:
    """The last line of the minutes: when the numbers are from, who closed it."""
    zone = minutes.store.zone
    review = minutes.review
    if review is not None and minutes.closed:
        who = minutes.actors.get(str(review.closed_by), review.closed_by)
        said = _(
            "Closed by {who} on {moment}. All numbers as they were then.",
            who=who,
            moment=formats.moment(review.closed_at, zone),
        )
    else:
        moment = formats.moment(minutes.as_of, zone)
        said = _(
            "Numbers as of {moment}; they are frozen when the review is closed.", moment=moment
        )
    return html.P(said, className="note review-held")


def _history(minutes: Minutes) -> list[Component]:
    if not minutes.history:
        return []
    words = {one.row.id: one.row.words for one in minutes.decisions}

    def about(entry: Event) -> str:
        """Which decision was changed; the others say their words by themselves."""
        ours = entry.subject == ReviewItem.__tablename__ and not entry.data.get("words")
        return words.get(entry.subject_id, "") if ours else ""

    shown = timeline(minutes.history, minutes.actors, minutes.store.zone, about)
    return [card(_("History"), shown, width="half")]


def _earlier(earlier: Sequence[Component]) -> list[Component]:
    inside = (
        html.Ul(list(earlier), className="held")
        if earlier
        else html.P(_("None so far."), className="note")
    )
    title = several("{n} review so far", "{n} reviews so far", n=len(earlier))
    return [card(title, inside, width="half")]
