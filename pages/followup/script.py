"""What to say on a call, in plain words: who is calling, what for, and how to end."""

from dash import html
from dash.development.base_component import Component

from dashboard import formats
from dashboard.i18n import _, later
from dashboard.widgets import card
from data.followups.sheet import Sheet
from data.person import Person

PURPOSE = {
    "order_delivered": later(
        "Your car was with us on {day}. I would like to hear whether everything is as it should "
        "be, and what we could do better. It takes two minutes. Does it suit you now?"
    ),
    "vehicle_sold": later(
        "You took over your new car on {day}. I would like to hear how you get on with it and "
        "whether anything is still open. Does it suit you now?"
    ),
    "complaint_closed": later(
        "You told us about something that was not right. We closed the matter on {day}, and I "
        "would like to hear from you whether it is really settled."
    ),
    "hot_alert": later(
        "On our last call you were not content. I am sorry about that, and I would like to "
        "understand what happened and what would help you now."
    ),
    "visit_gap": later(
        "We have not seen you for a while. Is everything all right with the car, and is there a "
        "reason that keeps you from coming to us?"
    ),
    "churn": later(
        "We have not seen you for a while, and I would like to understand why, so that we can "
        "mend what is ours. Does it suit you now?"
    ),
    "care_date": later(
        "A date of your car is coming up on {day}. I would like to remind you of it and to see "
        "whether we can take it off your hands."
    ),
}
OTHERWISE = later("I would like to hear how content you are with us. Does it suit you now?")


def script(sheet: Sheet, person: Person) -> Component:
    """The words for this call; they fold away once they are known by heart."""
    name = sheet.customer.name if sheet.customer else _("the customer")
    who = sheet.agent.name if sheet.agent and sheet.mine else person.name
    said = (
        _(
            "Good day, am I speaking with {name}? This is {who} from {store}.",
            name=name,
            who=who,
            store=sheet.store.name,
        ),
        _(_purpose(sheet), day=_day(sheet)),
        _("Thank you for telling me. I have written it down, and whoever can mend it reads it."),
        _("If anything comes up, please ring us. Have a good day."),
    )
    heads = (_("Greeting"), _("Purpose"), _("After the answers"), _("Goodbye"))
    parts = [
        part
        for head, words in zip(heads, said, strict=True)
        for part in (html.Dt(head), html.Dd(words))
    ]
    return card(_("What to say"), html.Dl(parts, className="script"), width="full")


def _purpose(sheet: Sheet) -> str:
    return PURPOSE.get(sheet.rule.trigger, OTHERWISE) if sheet.rule else OTHERWISE


def _day(sheet: Sheet) -> str:
    return formats.day(sheet.followup.anchored_on or sheet.followup.due_on)
