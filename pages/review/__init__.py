"""The weekly review: thirty minutes with a fixed agenda; the latest week, store by store."""

from dash.development.base_component import Component

from dashboard import urls
from data.reviews import weeks
from data.scope import Scope
from pages.review.choosing import page

PATH = urls.review()
NAME = "Weekly review"
GROUP, ICON = "improve", "calendar2-week"


def layout(*, scope: Scope) -> Component:
    """The page."""
    return page(scope, str(weeks.latest(scope.today)))
