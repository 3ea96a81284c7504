"""Targets: what each metric should reach, in one store or in all, from a day on."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, forms, sessions
from dashboard.i18n import _, several
from dashboard.ids import Admin
from dashboard.widgets import badge, card
from dashboard.widgets.parts import definition
from dashboard.words import WORDS, word
from data import db, lookups
from data.lookups import Session
from data.metrics import METRICS
from data.models import AdminEvent
from data.person import Person, Right
from data.scope import Scope
from data.targets import AIMED, Aim, listed
from pages.admin import parts

PATH = "/admin/targets"
NAME = "Targets"
RIGHT = Right.SET_TARGETS
ALWAYS = date(2000, 1, 1)  # the day from which what a new installation comes with holds
HOUSE = "*"
USUAL = "usual"
Stores = Sequence[tuple[str, str]]


def layout(*, scope: Scope) -> Component:
    """The page."""
    person = sessions.current_person()
    with db.reading(as_=person) as session:
        return html.Div(body(session, person, scope), id=Admin.BODY, className="admin")


def body(session: Session, person: Person, scope: Scope) -> list[Any]:
    """Everything on the page."""
    aims, stores = listed(session), lookups.stores(session)
    groups = {metric: list(some) for metric, some in groupby(aims, key=lambda aim: aim.metric)}
    items = [
        _metric(metric, groups[metric], person, scope.today)
        for metric in AIMED
        if metric in groups and metric in METRICS
    ]
    lead = _("What tiles and charts are measured against. A store's own target goes first.")
    new = card(_("Set a target"), _new(stores, person, scope.today), width="full")
    told = parts.history(session, scope.zone, "target", about=_about)
    return parts.page(_(NAME), lead, [card(_("In force"), *items, width="full")], [new, told])


def _metric(metric: str, aims: list[Aim], person: Person, today: date) -> Component:
    """A metric: its target in force, and every one that was set, latest first."""
    aims = sorted(aims, key=lambda aim: (aim.store or "", aim.valid_from), reverse=True)
    house = [aim for aim in aims if aim.store is None and aim.valid_from <= today]
    own = len({aim.store for aim in aims if aim.store})
    to_come = sum(aim.valid_from > today for aim in aims)
    stands = [
        html.Strong(_value(house[0]) if house else formats.NOTHING),
        badge(several("{n} store has its own", "{n} stores have their own", n=own), "info")
        if own
        else None,
        badge(_("{n} to come", n=to_come), "info") if to_come else None,
    ]
    name = _(METRICS[metric].title)
    meant = html.P([_("What it counts"), " ", definition(metric, name)], className="admin-line")
    rows = [_row(aim, person, last=len(aims) == 1) for aim in aims]
    return parts.item(name, *stands, body=[meant, *rows])


def _row(aim: Aim, person: Person, *, last: bool) -> Component:
    store = aim.store or _("All stores")
    gaps = {"store": store, "day": formats.day(aim.valid_from), "value": _value(aim)}
    always = aim.valid_from <= ALWAYS
    said = _("{store}: {value}", **gaps) if always else _("{store}, from {day}: {value}", **gaps)
    if aim.store is None and person.stores is not None:
        return html.P(said, className="admin-line")
    name = f"targets.set.{aim.metric}:{aim.store or HOUSE}:{aim.valid_from.isoformat()}"
    change = parts.form(
        name,
        aim.version,
        forms.figure(name, "value", _label(aim.metric), _typed(aim)),
        says=_("Save"),
    )
    drop = parts.form(f"targets.drop.{aim.id}", aim.version, says=_("Take back"))
    return html.Details(
        [html.Summary(said), change, None if last else drop], className="admin-line admin-more"
    )


def _new(stores: Stores, person: Person, today: date) -> Component:
    name = "targets.set"
    metrics = sorted((_(METRICS[code].title), code) for code in AIMED if code in METRICS)
    where = [(code, f"{code} {said}") for code, said in stores]
    if person.stores is None:
        where = [(HOUSE, _("All stores")), *where]
    hint = _("Shares in percent, everything else in its unit.")
    return parts.form(
        name,
        0,
        forms.select(name, "metric", _("Metric"), [(code, said) for said, code in metrics]),
        forms.select(name, "store", _("Store"), where, where[0][0] if where else None),
        forms.figure(name, "value", _("Target"), None),
        html.P(hint, className="note"),
        forms.select(name, "direction", _("Direction"), _directions(), USUAL),
        forms.day(name, "valid_from", _("Holds from"), today, least=ALWAYS),
        says=_("Set the target"),
    )


def _directions() -> forms.Options:
    ways = [(way, word("direction", way)) for way in WORDS["direction"]]
    return [(USUAL, _("As usual for this metric")), *ways]


def _value(aim: Aim) -> str:
    said = formats.aim(aim.value, AIMED[aim.metric][0])
    return f"≥ {said}" if aim.direction == "up" else f"≤ {said}"


def _typed(aim: Aim) -> float:
    return aim.value * 100 if AIMED[aim.metric][0] == "share" else aim.value


def _label(metric: str) -> str:
    unit = AIMED[metric][0]
    said = _("percent") if unit == "share" else word("unit", unit)
    return _("Target ({unit})", unit=said)


def _about(entry: AdminEvent) -> str:
    metric = METRICS.get(str(entry.data.get("metric")))
    return _(metric.title) if metric else str(entry.data.get("metric", ""))
