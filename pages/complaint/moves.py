"""What may be done to a complaint now: a form for each step, the next one open."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard import forms
from dashboard.i18n import _, language, later
from dashboard.icons import Icon
from dashboard.widgets import card
from dashboard.words import WORDS, word
from data.metrics.complaints.case import Case
from data.models import Employee, Severity
from data.moves import possible
from data.person import Person

USUAL_DAYS = 3
OF_PROMISES = ("keep_promise", "explain_promise")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """What the forms of a case need to know."""

    case: Case
    person: Person
    as_of: datetime

    @property
    def zone(self) -> str:
        """The clock of the store."""
        return self.case.store.zone

    @property
    def today(self) -> date:
        """The store's local day."""
        return self.as_of.astimezone(ZoneInfo(self.zone)).date()

    def later(self, days: int) -> datetime:
        """The same time some days from now."""
        return self.as_of + timedelta(days=days)


def side(bench: Workbench) -> list[Component]:
    """The forms for what this person may do to the case as it stands."""
    names = possible(bench.person, bench.case.row.state)
    promised = any(not promise.kept_at for promise in bench.case.promises)
    folds = [
        _fold(bench, name)
        for name in names
        if name in FORMS and (promised or name not in OF_PROMISES)
    ]
    cards = [card(_("Owner and deadline"), _assign(bench), width="full")] * ("assign" in names)
    if folds:
        cards.append(card(_("What comes next"), html.Div(folds, className="folds"), width="full"))
    return cards


def _fold(bench: Workbench, name: str) -> Component:
    title, shape, fields = FORMS[name]
    return forms.fold(_(title), shape, forms.form(name, *fields(bench), says=_(title)))


def _assign(bench: Workbench) -> Component:
    row = bench.case.row
    people = [(person.id, _person(person)) for person in bench.case.colleagues]
    due_on = row.assigned_due_on or bench.today + timedelta(days=USUAL_DAYS)
    reason = forms.line("assign", "reason", _("Reason, if the deadline moves"))
    return forms.form(
        "assign",
        forms.select("assign", "owner", _("Owner"), people, row.owner_id),
        forms.day("assign", "due_on", _("Deadline"), due_on, least=bench.today),
        *([reason] if row.assigned_due_on else []),
        says=_("Assign"),
    )


def _person(person: Employee) -> str:
    return _("{name} · {role}", name=person.name, role=word("job", person.role))


def _words(form: str, name: str, label: str) -> Callable[[Workbench], list[Component]]:
    return lambda bench: [forms.area(form, name, _(label))]


def _pause(bench: Workbench) -> list[Component]:
    return [
        forms.line("pause", "reason", _("What we wait for")),
        forms.moment("pause", "until", _("At most until"), bench.later(USUAL_DAYS), bench.zone),
    ]


def _resolve(bench: Workbench) -> list[Component]:
    return [
        forms.area("resolve", "solution", _("The solution the customer has")),
        forms.line("resolve", "root_cause", _("Root cause")),
    ]


def _recontact(bench: Workbench) -> list[Component]:
    answers = [("yes", _("Content")), ("no", _("Not content"))]
    return [
        forms.select("recontact", "satisfied", _("What the customer says"), answers),
        forms.area("recontact", "said", _("In the customer's words"), rows=2),
    ]


def _close(bench: Workbench) -> list[Component]:
    answers = [("yes", _("Content")), ("no", _("Not content, or not reached"))]
    content = "yes" if bench.case.row.satisfied else None
    closing = bench.case.closing
    causes = _coded("cause", leave_out=("not_stated",))
    why = forms.select("close", "breach_cause", _("Why the deadline was missed"), causes)
    return [
        forms.select("close", "satisfied", _("How it ends"), answers, content),
        *([why] if closing and closing.missed else []),
        forms.line("close", "said", _("Remark")),
    ]


def _severity(bench: Workbench) -> list[Component]:
    kinds = [(kind, word("severity", kind)) for kind in Severity]
    now = bench.case.row.severity
    return [
        forms.select("change_severity", "severity", _("Severity"), kinds, now),
        forms.line("change_severity", "reason", _("Reason")),
    ]


def _classify(bench: Workbench) -> list[Component]:
    row = bench.case.row
    code = bench.case.category.code if bench.case.category else None
    return [
        forms.select("classify", "category", _("Category"), _categories(bench), code),
        forms.select("classify", "origin", _("Origin"), _coded("origin"), row.origin),
        forms.select(
            "classify", "motive", _("What the customer wants"), _coded("motive"), row.motive
        ),
    ]


def _categories(bench: Workbench) -> forms.Options:
    """The tree as a list: each main category, then those below it; retired ones only if chosen."""
    case, chinese = bench.case, language() == "zh"
    rows = [row for row in case.categories if row.active or row is case.category]
    said = {row.id: row.name_zh if chinese else row.name for row in rows}
    ordered = sorted(rows, key=lambda row: (row.parent_id or row.id, row.parent_id or 0, row.id))
    return [
        (row.code, f"{said[row.parent_id]} › {said[row.id]}" if row.parent_id else said[row.id])
        for row in ordered
    ]


def _coded(words: str, leave_out: tuple[str, ...] = ("none",)) -> forms.Options:
    return [(code, word(words, code)) for code in WORDS[words] if code not in leave_out]


def _promise(bench: Workbench) -> list[Component]:
    return [
        forms.line("promise", "said", _("What was promised")),
        forms.moment("promise", "due_at", _("By when"), bench.later(1), bench.zone),
    ]


def _open_promises(form: str) -> Callable[[Workbench], list[Component]]:
    def fields(bench: Workbench) -> list[Component]:
        waiting = [(p.id, p.words) for p in bench.case.promises if not p.kept_at]
        first = waiting[0][0] if waiting else None
        chosen = forms.select(form, "promise_id", _("Promise"), waiting, first)
        said = forms.area(form, "said", _("What the customer was told"), rows=2)
        return [chosen, *([said] if form == "explain_promise" else [])]

    return fields


FORMS: dict[str, tuple[str, Icon, Callable[[Workbench], list[Component]]]] = {
    "reply": (
        later("Note the first reply"),
        "reply",
        _words("reply", "said", later("What the customer was told")),
    ),
    "resolve": (later("Note the solution"), "check2-circle", _resolve),
    "interim": (
        later("Note an interim solution"),
        "bandaid",
        _words("interim", "solution", later("What helps for the time being")),
    ),
    "pause": (later("Wait for the customer"), "pause-circle", _pause),
    "resume": (later("Go on"), "play-circle", lambda bench: []),
    "recontact": (later("Note the re-contact"), "telephone", _recontact),
    "close": (later("Close"), "lock", _close),
    "reopen": (
        later("Take up again"),
        "arrow-counterclockwise",
        _words("reopen", "reason", later("Reason")),
    ),
    "change_severity": (later("Change the severity"), "thermometer-half", _severity),
    "classify": (later("Classify"), "tag", _classify),
    "promise": (later("Note a promise"), "hand-thumbs-up", _promise),
    "keep_promise": (
        later("A promise was kept"),
        "hand-thumbs-up-fill",
        _open_promises("keep_promise"),
    ),
    "explain_promise": (
        later("A promise will be late"),
        "chat",
        _open_promises("explain_promise"),
    ),
    "note": (later("Add a note"), "pencil", _words("note", "said", later("Note"))),
}
