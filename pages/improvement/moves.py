"""What may be done to an action now: a form for each move, the next one first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard import forms, ids
from dashboard.i18n import _, later
from dashboard.icons import Icon
from dashboard.widgets import card
from data.improvements import Choices, File
from pages.improvement import fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """What the forms of an action need to know."""

    file: File
    choices: Choices
    as_of: datetime

    @property
    def today(self) -> date:
        """The store's local day."""
        return self.as_of.astimezone(ZoneInfo(self.file.store.zone)).date()


def side(bench: Workbench, possible: Sequence[str]) -> list[Component]:
    """The forms for what may be done to the action as it stands."""
    cards = []
    if "assign" in possible:
        cards.append(card(_("Owner and deadline"), _assign(bench), width="full"))
    folds = [_fold(bench, name) for name in possible if name in FORMS]
    if folds:
        cards.append(card(_("What comes next"), html.Div(folds, className="folds"), width="full"))
    return cards


def _fold(bench: Workbench, name: str) -> Component:
    title, shape, made = FORMS[name]
    inside = forms.form(name, *made(bench), says=_(title), saves=ids.action_save(name))
    return forms.fold(_(title), shape, inside)


def _assign(bench: Workbench) -> Component:
    row, people = bench.file.row, fields.named(bench.choices.owners)
    return forms.form(
        "assign",
        forms.select("assign", "owner", _("Owner"), people, row.owner_id),
        forms.day("assign", "due_on", _("Deadline"), row.due_on, least=bench.today),
        forms.line("assign", "reason", _("Reason, if the deadline moves")),
        says=_("Assign"),
        saves=ids.action_save("assign"),
    )


def _finish(bench: Workbench) -> list[Component]:
    first = bench.file.row.created_at.date()
    return [forms.day("finish", "done_on", _("Done on"), bench.today, least=first)]


def _verify(bench: Workbench) -> list[Component]:
    words = _(
        "Nobody declares it: the figures are counted now, and decide. While they cannot, the "
        "action stays as it is, and you are told how many more orders are needed."
    )
    return [html.P(words, className="note")]


def _why(form: str) -> Callable[[Workbench], list[Component]]:
    return lambda bench: [forms.area(form, "reason", _("Reason"), rows=2)]


def _link(bench: Workbench) -> list[Component]:
    return [forms.line("link", "number", _("Number of the complaint"))]


def _note(bench: Workbench) -> list[Component]:
    return [forms.area("note", "words", _("Note"))]


def _edit(bench: Workbench) -> list[Component]:
    row, choices = bench.file.row, bench.choices
    about = (
        ("adviser", _("Only orders of the adviser"), choices.advisers, row.adviser_id),
        ("technician", _("Only orders of the technician"), choices.technicians, row.technician_id),
    )
    aim = fields.aim("edit", choices.categories, _aim(bench.file), reasons=False)
    people = [
        fields.person("edit", name, label, fields.named(staff), chosen)
        for name, label, staff, chosen in about
    ]
    return [
        forms.line("edit", "title", _("What is to be done"), row.title),
        forms.line("edit", "cause", _("Root cause"), row.cause or ""),
        fields.kind("edit", row.kind),
        *([] if row.churn_reason else [aim, *people]),
        fields.training("edit", row.training),
    ]


def _aim(file: File) -> str:
    if file.category:
        return f"category:{file.category.code}"
    return f"dimension:{file.row.dimension}" if file.row.dimension else ""


FORMS: dict[str, tuple[str, Icon, Callable[[Workbench], list[Component]]]] = {
    "start": (later("Begin"), "play-circle", lambda bench: []),
    "finish": (later("It is done"), "check2-circle", _finish),
    "verify": (later("Let the figures decide"), "clipboard-check", _verify),
    "reopen": (later("Take up again"), "arrow-counterclockwise", _why("reopen")),
    "link": (later("Link a complaint"), "link-45deg", _link),
    "edit": (later("Say it better"), "pencil", _edit),
    "cancel": (later("Call it off"), "x-circle", _why("cancel")),
    "note": (later("Add a note"), "chat-left-text", _note),
}
