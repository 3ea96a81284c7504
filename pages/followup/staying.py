"""What a call about a customer who stays away asks, or tells them."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, forms
from dashboard.i18n import _
from dashboard.words import word
from data.churn import OnCall
from data.models import ChurnReason
from pages.followup.choice import FORM, choice


def questions(away: OnCall) -> list[Component]:
    """On the first call the one main reason; on the second the sentence to say."""
    return [_last_visit(away), *(_asked() if away.asks else _told(away))]


def _last_visit(away: OnCall) -> Component:
    if away.last_visit_on is None:
        return html.P(_("This car has not been here yet."), className="note")
    day = formats.day(away.last_visit_on)
    return html.P(_("Last visit: {day}", day=day), className="note")


def _asked() -> list[Component]:
    reasons = [(code.value, word("reason", code)) for code in ChurnReason]
    words: Any = forms.area(FORM, "churn_words", _("Why, in the customer's words"), rows=2)
    return [choice("churn", _("The main reason to stay away"), reasons), words]


def _told(away: OnCall) -> list[Component]:
    said = away.sentence or _("Say what has been mended since.")
    return [html.H3(_("Say this to the customer")), html.Blockquote(said, className="to-say")]
