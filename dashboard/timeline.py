"""What happened to a record, told as sentences, latest first."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import changes, deeds, formats
from dashboard.i18n import _, later
from dashboard.icons import Icon
from dashboard.widgets.parts import icon
from dashboard.words import word
from data.models import AdminEvent, Event

Data = Mapping[str, Any]
Entry = Event | AdminEvent
ICONS: dict[str, Icon] = {
    "opened": "flag",
    "assigned": "person-check",
    "replied": "reply",
    "paused": "pause-circle",
    "resumed": "play-circle",
    "interim": "bandaid",
    "resolved": "check2-circle",
    "recontacted": "telephone",
    "closed": "lock",
    "reopened": "arrow-counterclockwise",
    "severity_changed": "thermometer-half",
    "classified": "tag",
    "note": "pencil",
    "promised": "hand-thumbs-up",
    "promise_kept": "hand-thumbs-up-fill",
    "promise_explained": "chat",
    "imported": "file-earmark-arrow-down",
    "expired": "hourglass-bottom",
    "corrected": "file-earmark-diff",
    "taken": "hand-index",
    "released": "arrow-return-left",
    "tried": "telephone-x",
    "recorded": "telephone-inbound",
    "handed_over": "person-check",
    "cancelled": "x-circle",
    "issue_added": "plus-circle",
    "issue_edited": "pencil",
    "issue_reviewed": "check2-circle",
    "issue_retired": "archive",
    "issue_restored": "arrow-counterclockwise",
    "edited": "pencil",
    "date_set": "calendar-check",
    "call_planned": "telephone-plus",
    "phone_revealed": "eye",
    "anonymised": "person-x",
    "selected": "funnel",
    "analysed": "search",
    "held_out": "slash-circle",
    "asked": "telephone",
    "counted": "bar-chart",
    "called_again": "telephone-plus",
    "told": "megaphone",
    "won_back": "emoji-smile",
    "returned": "arrow-return-left",
    "lost": "x-circle",
    "decided": "journal-plus",
    "given": "person-check",
    "reworded": "pencil",
    "ticked": "check2-circle",
    "dropped": "trash",
    "made_action": "wrench-adjustable",
    "moved": "calendar-plus",
    **changes.ICONS,
    **deeds.ICONS,
}


def timeline(
    history: Sequence[Entry],
    names: Mapping[str, str],
    zone: str,
    about: Callable[[Any], str] | None = None,
) -> Component:
    """The history of a record. `names` says who hides behind a login.

    `about` says what an entry is about, where the history is of several records.
    """
    items = [_item(entry, names, zone, about) for entry in reversed(history)]
    return html.Ol(items, className="timeline")


def told(entry: Entry, zone: str) -> str:
    """What this entry says happened."""
    teller = SENTENCES.get(entry.kind)
    return teller(entry.data, zone) if teller else _(entry.kind)


def _item(
    entry: Entry,
    names: Mapping[str, str],
    zone: str,
    about: Callable[[Any], str] | None = None,
) -> Component:
    by = _by(entry.actor, names)
    words = entry.data.get("words") or _reason(entry)
    return html.Li(
        [
            icon(ICONS.get(entry.kind, "dot")),
            html.Div(
                [
                    html.Strong(about(entry)) if about else None,
                    html.Div(told(entry, zone), className="timeline-what"),
                    html.Blockquote(words) if words else None,
                    html.Div(
                        [
                            html.Time(
                                formats.moment(entry.at, zone), dateTime=entry.at.isoformat()
                            ),
                            html.Span(by),
                        ],
                        className="timeline-when",
                    ),
                ]
            ),
        ]
    )


def _reason(entry: Entry) -> str | None:
    """The reason that was given; why a customer stays away is a code."""
    said = entry.data.get("reason")
    return word("reason", said) if said and entry.kind in ("asked", "counted") else said


def _by(login: str, names: Mapping[str, str]) -> str:
    return _("Aftercare") if login == "system" else names.get(login, login)


def _assigned(data: Data, zone: str) -> str:
    gaps = {
        "owner": data.get("owner"),
        "due": _day(data.get("due_on")),
        "before": data.get("from_owner"),
        "was": _day(data.get("from_due_on")),
    }
    if data.get("from_due_on") not in (None, data.get("due_on")):
        return _("Assigned to {owner}; the deadline moved from {was} to {due}", **gaps)
    if data.get("from_owner") not in (None, data.get("owner")):
        return _("Handed from {before} to {owner}, until {due}", **gaps)
    return _("Assigned to {owner}, until {due}", **gaps)


def _closed(data: Data, zone: str) -> str:
    if data.get("breach_cause"):
        cause = word("cause", data["breach_cause"])
        return _("Closed; the deadline was missed: {cause}", cause=cause)
    return _("Closed, the customer is content") if data.get("satisfied") else _("Closed")


def _recontacted(data: Data, zone: str) -> str:
    if data.get("satisfied"):
        return _("Re-contacted: the customer is content")
    return _("Re-contacted: the customer is not content")


def _severity(data: Data, zone: str) -> str:
    before, after = (word("severity", data.get(key)) for key in ("from", "to"))
    return _("Severity changed from {before} to {after}", before=before, after=after)


def _tried(data: Data, zone: str) -> str:
    result = word("result", data.get("result"))
    if data.get("next_try_at"):
        again = _moment(data["next_try_at"], zone)
        return _("Not reached: {result}; again {moment}", result=result, moment=again)
    return _("Not reached: {result}; the call is over", result=result)


def _recorded(data: Data, zone: str) -> str:
    who = word("respondent", data.get("respondent"))
    if data.get("complaint"):
        number = data["complaint"]
        return _("Talked to: {who}; complaint {number} was opened", who=who, number=number)
    return _("Talked to: {who}", who=who)


def _handed_over(data: Data, zone: str) -> str:
    gaps = {"before": data.get("from_agent"), "agent": data.get("agent")}
    if data.get("from_agent"):
        return _("Call handed from {before} to {agent}", **gaps)
    return _("Call handed to {agent}", **gaps)


def _reviewed(data: Data, zone: str) -> str:
    return _("Reviewed; next on {day}", day=_day(data.get("review_on")))


def _edited(data: Data, zone: str) -> str:
    fields = [word("detail", field) for field in data.get("fields", ())]
    return _("Changed: {fields}", fields=_(", ").join(fields))


def _date_set(data: Data, zone: str) -> str:
    gaps = {"care": word("care", data.get("care")), "day": _day(data.get("to"))}
    if data.get("from"):
        return _("{care}: {day}, before {was}", was=_day(data["from"]), **gaps)
    return _("{care}: {day}", **gaps)


def _call_planned(data: Data, zone: str) -> str:
    gaps = {"care": word("care", data.get("care")), "number": data.get("callback")}
    return _("{care}: callback {number} was put on the list", **gaps)


def _selected(data: Data, zone: str) -> str:
    if data.get("list"):
        gaps = {"rule": word("churn_rule", data.get("rule")), "list": data["list"]}
        return _("Selected: {rule}; list {list}", **gaps)
    return _("Selected")


def _subscribed(data: Data, zone: str) -> str:
    return _("{address} was put down for a report", address=data.get("address"))


def _unsubscribed(data: Data, zone: str) -> str:
    return _("{address} was taken off a report", address=data.get("address"))


def _made_action(data: Data, zone: str) -> str:
    return _("Made action {action}", action=data.get("action"))


def _moved(data: Data, zone: str) -> str:
    due = _day(data.get("due_on"))
    if data.get("from_due_on"):
        return _("Put off from {was} to {due}", was=_day(data["from_due_on"]), due=due)
    return _("Put off to {due}", due=due)


def _came_on(sentence: str) -> Callable[[Data, str], str]:
    return lambda data, zone: _(sentence, day=_day(data.get("day")))


def _said(sentence: str) -> Callable[[Data, str], str]:
    return lambda data, zone: _(sentence)


def _until(sentence: str, key: str) -> Callable[[Data, str], str]:
    return lambda data, zone: _(sentence, until=_moment(data.get(key), zone))


def _day(text: str | None) -> str:
    return formats.day(date.fromisoformat(text)) if text else formats.NOTHING


def _moment(text: str | None, zone: str) -> str:
    return formats.moment(datetime.fromisoformat(text), zone) if text else formats.NOTHING


SENTENCES: dict[str, Callable[[Data, str], str]] = {
    "opened": _said(later("Opened")),
    "assigned": _assigned,
    "replied": _said(later("The customer was answered")),
    "paused": _until(later("Waiting for the customer, at most until {until}"), "until"),
    "resumed": _said(later("The work goes on")),
    "interim": _said(later("Interim solution")),
    "resolved": _said(later("Solved")),
    "recontacted": _recontacted,
    "closed": _closed,
    "reopened": _said(later("Taken up again")),
    "severity_changed": _severity,
    "classified": _said(later("Category, origin and motive were set")),
    "note": _said(later("Note")),
    "promised": _until(later("Promised until {until}"), "due_at"),
    "promise_kept": _said(later("The promise was kept")),
    "promise_explained": _said(later("The customer was told why the promise will be late")),
    "imported": _said(later("Read from a file")),
    "expired": _said(later("Given up: the time for it was over")),
    "corrected": _said(later("Corrected from a file")),
    "taken": _said(later("Call taken")),
    "released": _said(later("Call given back")),
    "tried": _tried,
    "recorded": _recorded,
    "handed_over": _handed_over,
    "cancelled": _said(later("Not to be called")),
    "issue_added": _said(later("Added to the library")),
    "issue_edited": _said(later("Rewritten")),
    "issue_reviewed": _reviewed,
    "issue_retired": _said(later("Retired")),
    "issue_restored": _said(later("Suggested again")),
    "edited": _edited,
    "date_set": _date_set,
    "call_planned": _call_planned,
    "phone_revealed": _said(later("A phone number was looked at")),
    "anonymised": _said(later("The personal data were taken out")),
    "selected": _selected,
    "analysed": _said(later("The file was looked through")),
    "held_out": _said(later("Held out: not called, to compare with")),
    "asked": _said(later("Asked why they stay away")),
    "counted": _said(later("The reason was counted")),
    "called_again": _said(later("The second call is on the list")),
    "told": _said(later("The customer was told what was mended")),
    "won_back": _came_on(later("Won back: came on {day}")),
    "returned": _came_on(later("Came by itself on {day}")),
    "lost": _said(later("Given up as lost")),
    "decided": _said(later("Decided")),
    "given": _assigned,
    "reworded": _said(later("Worded anew")),
    "ticked": _said(later("Ticked as done")),
    "dropped": _said(later("Dropped")),
    "made_action": _made_action,
    "moved": _moved,
    "subscribed": _subscribed,
    "unsubscribed": _unsubscribed,
    **changes.SENTENCES,
    **deeds.SENTENCES,
}
