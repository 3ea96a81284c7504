"""Points of the agenda that are lists: what is late, and who is lost."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard import formats, forms, ids, urls
from dashboard.i18n import _, language, several
from dashboard.widgets import badge, link
from dashboard.widgets.parts import attributes
from dashboard.words import SEVERITY_TONES, word
from data.person import Person, Right
from data.reviews import Minutes
from pages.review.decided import doing, owner_and_day, versioned

IN_PLACE = 12  # late complaints that can be given to somebody right here
Row = Mapping[str, Any]


def today(minutes: Minutes) -> date:
    """The store's local day."""
    return minutes.as_of.astimezone(ZoneInfo(minutes.store.zone)).date()


def late(minutes: Minutes, person: Person) -> list[Any]:
    """Complaints past their deadline with who and until when, then the overdue actions."""
    rows, actions = minutes.late, minutes.overdue
    if not rows and not actions:
        return [html.P(_("Nothing is late."), className="note")]
    said = several("{n} complaint is late", "{n} complaints are late", n=len(rows))
    more = several("{n} action is overdue", "{n} actions are overdue", n=len(actions))
    lead = html.P(_("{complaints}, {actions}.", complaints=said, actions=more))
    may = person.may(Right.ASSIGN) and not minutes.closed
    cases = [
        _complaint(minutes, row, in_place=may and place < IN_PLACE)
        for place, row in enumerate(rows)
    ]
    return [
        lead,
        html.Ul([*cases, *(_action(row) for row in actions)], className="review-list"),
    ]


def _complaint(minutes: Minutes, row: Row, *, in_place: bool) -> Component:
    over = formats.duration(minutes.asked_at - row["close_due_at"])
    topic = row["category_name_zh" if language() == "zh" else "category_name"]
    severity = word("severity", row["severity"])
    head = [
        link(row["number"], urls.complaint(row["number"], row["store"])),
        badge(severity, SEVERITY_TONES.get(row["severity"], "quiet")),
        html.Span(topic or _("Without a category")),
        badge(_("{time} over", time=over), "bad"),
        _who(row["owner"], row["assigned_due_on"]),
    ]
    return html.Li(
        [html.Div(head, className="review-line"), doing(_give(minutes, row)) if in_place else None]
    )


def _who(owner: str | None, due_on: date | None) -> Component:
    if owner is None:
        return badge(_("Nobody owns it"), "warn")
    if due_on is None:
        return html.Span(_("{owner}, without a date", owner=owner))
    return html.Span(_("{owner}, until {due}", owner=owner, due=formats.day(due_on, "short")))


def _give(minutes: Minutes, row: Row) -> Component:
    form = f"assign-{row['id']}"
    moved = row["assigned_due_on"] is not None
    reason = [forms.line(form, "reason", _("Reason, if the deadline moves"))] if moved else []
    owner = next((one.id for one in minutes.people if one.name == row["owner"]), None)
    made = forms.form(
        form,
        versioned(form, row["version"]),
        *owner_and_day(form, minutes, owner, row["assigned_due_on"], today(minutes)),
        *reason,
        says=_("Assign"),
        saves=ids.review_save(form),
    )
    return forms.fold(_("Assign"), "person-check", made)


def _action(row: Row) -> Component:
    due = formats.day(row["due_on"], "short")
    head = [
        link(row["number"], urls.improvement(row["number"], row["store"])),
        badge(_("Action"), "info"),
        html.Span(row["title"]),
        badge(_("overdue since {day}", day=due), "bad"),
        html.Span(row["owner"] or _("Nobody")),
    ]
    return html.Li(html.Div(head, className="review-line"))


def lost(minutes: Minutes) -> list[Any]:
    """Why customers stay away, asked since the Monday of the week, and what they brought."""
    frame, told = minutes.reasons.frame, minutes.at_stake.summary
    money = formats.measure(told.get("value"), "yuan")
    stake = _(
        "{n} cars stay away or are about to; they brought {money} in their last year.",
        n=formats.number(told.get("vehicles")),
        money=money,
    )
    found = frame[frame["count"] > 0].to_dict("records") if len(frame) else []
    asked = int(minutes.reasons.summary.get("cases") or 0)
    none = html.P(_("Nobody was asked for the reason since the last review."), className="note")
    return [html.P(stake), _reasons(found, asked) if found else none]


def _reasons(rows: Sequence[Mapping[Any, Any]], asked: int) -> Component:
    heads = [_("Reason"), _("Cars"), _("Brought in a year"), _("Whose")]
    said = several("{n} customer gave a reason since the last review:",
                   "{n} customers gave a reason since the last review:", n=asked)  # fmt: skip
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody([_reason(row, heads) for row in sorted(rows, key=lambda r: -r["count"])]),
        ],
        className="list",
    )
    return html.Div([html.P(said), table])


def _reason(row: Mapping[Any, Any], heads: Sequence[str]) -> Component:
    cells: list[Any] = [
        link(word("reason", row["key"]), urls.churn_cases(reason=row["key"])),
        formats.number(row["count"]),
        formats.measure(row["year_yuan"], "yuan"),
        word("nature", row["kind"]),
    ]
    pairs = zip(cells, heads, strict=True)
    return html.Tr([html.Td(cell, **attributes(data_label=head)) for cell, head in pairs])
