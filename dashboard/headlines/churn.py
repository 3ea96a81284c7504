"""Headlines of who leaves: how many, by which rule to tell, and what it costs."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from pandas import DataFrame

from dashboard import formats
from dashboard.frames import records
from dashboard.headlines.base import Headline
from dashboard.headlines.beside import apart, both
from dashboard.headlines.changes import judged
from dashboard.headlines.comparing import ENOUGH
from dashboard.i18n import _, several
from dashboard.words import FALSE_ALARMS, word
from data.lookups import Target
from data.metrics import Answer
from data.months import months_after

AGES = ("0", "1", "2", "3", "4", "5", "6", "7+")


def monthly_churn(months: int) -> Headline:
    """Of those that came `months` before, how many have not come since, held against the most
    there should be."""

    def headline(answer: Answer, target: Target | None) -> str | None:
        told = answer.summary
        if not told.get("denominator"):
            return None
        rows = answer.frame
        month = rows[rows["finished"].astype(bool) & rows["value"].notna()]["period"].iloc[-1]
        fact = _(
            "of {n} vehicles that came in {base}, {value} were not back by the end of {period}",
            n=formats.number(told["denominator"]),
            base=formats.period(months_after(month, -months), "month"),
            period=formats.period(month, "month"),
            value=formats.percent(told["value"]),
        )
        return judged(answer, fact, "", target) + _beside(told, target)

    return headline


def _beside(told: dict[str, Any], target: Target | None) -> str:
    """Whether the share is surely above or below the most there should be."""
    if target is None:
        return ""
    aim = formats.aim(target.value, "share")
    if told["ci_low"] > target.value:
        return _(" That is above the reference of at most {aim} by more than chance.", aim=aim)
    if told["ci_high"] <= target.value:
        return _(" That keeps the reference of at most {aim}.", aim=aim)
    return _(" It cannot be told apart from the reference of at most {aim}.", aim=aim)


def age_cliff(answer: Answer, _target: Target | None) -> str | None:
    """Between which two years of age most customers are lost, if any fall is more than chance."""
    rows = _known(answer.frame, AGES)
    years = [pair for pair in pairwise(rows) if _years(pair[1]) == _years(pair[0]) + 1]
    falls = [(apart(old, young), young, old) for young, old in years]
    if not falls:
        return _("Too few vehicles whose age is known to compare.")
    (gap, _low, high), young, old = min(falls, key=lambda fall: fall[0][0])
    gaps = {**both(young, old), "young": _age(young), "old": _age(old)}
    if gap >= 0 or high >= 0:
        return _(
            "No cliff can be told from chance: from one year of age to the next, the share that "
            "comes again never surely falls."
        )
    return _(
        "The steepest fall is from {young} to {old} of age: {before} of {n_before} came again, "
        "then {after} of {n_after}, {gap}.",
        gap=formats.points(gap),
        **gaps,
    )


def _years(row: dict[str, Any]) -> int:
    return int(row["key"].rstrip("+"))


def _age(row: dict[str, Any]) -> str:
    return several("{n} year", "{n} years", n=_years(row))


def warranty_cliff(answer: Answer, _target: Target | None) -> str | None:
    """Whether those whose warranty is over come again more rarely than those under warranty."""
    rows = {row["key"]: row for row in _known(answer.frame, ["in", "ended_lately", "out"])}
    out = rows.get("out") or rows.get("ended_lately")
    if "in" not in rows or out is None:
        return _("Too few vehicles whose warranty is known to compare.")
    gap, low, high = apart(out, rows["in"])
    gaps = {**both(rows["in"], out), "gap": formats.points(gap)}
    if low <= 0 <= high:
        return _(
            "No real difference: under warranty {before} of {n_before} came again, after it "
            "{after} of {n_after}.",
            **gaps,
        )
    return _(
        "Under warranty {before} of {n_before} came again, after it {after} of {n_after}: {gap}, "
        "more than chance.",
        **gaps,
    )


def _known(frame: DataFrame, order: Sequence[str]) -> list[dict[str, Any]]:
    """The rows in this order of which enough was counted."""
    rows = {str(row["key"]): row for row in records(frame)}
    return [rows[key] for key in order if key in rows and rows[key]["denominator"] >= ENOUGH]


def rules(answer: Answer, _target: Target | None) -> str | None:
    """Which rule to believe and why, beside the earliest rule that cannot be believed."""
    rows = {row["rule"]: row for row in records(answer.frame)}
    best = rows.get(answer.summary.get("believe") or "")
    if best is None:
        return _("Too few vehicles were flagged a year ago to say which rule to believe.")
    said = _(
        "Believe “{rule}”: of {then} vehicles it flagged a year ago, {value} came back by "
        "themselves within half a year ({low} to {high}), the others did not.",
        rule=word("away", best["rule"]),
        **_alarms(best),
    )
    return said + _why(best) + _hasty(rows, best) + _left_out(best)


def _why(best: dict[str, Any]) -> str:
    if best["ci_high"] > FALSE_ALARMS:
        return _(" Yet no rule is surely right in two of three cases.")
    return _(" No rule that flags more is surely right in two of three cases.")


def _alarms(row: dict[str, Any]) -> dict[str, str]:
    return {
        "then": formats.number(row["flagged_then"]),
        "value": formats.percent(row["false_alarms"], 0),
        "low": formats.percent(row["ci_low"], 0),
        "high": formats.percent(row["ci_high"], 0),
    }


def _hasty(rows: dict[str, dict[str, Any]], best: dict[str, Any]) -> str:
    """The rule with the most false alarms, if it surely has more than the one to believe."""
    others = [
        row
        for row in rows.values()
        if row["flagged_then"] >= ENOUGH and row["ci_low"] > best["ci_high"]
    ]
    if not others:
        return _(" The rules cannot be told apart beyond chance.")
    worst = max(others, key=lambda row: row["false_alarms"])
    return _(
        " “{rule}” is too hasty: {value} of {then} came back without a call.",
        rule=word("away", worst["rule"]),
        **_alarms(worst),
    )


def _left_out(row: dict[str, Any]) -> str:
    if not row.get("called"):
        return ""
    return _(" {n} that were called in between are left out.", n=formats.number(row["called"]))


def at_stake(answer: Answer, _target: Target | None) -> str | None:
    """What the vehicles that stay away brought in the year before, and where most of it lies."""
    told = answer.summary
    if not told.get("value"):
        return None
    most = answer.frame.sort_values("value", ascending=False).iloc[0]
    return _(
        "{vehicles} vehicles that stay away brought {value} in the year up to their last visit; "
        "{part} of it are “{name}”.",
        vehicles=formats.number(told["vehicles"]),
        value=formats.yuan(told["value"]),
        part=formats.percent(most["value"] / told["value"], 0),
        name=word("class", most["class"]),
    )


def lifetime(answer: Answer, _target: Target | None) -> str | None:
    """What a customer is worth by the formula, service apart, and what one really brought."""
    told = answer.summary
    if not told.get("value"):
        return None
    said = _(
        "By the formula of the house a customer is worth {value}, of which {service} is service "
        "and {cars} the cars bought again.",
        value=formats.yuan(told["value"]),
        service=formats.yuan(told["service_part"]),
        cars=formats.yuan(told["cars_part"]),
    )
    if formats.missing(told.get("observed_year")) or not told.get("vehicles"):
        return said
    return said + _(
        " Seen in the books: {observed} a year for each of {n} active vehicles.",
        observed=formats.yuan(told["observed_year"]),
        n=formats.number(told["vehicles"]),
    )
