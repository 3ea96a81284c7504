"""Headlines of what is done to keep customers: what calling brings, and mending a complaint."""

from typing import Any

from dashboard import formats
from dashboard.frames import records
from dashboard.headlines.comparing import ENOUGH
from dashboard.i18n import _, language
from dashboard.words import word
from data.lookups import Target
from data.metrics import Answer


def lift(answer: Answer, _target: Target | None) -> str | None:
    """Whether those called come more often than those not called, and than those held out."""
    told = answer.summary
    if not told.get("called") or formats.missing(told.get("low")):
        return None
    gaps = {
        "n": formats.number(told["called"]),
        "value": formats.percent(told["called_rate"], 0),
        "others": formats.number(told["not_called"]),
        "without": formats.percent(told["not_called_rate"], 0),
        **_span(told["lift"], told["low"], told["high"]),
    }
    return _calls(told, gaps) + _lot(told)


def _calls(told: dict[str, Any], gaps: dict[str, str]) -> str:
    if told["low"] <= 0 <= told["high"]:
        return _(
            "No real difference: {value} of {n} called came within 30 days, {without} of {others} "
            "not called; {gap} ({low} to {high}).",
            **gaps,
        )
    return _(
        "{value} of {n} called came within 30 days, {without} of {others} not called: {gap} ({low} "
        "to {high}), more than chance.",
        **gaps,
    )


def _lot(told: dict[str, Any]) -> str:
    """Those who were not called by lot: the only fair comparison."""
    if not told.get("held_out"):
        return _(" Nobody was held out by lot; who is not called may differ in other ways too.")
    gaps = {
        "n": formats.number(told["held_out"]),
        "share": formats.percent(told["held_out_came"] / told["held_out"], 0),
        **_span(*(told[f"held_out_{end}"] for end in ("lift", "low", "high"))),
    }
    if told["held_out_low"] <= 0 <= told["held_out_high"]:
        return _(
            " Beside the {n} held out by lot, the fair comparison ({share} came), nothing can be "
            "told: {gap} ({low} to {high}).",
            **gaps,
        )
    return _(
        " Beside the {n} held out by lot, the fair comparison ({share} came): {gap} ({low} to "
        "{high}).",
        **gaps,
    )


def recovery(answer: Answer, _target: Target | None) -> str | None:
    """Which ways to handle a complaint lose customers beside those without one."""
    rows = {row["group"]: row for row in records(answer.frame)}
    plain = rows.pop("none", None)
    if plain is None or not plain["denominator"]:
        return None
    known = [row for row in rows.values() if row["denominator"] and not formats.missing(row["low"])]
    said = _(
        "Without a complaint {value} of {n} came again.",
        value=formats.percent(plain["value"], 0),
        n=formats.number(plain["denominator"]),
    )
    apart = [row for row in known if row["low"] > 0 or row["high"] < 0]
    if not apart:
        return said + _(" Those with a complaint cannot be told apart from them.") + _few(known)
    return said + "".join(_differs(row) for row in apart) + _few(known)


def _differs(row: dict[str, Any]) -> str:
    return _(
        " {group}: {value} of {n}, {gap} ({low} to {high}).",
        group=word("recovery", row["group"]),
        value=formats.percent(row["value"], 0),
        n=formats.number(row["denominator"]),
        **_span(row["difference"], row["low"], row["high"]),
    )


def _few(rows: list[dict[str, Any]]) -> str:
    few = [f"“{word('recovery', row['group'])}”" for row in rows if row["denominator"] < ENOUGH]
    if not few:
        return ""
    return _(
        " Fewer than 30, so little can be said: {groups}.",
        groups=("、" if language() == "zh" else ", ").join(few),
    )


def _span(value: float, low: float, high: float) -> dict[str, str]:
    return {
        "gap": formats.points(value),
        "low": formats.in_points(low),
        "high": formats.in_points(high),
    }
