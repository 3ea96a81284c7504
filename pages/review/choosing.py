"""Which review an address asks for: that of one store, or the choice among several."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, sessions, urls
from dashboard.i18n import _
from dashboard.ids import ReviewPage
from dashboard.widgets import badge, card, link, page_head
from data import db, lookups, reviews
from data.lookups import Session
from data.models import Review, ReviewState
from data.person import Person
from data.reviews.weeks import Week, read
from data.scope import Scope
from pages import not_found_404
from pages.review.body import body

SHOWN = 40


def page(scope: Scope, week: str) -> Component:
    """The review of `week`, or the choice of a store."""
    if read(week) is None:
        return not_found_404.layout()
    inside = filled(scope, week)
    return html.Div(inside, id=ReviewPage.BODY, className="case review")


def filled(scope: Scope, week: str) -> list[Any]:
    """What the page shows for the stores in scope."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        stores = [
            one for one in lookups.stores(session) if not scope.stores or one[0] in scope.stores
        ]
        if len(stores) == 1:
            return of_store(session, scope, stores[0][0], week, person)
        return [dcc.Store(id=ReviewPage.WEEK, data=week), *_choice(session, scope, stores, week)]


def of_store(session: Session, scope: Scope, store: str, week: str, person: Person) -> list[Any]:
    """The review of this store."""
    found = reviews.minutes(session, store, week, as_of=scope.as_of)
    if found is None:
        return [page_head(_("There is no such review yet."))]
    earlier = [row for row in reviews.held(session, scope) if row[0].code == store]
    links = [_held(row, with_store=False) for row in earlier[:SHOWN]]
    return body(found, person, links)


def _choice(
    session: Session, scope: Scope, stores: Sequence[tuple[str, str]], week: str
) -> list[Any]:
    """The stores, each with the way to its review of the week; and those held before."""
    held = reviews.held(session, scope)
    states = {store.code: review for store, review in held if review.week == week}
    rows = [_store(code, name, week, states.get(code)) for code, name in stores]
    before = [row for row in held if row[1].week < week][:SHOWN]
    parts = [card(_("The week under review"), html.Ul(rows, className="held"), width="half")]
    if before:
        links = html.Ul([_held(row) for row in before], className="held")
        parts.append(card(_("Earlier reviews"), links, width="half"))
    lead = _("A review is held store by store. Choose one.")
    return [
        page_head(_("Weekly review {week}", week=named(read(week))), lead=lead),
        html.Div(parts, className="board"),
    ]


def _store(code: str, name: str, week: str, review: Review | None) -> Component:
    return html.Li([link(name, urls.review(week, code)), state(review)])


def _held(row: tuple[Any, Review], *, with_store: bool = True) -> Component:
    store, review = row
    words = named(read(review.week))
    said = _("{store}, {week}", store=store.name, week=words) if with_store else words
    return html.Li([link(said, urls.review(review.week, store.code)), state(review)])


def state(review: Review | None) -> Component:
    """How far a review is."""
    if review is None:
        return badge(_("Not begun"))
    if review.state == ReviewState.CLOSED:
        return badge(_("Closed, the numbers are frozen"), "good")
    return badge(_("Being prepared"), "warn")


def named(week: Week | None) -> str:
    """The week with its days: 2026-W47, 16 Nov to 22 Nov."""
    if week is None:
        return formats.NOTHING
    return _(
        "{week}, {first} to {last}",
        week=str(week),
        first=formats.day(week.monday, "short"),
        last=formats.day(week.sunday, "short"),
    )
