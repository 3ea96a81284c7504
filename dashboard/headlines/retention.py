"""Headlines of who stays: where the vehicles stand, who moved, and when they come again."""

from typing import Any

from pandas import DataFrame

from dashboard import formats
from dashboard.headlines.changes import judged
from dashboard.i18n import _
from data.lookups import Target
from data.metrics import Answer

ENOUGH = 30
MARKS = {"month": (3, 6, 12), "quarter": (1, 2, 4)}
CLASSES = ("active", "at_risk", "dormant", "lost")
AWAY = {(of, to) for place, of in enumerate(CLASSES) for to in CLASSES[place + 1 :]}
BACK = {(of, "active") for of in CLASSES[1:]}


def gap_classes(answer: Answer, _target: Target | None) -> str | None:
    """How many of all vehicles are active, and how many have stayed away for a year."""
    told = answer.summary
    if not told.get("vehicles"):
        return None
    return _(
        "Of {n} vehicles ever seen, {active} are active ({active_share}); {lost} have not come "
        "for more than twelve months ({lost_share}).",
        n=formats.number(told["vehicles"]),
        active=formats.number(told["active"]),
        active_share=formats.percent(told["active"] / told["vehicles"], 0),
        lost=formats.number(told["lost"]),
        lost_share=formats.percent(told["lost"] / told["vehicles"], 0),
    )


def visit_classes(answer: Answer, _target: Target | None) -> str | None:
    """How many come often, how many did not come at all, and how many reach the yardstick."""
    told, counts = answer.summary, _counts(answer.frame, "class")
    if not told.get("vehicles"):
        return None
    n = told["vehicles"]
    return _(
        "Of {n} vehicles ever seen, {none} did not come in twelve months and {once} came once; "
        "{often} came five times or more.",
        n=formats.number(n),
        none=formats.percent(counts.get("D", 0) / n, 0),
        once=formats.percent(counts.get("C", 0) / n, 0),
        often=formats.number(told["five_or_more"]),
    )


def class_flows(answer: Answer, _target: Target | None) -> str | None:
    """Who moved in the last finished quarter: drifted away, came back, or came first."""
    rows = answer.frame
    over = rows[rows["finished"].astype(bool)]
    if over.empty:
        return None
    last = over["period"].max()
    moved = {(of, to): n for of, to, n in _moves(over[over["period"] == last])}
    before = sum(n for (of, _to), n in moved.items() if of != "new")
    return _(
        "In {period}, of {n} vehicles {away} drifted a class further away, {lost} of them to "
        "lost; {back} came back to active and {new} came for the first time.",
        period=formats.period(last, "quarter"),
        n=formats.number(before),
        away=formats.number(_sum(moved, AWAY)),
        lost=formats.number(_sum(moved, AWAY, "lost")),
        back=formats.number(_sum(moved, BACK)),
        new=formats.number(sum(n for (of, _to), n in moved.items() if of == "new")),
    )


def _moves(rows: DataFrame) -> list[tuple[str, str, int]]:
    return list(zip(rows["from"], rows["to"], rows["count"].astype(int), strict=True))


def _sum(moved: dict[tuple[str, str], int], ways: set[tuple[str, str]], to: str = "") -> int:
    return sum(n for way, n in moved.items() if way in ways and to in ("", way[1]))


def cohort_map(answer: Answer, _target: Target | None) -> str | None:
    """How many of all cohorts came at an early and at a late mark, of how many."""
    told, sums = answer.summary, _pooled(answer.frame)
    marks = [mark for mark in MARKS[told["grain"]] if mark in sums]
    if not marks:
        return _("No cohort is old enough yet to say how many came again.")
    said = [_of(mark, *sums[mark]) for mark in dict.fromkeys((marks[0], marks[-1]))]
    listed = "; ".join(_mark(told["grain"], told["mode"], part) for part in said)
    return _("All cohorts together: {listed}.", listed=listed)


def _pooled(frame: DataFrame) -> dict[int, tuple[int, int]]:
    """By period: how many came, and of how many, over the cells that are finished."""
    over = frame[frame["value"].notna()]
    sums = over.groupby("period")[["active", "size"]].sum()
    return {
        int(period): (int(active), int(size))
        for period, active, size in sums.reset_index().itertuples(index=False)
    }


def _of(mark: int, active: int, size: int) -> dict[str, Any]:
    share = formats.percent(active / size if size else None)
    return {"mark": mark, "share": share, "n": formats.number(size)}


def _mark(grain: str, mode: str, part: dict[str, Any]) -> str:
    return {
        ("month", "exact"): _("{share} of {n} came in month {mark}", **part),
        ("month", "rolling"): _("{share} of {n} came in month {mark} or later", **part),
        ("quarter", "exact"): _("{share} of {n} came in quarter {mark}", **part),
        ("quarter", "rolling"): _("{share} of {n} came in quarter {mark} or later", **part),
    }[grain, mode]


def cohort_curves(answer: Answer, _target: Target | None) -> str | None:
    """Whether the newest cohort that can be judged is apart from the others by more than chance."""
    told, rows = answer.summary, answer.frame
    if told["mode"] == "rolling":
        return _("Newer cohorts have had less time to come later: lower lines are no change.")
    marks = rows["period"].isin(MARKS[told["grain"]])
    known = rows[rows["value"].notna() & (rows["size"] >= ENOUGH) & marks]
    found = _latest(known)
    if found is None:
        return _("Too few finished cohorts of 30 and more vehicles to compare.")
    others = known[(known["period"] == found["period"]) & (known["cohort"] != found["cohort"])]
    median = float(others["value"].astype(float).median())
    gaps = {
        "cohort": formats.period(found["cohort"], told["grain"]),
        "value": formats.percent(found["value"]),
        "n": formats.number(found["size"]),
        "median": formats.percent(median),
        "cohorts": formats.number(len(others)),
        "when": _period(told["grain"], int(found["period"])),
    }
    if found["ci_low"] <= median <= found["ci_high"]:
        return _(
            "No real difference: of the newest cohort ({cohort}) {value} of {n} came {when}, as "
            "the median of {cohorts} earlier ones ({median}) within chance.",
            **gaps,
        )
    return _(
        "The newest cohort ({cohort}) is apart by more than chance: {value} of {n} came {when}, "
        "the median of {cohorts} earlier ones is {median}.",
        **gaps,
    )


def _latest(known: DataFrame) -> Any:
    """The latest mark of the newest cohort that has earlier ones to be compared with."""
    counts = known.groupby("period")["cohort"].nunique()
    enough = known[known["period"].isin(counts[counts > 3].index)]
    if enough.empty:
        return None
    newest = enough[enough["cohort"] == enough["cohort"].max()]
    return newest.sort_values("period").iloc[-1]


def _period(grain: str, n: int) -> str:
    return _("in quarter {n}", n=n) if grain == "quarter" else _("in month {n}", n=n)


def retention_at(answer: Answer, target: Target | None) -> str | None:
    """Whether the share that came at one interval changes from cohort to cohort."""
    told = answer.summary
    if not told.get("denominator"):
        return None
    fact = _(
        "{value} of {n} vehicles came {when} after their first visit",
        value=formats.percent(told["value"]),
        n=formats.number(told["denominator"]),
        when=_period(told["grain"], int(told["after"])),
    )
    return judged(answer, fact, "", target)


def return_curve(answer: Answer, _target: Target | None) -> str | None:
    """When half are back, and how many after half a year and a year."""
    told = answer.summary
    if not told.get("gaps"):
        return None
    gaps = {
        "n": formats.number(told["gaps"]),
        "half_year": formats.percent(told.get("back_180"), 0),
        "year": formats.percent(told.get("back_365"), 0),
        "quarter": formats.percent(told.get("back_90"), 0),
    }
    if formats.missing(told.get("median_days")):
        return _(
            "Of {n} gaps {quarter} ended within 90 days, {half_year} within 180 and {year} within "
            "365; half of them have not ended yet.",
            **gaps,
        )
    return _(
        "Half come again within {median} days. Of {n} gaps {quarter} ended within 90 days, "
        "{half_year} within 180 and {year} within 365.",
        median=formats.number(told["median_days"]),
        **gaps,
    )


def _counts(frame: DataFrame, label: str) -> dict[str, int]:
    return dict(zip(frame[label], frame["count"].astype(int), strict=True))
