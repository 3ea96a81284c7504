"""What the customer is worth over a lifetime: the formula of the house, open to try out."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, forms, ids
from dashboard.i18n import _
from dashboard.ids import CustomerFile
from dashboard.widgets import card
from data import lifetime
from data.customers.file import File
from data.lifetime import Worth
from data.lookups import Session
from data.person import Person, Right
from pages.customer.parts import facts

FORM = "worth"


def card_of(session: Session, file: File, reader: Person) -> Component:
    """The card: the value, what it is made of, and the figures behind it as fields."""
    kept = lifetime.formula(session)
    came = _("The cars of this customer brought {money} in the last 12 months.",
             money=formats.yuan(file.year_fen / 100))  # fmt: skip
    return card(
        _("Lifetime value"),
        html.Div(told(lifetime.worth(kept.parts)), id=CustomerFile.WORTH, role="status"),
        html.P(came, className="note worth-came"),
        forms.fold(_("Reckon with other figures"), "sliders", _form(kept.parts, reader)),
        dcc.Store(id=CustomerFile.WORTH_VERSION, data=kept.version),
        width="full",
    )


def told(worth: Worth | None) -> list[Any]:
    """The value in words; what was typed may be no number yet."""
    if worth is None:
        return [html.P(_("Please give every figure as a number."), className="note")]
    return [
        html.P(formats.yuan(worth.whole_fen / 100), className="worth"),
        facts(
            (
                (_("Of it service"), formats.yuan(worth.service_fen / 100)),
                (_("Of it new cars"), formats.yuan(worth.cars_fen / 100)),
            )
        ),
    ]


def _form(parts: dict[str, int], reader: Person) -> Component:
    fields = [
        forms.line(FORM, "service_a_year", _("Service a year and car, yuan"),
                   _yuan(parts["service_a_year_fen"])),
        forms.line(FORM, "years", _("Years a car is kept"), str(parts["years"])),
        forms.line(FORM, "cars", _("Cars in a lifetime"), str(parts["cars"])),
        forms.line(FORM, "car", _("What a new car brings, yuan"), _yuan(parts["car_fen"])),
    ]  # fmt: skip
    if not reader.may(Right.SET_TARGETS):
        return html.Div(fields, className="form")
    return forms.form(FORM, *fields, says=_("Keep for the house"), saves=ids.worth_save(FORM))


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}".removesuffix(".00")
