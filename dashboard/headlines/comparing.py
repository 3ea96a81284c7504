"""Headlines of things side by side: which leads, which does worst."""

from typing import Any

from dashboard import formats
from dashboard.headlines.base import Headline
from dashboard.i18n import _, language
from dashboard.words import word
from data.lookups import Target
from data.metrics import Answer

ENOUGH = 30  # of fewer one does not say who does worst, if others can be judged


def heaviest(answer: Answer, _target: Target | None) -> str | None:
    """Which categories make up most of it, and whether the first is common."""
    rows = answer.frame
    if rows.empty:
        return None
    first = rows.iloc[0]
    gaps = {"name": first[_name_column()], "share": formats.percent(first["share"], 0)}
    if first.get("verdict") == "common":
        return _("{name} leads with {share}: more than chance, a common problem.", **gaps)
    return _("{name} leads with {share}; no category stands out beyond chance.", **gaps)


def most(label: str, words: str) -> Headline:
    """Which code of the list `words` is the most frequent."""

    def headline(answer: Answer, _target: Target | None) -> str | None:
        if answer.frame.empty:
            return None
        first = answer.frame.sort_values("count", ascending=False).iloc[0]
        name = word(words, "none" if formats.missing(first[label]) else first[label])
        total = int(answer.frame["count"].sum())
        count = formats.number(first["count"])
        return _("Most often: {name}, {count} of {total}.", name=name, count=count, total=total)

    return headline


def lowest(words: str) -> Headline:
    """Which of several does worst, where enough was counted to say so."""

    def headline(answer: Answer, _target: Target | None) -> str | None:
        rows = answer.frame[answer.frame["value"].notna()].sort_values("value")
        sure = rows[rows["denominator"] >= ENOUGH]
        rows = rows if sure.empty else sure
        if rows.empty:
            return None
        first = rows.iloc[0]
        gaps = {"name": named(first, words), "value": formats.percent(first["value"])}
        n = formats.number(first["denominator"])
        return _("Lowest: {name}, {value} of {n}.", n=n, **gaps)

    return headline


def named(row: Any, words: str) -> str:
    """What to call the key of a row: by its own name if it has one, else by the list `words`."""
    own = row.get(_name_column())
    if not formats.missing(own):
        return str(own)
    return word(words, "none" if formats.missing(row["key"]) else row["key"])


def _name_column() -> str:
    return "name_zh" if language() == "zh" else "name"
