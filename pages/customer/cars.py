"""The customer's cars: since when, how often here, and whether they stay away."""

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.i18n import _
from dashboard.widgets import badge, card
from dashboard.words import word
from data.customers.cars import Car
from data.customers.file import File
from data.models import Vehicle
from pages.customer.parts import facts

TONES = {"active": "good", "at_risk": "warn", "dormant": "bad", "lost": "quiet"}


def card_of(file: File) -> Component:
    """The card."""
    cars = [_car(car) for car in file.cars]
    nothing = html.P(_("No vehicle of this customer is known."), className="note")
    inside = html.Div(cars, className="cars") if cars else nothing
    return card(_("Vehicles"), inside, width="full")


def called(car: Vehicle) -> str:
    """What people call a car: its model and plate."""
    named = [one for one in (car.model, car.plate or car.number or car.vin) if one]
    return " · ".join(named) or _("Vehicle {number}", number=car.id)


def _car(one: Car) -> Component:
    car = one.vehicle
    away = badge(word("class", one.away or "none"), TONES.get(one.away or "", "quiet"))
    kinds = [
        badge(_("Fleet car"), "quiet") if car.fleet else None,
        badge(_("Our own car"), "quiet") if car.internal else None,
    ]
    driven = f"{formats.number(car.odometer_km)} km" if car.odometer_km else None
    known = facts(
        (
            (_("Last visit"), one.last_on and formats.day(one.last_on)),
            (_("Visits"), formats.number(one.visits)),
            (_("Brought in the last 12 months"), formats.yuan(one.year_fen / 100)),
            (_("Odometer"), driven),
            (_("Sold on"), car.sold_on and formats.day(car.sold_on)),
            (_("Warranty until"), car.warranty_until and formats.day(car.warranty_until)),
            (_("VIN"), car.vin),
        )
    )
    head = html.H3([html.Span(called(car)), away, *kinds])
    return html.Div([head, known], className="car")
