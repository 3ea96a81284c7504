"""The fields that say what an action is, whom it is about, and what it is aimed at."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import forms
from dashboard.i18n import _, language
from dashboard.words import WORDS, word
from data.models import ChurnReason, ComplaintCategory, Employee, ImprovementKind

NOBODY = "0"
NOTHING = "none"


def kind(form: str, chosen: str) -> Component:
    """What kind of action it is."""
    kinds = [(one.value, word("kind", one)) for one in ImprovementKind]
    return forms.select(form, "kind", _("Kind of action"), kinds, chosen)


def training(form: str, said: Mapping[str, str] | None) -> Component:
    """Who trains whom in what, why, when, where and how: shown while the kind is a training."""
    known = said or {}
    lines = [
        forms.line(form, f"training_{code}", word("six_w", code), str(known.get(code) or ""))
        for code in WORDS["six_w"]
    ]
    return html.Div(lines, className="of-training")


def aim(
    form: str, categories: Sequence[ComplaintCategory], chosen: str, *, reasons: bool
) -> Component:
    """What it is to lessen: one category, one reason to stay away, or one dimension."""
    options = [(NOTHING, _("Nothing that is counted"))]
    options += [
        (f"category:{code}", _("Complaints: {name}", name=name)) for code, name in _tree(categories)
    ]
    if reasons:
        options += [
            (f"reason:{code.value}", _("Stays away: {name}", name=word("reason", code)))
            for code in ChurnReason
        ]
    options += [
        (f"dimension:{code}", _("Satisfaction: {name}", name=word("dimension", code)))
        for code in WORDS["dimension"]
    ]
    return forms.select(form, "aim", _("What it is to lessen"), options, chosen or NOTHING)


def person(
    form: str, name: str, label: str, people: Sequence[tuple[int, str]], chosen: Any
) -> Component:
    """The one person it is about, or anybody."""
    options = [(NOBODY, _("Anybody")), *people]
    return forms.select(form, name, label, options, chosen or NOBODY)


def named(people: Sequence[Employee]) -> list[tuple[int, str]]:
    """People with their jobs, to choose from."""
    return [
        (one.id, _("{name} · {role}", name=one.name, role=word("job", one.role))) for one in people
    ]


def _tree(rows: Sequence[ComplaintCategory]) -> list[tuple[str, str]]:
    """Each main category, then those below it."""
    said = {row.id: row.name_zh if language() == "zh" else row.name for row in rows}
    ordered = sorted(rows, key=lambda row: (row.parent_id or row.id, row.parent_id or 0, row.id))
    return [
        (
            row.code,
            f"{said[row.parent_id]} › {said[row.id]}" if row.parent_id in said else said[row.id],
        )
        for row in ordered
    ]
