"""The weekly review of one week."""

from dash.development.base_component import Component

from dashboard import urls
from data.scope import Scope
from pages.review.choosing import page

PATH = urls.review("<week>")
NAME = "Weekly review"


def layout(*, scope: Scope, week: str) -> Component:
    """The page."""
    return page(scope, week)
