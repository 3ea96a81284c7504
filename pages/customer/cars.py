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
    cars = [_car(car, named=file.named) for car in file.cars]
    nothing = html.P(_("No vehicle of this customer is known."), className="note")
    inside = html.Div(cars, className="cars") if cars else nothing
    return card(_("Vehicles"), inside, width="full")


def called(car: Vehicle, *, named: bool) -> str:
    """What people call a car: its model and plate, this veiled where nobody is to be `named`."""
    sign = car.plate or car.number or car.vin
    shown = sign if named or not sign else formats.masked_plate(sign)
    return " · ".join(one for one in (car.model, shown) if one) or _(
        "Vehicle {number}", number=car.id
    )


def _car(one: Car, *, named: bool) -> Component:
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
            (_("VIN"), car.vin if named else None),
        )
    )
    head = html.H3([html.Span(called(car, named=named)), away, *kinds])
    return html.Div([head, known], className="car")
