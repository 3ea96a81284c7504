"""The steps of an import, drawn anew after each: the file, its columns, the reading, the result."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import formats, ids, urls
from dashboard.i18n import _
from dashboard.ids import Import
from dashboard.uploads import Standing, Upload
from dashboard.widgets import board, card, icon
from dashboard.widgets.parts import attributes
from data.importing.result import ImportResult
from pages.importing.columns import columns
from pages.importing.outcome import (
    counts,
    link_to_records,
    message,
    outcome,
    refused_rows,
    warnings,
)
from pages.importing.sending import sending
from pages.importing.words import kind_name, said


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What the steps need to know: the stores one may import into, the file, how far it is.

    `store` is the one most likely meant.
    """

    stores: Sequence[tuple[str, str]]
    upload: Upload | None
    standing: Standing | None
    store: str | None = None

    @property
    def running(self) -> bool:
        """Whether the file is being read just now."""
        return self.standing is not None and self.standing.running


def body(bench: Bench) -> list[Component]:
    """The steps as they stand."""
    upload, standing = bench.upload, bench.standing
    if upload is None:
        return [_steps(1), board(sending(bench.stores, bench.store))]
    token = dcc.Store(id=Import.TOKEN, data=upload.token)
    if standing and standing.running:
        return [_steps(3), token, board(_running(upload, standing))]
    if not upload.there:
        return [_steps(4), token, board(*_ended(upload, standing))]
    told = _so_far(upload, standing)
    shown = [*told, *columns(upload, bench.stores)]
    return [_steps(3 if told else 2), token, board(*shown), _buttons(upload, checked=bool(told))]


def _steps(now: int) -> Component:
    """Where one is among the steps."""
    names = (_("File"), _("Columns"), _("Check and import"), _("Result"))
    return html.Ol(
        [
            html.Li(name, **attributes(aria_current="step" if place == now else None))
            for place, name in enumerate(names, start=1)
        ],
        className="steps",
    )


def _running(upload: Upload, standing: Standing) -> Component:
    doing = _("Checking {file}" if standing.dry else "Importing {file}", file=upload.name)
    share = standing.lines / standing.all_lines if standing.all_lines else 0
    far = _(
        "{lines} of {all} lines",
        lines=formats.number(standing.lines),
        all=formats.number(standing.all_lines),
    )
    return card(
        doing,
        html.Progress(value=f"{share:.3f}", max="1", className="far", **attributes(aria_label=far)),
        html.P(
            far if standing.all_lines else _("Beginning …"), className="headline", role="status"
        ),
        html.P(
            _("You may leave this page: it goes on, and you find it here again."), className="note"
        ),
        width="full",
    )


def _so_far(upload: Upload, standing: Standing | None) -> list[Component]:
    """What came of a check, or of an import that was broken off."""
    if standing is None:
        return []
    if standing.result is None:
        return [card(_("This did not work"), _why(standing), width="full")]
    words = _("This was a check: nothing is stored yet. Press Import to read the file in.")
    return [
        outcome(
            _("What an import would do"),
            message(words, "info"),
            *_found(standing.result, urls.refused(), checked=True),
        )
    ]


def _ended(upload: Upload, standing: Standing | None) -> list[Component]:
    again = html.Div([_button("another", _("Import another file"), "btn-primary")])
    if standing is None or standing.result is None:
        return [card(_("This did not work"), _why(standing), again, width="full")]
    result = standing.result
    return [
        outcome(
            _("{file} was read in", file=upload.name),
            *_found(result, urls.refused(result.batch)),
            html.Div([again, *link_to_records(upload.kind)], className="import-next"),
        )
    ]


def _found(result: ImportResult, href: str, *, checked: bool = False) -> list[Component]:
    return [
        counts(result.counts(), result.skipped),
        *(message(said(notice), "warn") for notice in result.notices),
        *refused_rows(result.refusals, result.refused, href, checked=checked),
        *warnings(result.doubts, result.warnings - len(result.notices)),
    ]


def _why(standing: Standing | None) -> Component:
    """Why nothing came of it, and what to do."""
    if standing and standing.trouble:
        return message(said(standing.trouble), "bad")
    if standing and standing.reference:
        words = _(
            "Something went wrong on our side. The reference is {reference}. What was read until "
            "then is stored; reading the file again goes on from there.",
            reference=standing.reference,
        )
        return message(words, "bad")
    words = _(
        "The reading was broken off. What was read until then is stored; reading the file again "
        "goes on from there."
    )
    return message(words, "bad")


def _buttons(upload: Upload, *, checked: bool) -> Component:
    """What may be done next, always in view."""
    able = [
        _button("check", _("Check only"), "btn-outline-primary"),
        _button("import", _("Import"), "btn-primary"),
    ]
    return html.Div(
        [
            html.Span(f"{kind_name(upload.kind)} · {upload.name}", className="import-name"),
            _button("another", _("Another file"), "btn-outline-primary"),
            _button(
                "look",
                [icon("arrow-clockwise"), _("Look again")],
                "btn-outline-primary" if upload.preview else "btn-primary",
            ),
            *(able if upload.preview else ()),
        ],
        className="import-bar",
    )


def _button(do: str, words: Any, look: str) -> Component:
    return html.Button(
        words,
        id=ids.import_step(do),
        type="button",
        className=f"btn {look}",
    )
