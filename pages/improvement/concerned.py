"""Whom an action concerns: the complaints it answers, who was told, and what came again."""

from datetime import datetime

from dash import html
from dash.development.base_component import Component

from dashboard import formats, forms, ids, urls, veils
from dashboard.i18n import _
from dashboard.widgets import badge, card, link
from data.improvements import File
from data.improvements.file import Linked
from data.models import Complaint
from data.person import Person, Right

SHOWN = 8


def complaints(file: File, person: Person, possible: list[str]) -> Component:
    """The complaints it answers; each customer is ticked once they were told."""
    told = sum(each.informed_at is not None for each in file.linked)
    said = _("{told} of {n} customers were told.", told=told, n=len(file.linked))
    if not file.linked:
        said = _("No complaint is linked yet: link those it answers, so that they can be told.")
    rows = [_row(each, file, person, possible) for each in file.linked]
    return card(
        _("Customers to be told"),
        html.P(said, className="headline"),
        *([html.Ul(rows, className="told-list")] if rows else []),
        width="full",
    )


def again(file: File, possible: list[str]) -> list[Component]:
    """Complaints of its category since it was found effective: is it the same cause?"""
    if not file.again:
        return []
    words = _(
        "New complaints of this category came after it was found effective. Link one that has the "
        "same cause: the action is then taken up again."
    )
    rows = [_new(each, file, possible) for each in file.again[-SHOWN:][::-1]]
    table = html.Ul(rows, className="told-list")
    return [card(_("Is the cause back?"), html.P(words, className="note"), table, width="full")]


def _row(each: Linked, file: File, person: Person, possible: list[str]) -> Component:
    complaint, name = each.complaint, each.customer and each.customer.name
    if name and not person.may(Right.SEE_PEOPLE):
        name = formats.masked_name(name)
    car = each.vehicle and (veils.plate(each.vehicle.plate, person) or each.vehicle.model)
    about = " · ".join(part for part in (name, car) if part)
    return html.Li(
        [
            link(complaint.number, urls.complaint(complaint.number, file.store.code)),
            html.Span(about, className="told-who"),
            _told(each.informed_at, file, complaint, possible),
            *_unlink(each, possible),
        ]
    )


def _told(at: datetime | None, file: File, complaint: Complaint, possible: list[str]) -> Component:
    if at is not None:
        when = formats.moment(at, file.store.zone, "short-moment")
        return badge(_("Told {moment}", moment=when), "good")
    if "inform" in possible:
        return _button("inform", complaint.id, _("Was told"))
    return badge(_("To be told once it is done"), "quiet")


def _unlink(each: Linked, possible: list[str]) -> list[Component]:
    if each.informed_at is not None or "unlink" not in possible:
        return []
    return [_button("unlink", each.complaint.id, _("Not about it"))]


def _new(complaint: Complaint, file: File, possible: list[str]) -> Component:
    opened = formats.moment(complaint.opened_at, file.store.zone)
    return html.Li(
        [
            link(complaint.number, urls.complaint(complaint.number, file.store.code)),
            html.Span(complaint.root_cause or opened, className="told-who"),
            *([_button("link", complaint.id, _("Same cause"))] if "link" in possible else []),
        ]
    )


def _button(move: str, complaint_id: int, says: str) -> Component:
    """A form of a single button."""
    name = f"{move}.{complaint_id}"
    return forms.form(name, says=says, saves=ids.action_save(name))
