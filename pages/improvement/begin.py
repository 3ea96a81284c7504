"""The form for a new action, filled with what the address says it is aimed at."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, forms, ids, urls
from dashboard.i18n import _
from dashboard.ids import ActionFile
from dashboard.widgets import card, icon, link, page_head
from dashboard.words import word
from data.churn.doers import doers
from data.lookups import Session
from data.metrics.complaints import case as cases
from data.metrics.complaints.listing import listing
from data.models import Employee, EmployeeRole, ImprovementKind, Store
from data.scope import Scope
from pages.improvement import fields

FORM = "open"
USUAL_DAYS = 28
MOST = 12
AIMS = ("category", "reason", "dimension")
People = Sequence[tuple[Store, Employee]]


def blank(session: Session, scope: Scope) -> list[Any]:
    """The page of an action that is not there yet."""
    people = doers(session, scope)
    back = link([icon("arrow-left"), _("All actions")], urls.improvements(), className="back")
    lead = _("An owner and a date from the first day; the effect is counted once it is done.")
    return [
        dcc.Store(id=ActionFile.ID, data=0),
        dcc.Store(id=ActionFile.VERSION, data=0),
        html.Div([back, page_head(_("Open an action"), lead=lead)]),
        html.Div(id=ActionFile.CLASH, role="alert"),
        html.Div(
            card(_("What, who, until when"), _form(session, scope, people), width="full"),
            className="begin",
        ),
    ]


def _form(session: Session, scope: Scope, people: People) -> Component:
    due_on = scope.today + timedelta(days=USUAL_DAYS)
    return forms.form(
        FORM,
        forms.line(FORM, "title", _("What is to be done")),
        forms.select(FORM, "owner", _("Owner"), _named(people)),
        forms.day(FORM, "due_on", _("Deadline"), due_on, least=scope.today),
        fields.kind(FORM, _asked(scope, "kind") or ImprovementKind.CORRECTIVE),
        fields.aim(FORM, cases.categories(session), _aim(scope), reasons=True),
        *_about(people, scope),
        html.Div(forms.line(FORM, "cause", _("Root cause")), className="wide"),
        fields.training(FORM, None),
        *_complaints(session, scope),
        says=_("Open the action"),
        saves=ids.action_save(FORM),
    )


def _about(people: People, scope: Scope) -> list[Component]:
    """The adviser and the technician it may be about."""
    asked = (
        ("adviser", _("Only orders of the adviser"), EmployeeRole.ADVISER),
        ("technician", _("Only orders of the technician"), EmployeeRole.TECHNICIAN),
    )
    return [
        fields.person(
            FORM, name, label, _named([one for one in people if one[1].role == role]),
            _asked(scope, name),
        )
        for name, label, role in asked
    ]  # fmt: skip


def _named(people: People) -> list[tuple[int, str]]:
    several = len({store.id for store, _one in people}) > 1
    return [
        (one.id, _("{name} · {role}", name=one.name, role=store.code if several else _job(one)))
        for store, one in people
    ]


def _job(one: Employee) -> str:
    return word("job", one.role)


def _asked(scope: Scope, key: str) -> str:
    return next(iter(scope.asked(key)), "")


def _aim(scope: Scope) -> str:
    return next((f"{key}:{_asked(scope, key)}" for key in AIMS if _asked(scope, key)), "")


def _complaints(session: Session, scope: Scope) -> list[Component]:
    """The complaints it may answer: the one it begins with, and open ones of the category."""
    if len(scope.stores) != 1:
        return []
    number = _asked(scope, "complaint")
    first = cases.find(session, number, scope.stores, as_of=scope.as_of) if number else None
    options = _alike(session, scope)
    ticked = []
    if first:
        mine = (first.row.id, first.row.number)
        options = [mine, *(one for one in options if one[0] != first.row.id)]
        ticked = [str(first.row.id)]
    label = _("The complaints it answers")
    return [forms.ticks(FORM, "complaints", label, options, ticked)] if options else []


def _alike(session: Session, scope: Scope) -> list[tuple[int, str]]:
    if not _asked(scope, "category"):
        return []
    drill = (("category", _asked(scope, "category")),)
    rows, _total = listing(session, replace(scope, drill=drill), count=MOST)
    return [(row["id"], _line(row, scope)) for row in rows]


def _line(row: dict[str, Any], scope: Scope) -> str:
    opened = formats.moment(row["opened_at"], scope.zone)
    return _("{number}, opened {moment}", number=row["number"], moment=opened)
