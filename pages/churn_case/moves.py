"""What may be done to a churn case now: a form for each move."""

from collections.abc import Callable

from dash import html
from dash.development.base_component import Component

from dashboard import forms, ids
from dashboard.i18n import _, later
from dashboard.icons import Icon
from dashboard.widgets import card
from data.churn import Case
from data.moves import CHURN_MOVES, possible
from data.person import Person


def side(case: Case, person: Person) -> list[Component]:
    """The forms for what this person may do to the case as it stands."""
    names = possible(person, case.case.state, CHURN_MOVES)
    if not names or case.case.ended_at:
        return []
    folds = html.Div([_fold(name, case) for name in names if name in FORMS], className="folds")
    return [card(_("What comes next"), folds, width="full")]


def _fold(name: str, case: Case) -> Component:
    title, shape, fields = FORMS[name]
    made = forms.form(name, *fields(case), says=_(title), saves=ids.churn_save(name))
    return forms.fold(_(title), shape, made)


def _analyse(case: Case) -> list[Component]:
    words = case.case.analysis or ""
    note = forms.area("analyse", "words", _("What the file says"), value=words)
    waiting = case.ask is not None and case.ask.ended_at is None
    if waiting or case.case.held_out:
        return [note]
    options = [("yes", _("Yes: onto the list of calls now")), ("no", _("No, not yet"))]
    return [note, forms.select("analyse", "call", _("Call the customer"), options, "yes")]


def _call_again(case: Case) -> list[Component]:
    label = _("The sentence the customer is told")
    return [forms.area("call_again", "sentence", label, value=case.sentence or "")]


def _give_up(case: Case) -> list[Component]:
    return [forms.area("give_up", "reason", _("Why the customer is lost"), rows=2)]


FORMS: dict[str, tuple[str, Icon, Callable[[Case], list[Component]]]] = {
    "analyse": (later("Look through the file"), "search", _analyse),
    "call_again": (later("Call again: say what was mended"), "telephone-plus", _call_again),
    "give_up": (later("Give up"), "x-circle", _give_up),
}
