"""What really changed: the numbers of the week, those with a signal first.

Beside each stands what became of last week's frozen number: late entries, and what is new.
"""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import formats, urls
from dashboard.headlines import changes
from dashboard.i18n import _, later
from dashboard.widgets import badge
from dashboard.widgets.parts import attributes, definition
from data.reviews import Minutes, Shown
from data.reviews.freezing import Compared, Part

REAL = {"better": "good", "worse": "bad", "change": "warn"}
SAID = {
    "better": later("Really better"),
    "worse": later("Really worse"),
    "change": later("Really changed"),
}


def shown(minutes: Minutes) -> list[Any]:
    """The numbers with a signal as cards, the others as a list."""
    real = [one for one in minutes.numbers if change(one) in REAL]
    rest = [one for one in minutes.numbers if change(one) not in REAL]
    cards = html.Div([_card(one) for one in real], className="review-signals")
    calm = html.P(_("No number of this week really changed: what differs is chance."))
    return [cards if real else calm, *([_list(rest, with_last=_any(minutes))] if rest else [])]


def change(one: Shown) -> str:
    """What the trend of the number signals; "lasting" where it has none."""
    return changes.change(one.trend, one.target) if one.trend is not None else "lasting"


def value(one: Shown) -> str:
    """The number in its unit."""
    return formats.measure(one.summary.get(one.number.value), one.number.unit)


def counted(one: Shown) -> str:
    """Of a rate, how many of how many."""
    told = one.summary
    if one.number.value != "value" or not told.get("denominator"):
        return ""
    n = formats.number(told["denominator"])
    if told.get("numerator") is None:
        return _("n = {n}", n=n)
    return _("{numerator} of {denominator}", numerator=formats.number(told["numerator"]),
             denominator=n)  # fmt: skip


def since(compared: Compared) -> str:
    """What became of a frozen number, with what late entries and new ones made of it."""
    unit = compared.number.unit
    then, now = (_part(part, unit) for part in (compared.then, compared.now))
    if compared.then.value is None and compared.now.value is None:
        return formats.NOTHING
    if not compared.moved:
        return _("{then}, unchanged", then=then)
    gaps = {"then": then, "now": now}
    if compared.by_late is None or compared.by_new is None:
        return _("frozen {then} → now {now}", **gaps)
    gaps["late"] = difference(compared.by_late, unit)
    gaps["new"] = difference(compared.by_new, unit)
    return _("frozen {then} → now {now}: {late} from late entries, {new} from new ones", **gaps)


def difference(by: float, unit: str) -> str:
    """A difference with its sign; of shares in points."""
    size = formats.number(abs(by) * 100, 1) if unit == "share" else formats.measure(abs(by), unit)
    nothing = not any(sign in size for sign in "123456789")
    signed = size if nothing else ("−" if by < 0 else "+") + size
    return _("{n} points", n=signed) if unit == "share" else signed


def _part(part: Part, unit: str) -> str:
    said = formats.measure(part.value, unit)
    if not part.denominator or part.numerator is None:
        return said
    of = {"numerator": formats.number(part.numerator), "n": formats.number(part.denominator)}
    return _("{value} ({numerator} of {n})", value=said, **of)


def _card(one: Shown) -> Component:
    found, title = change(one), _(one.number.title)
    fact = ", ".join(words for words in (value(one), counted(one)) if words)
    aim = _aim(one)
    why = (
        changes.judged(one.trend, fact, f" ({aim})" if aim else "", one.target) if one.trend else ""
    )
    last = _("Last week: {said}", said=since(one.compared)) if one.compared else ""
    return html.Section(
        [
            html.H3([title, " ", definition(one.number.metric.code, title)]),
            html.Div([html.Strong(value(one)), badge(_(SAID[found]), REAL[found])],
                     className="review-value"),
            html.P(why),
            html.P(last, className="note"),
        ],
        className=f"review-signal review-{REAL[found]}",
    )  # fmt: skip


def _list(rest: list[Shown], *, with_last: bool) -> Component:
    heads = [_("Figure"), _("This week"), _("Of how many"), _("Target"), _("Change")]
    heads += [_("Last week: frozen, and now")] if with_last else []
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody([_line(one, heads) for one in rest]),
        ],
        className="list review-numbers",
    )


def _line(one: Shown, heads: list[str]) -> Component:
    href = urls.definitions(one.number.metric.code)
    cells: list[Any] = [
        html.A(_(one.number.title), href=href),
        html.Strong(value(one)),
        counted(one) or formats.NOTHING,
        _met(one) or formats.NOTHING,
        QUIET[change(one)](),
        since(one.compared) if one.compared else formats.NOTHING,
    ]
    pairs = zip(cells[: len(heads)], heads, strict=True)
    return html.Tr([_cell(cell, head) for cell, head in pairs])


def _cell(cell: Any, head: str) -> Component:
    """A cell; narrow screens leave out what holds nothing."""
    look = "kind-link" if head == _("Figure") else "blank" if cell == formats.NOTHING else ""
    return html.Td(cell, className=look, **attributes(data_label=head))


QUIET = {
    "same": lambda: _("No real change"),
    "early": lambda: _("Too early to tell"),
    "few": lambda: _("Too few to tell a change"),
    "lasting": lambda: _("As of the review"),
}


def _met(one: Shown) -> Component | None:
    """Whether the target is met."""
    reached = one.summary.get(one.number.value)
    if one.target is None or reached is None:
        return None
    met = one.target.met(reached)
    return badge(formats.aim(one.target.value, one.number.unit), "good" if met else "bad")


def _aim(one: Shown) -> str:
    if one.target is None:
        return ""
    return _("target {value}", value=formats.aim(one.target.value, one.number.unit))


def _any(minutes: Minutes) -> bool:
    return any(one.compared for one in minutes.numbers)
