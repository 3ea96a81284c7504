"""Giving several complaints, calls or actions at once to somebody."""

from datetime import date

from dash.development.base_component import Component

from dashboard import forms
from dashboard.bulk import Bulk, Options
from dashboard.i18n import _, later


def _owner_and_day(form: str, people: Options, today: date) -> list[Component]:
    return [
        forms.select(form, "owner", _("Owner"), people),
        forms.day(form, "due_on", _("Deadline"), None, least=today),
        forms.line(form, "reason", _("Reason, if the deadline moves")),
    ]


def _caller(form: str, people: Options, _today: date) -> list[Component]:
    return [forms.select(form, "agent", _("Caller"), people)]


COMPLAINTS = Bulk(
    table="complaints-cases",
    title=later("Owner and deadline"),
    says=later("Assign"),
    chosen=(later("{n} complaint chosen"), later("{n} complaints chosen")),
    done=(later("{n} complaint assigned."), later("{n} complaints assigned.")),
    apart=later(
        "These cases belong to several stores. Choose cases of one store: owners work there."
    ),
    none=later("Choose at least one complaint."),
    fields=_owner_and_day,
)
CALLS = Bulk(
    table="worklist-calls",
    title=later("Who is to call"),
    says=later("Hand over"),
    chosen=(later("{n} call chosen"), later("{n} calls chosen")),
    done=(later("{n} call handed over."), later("{n} calls handed over.")),
    apart=later(
        "These calls belong to several stores. Choose calls of one store: callers work there."
    ),
    none=later("Choose at least one call."),
    fields=_caller,
)
ACTIONS = Bulk(
    table="actions-all",
    title=later("Owner and deadline"),
    says=later("Assign"),
    chosen=(later("{n} action chosen"), later("{n} actions chosen")),
    done=(later("{n} action assigned."), later("{n} actions assigned.")),
    apart=later(
        "These actions belong to several stores. Choose actions of one store: owners work there."
    ),
    none=later("Choose at least one action."),
    fields=_owner_and_day,
)
