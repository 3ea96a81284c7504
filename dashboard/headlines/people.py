"""Headlines of scorecards: who lies beyond chance, if anybody does."""

from dashboard.i18n import _, several
from data.lookups import Target
from data.metrics import Answer

MOST_NAMED = 3


def people(answer: Answer, _target: Target | None) -> str | None:
    """Whether anybody stands out beyond chance, by name where they are few."""
    if answer.frame.empty:
        return None
    if not answer.summary["judged"]:
        return _("Too little was counted to judge anybody.")
    beyond = answer.frame[answer.frame["verdict"].isin(["above", "below"])]
    names = list(dict.fromkeys(beyond["name"]))
    if not names:
        return _("Nobody stands out beyond chance.")
    if len(names) > MOST_NAMED:
        return _("{n} people lie beyond the limits of chance.", n=len(names))
    told = _(", ").join(names)
    return several(
        "{names} lies beyond the limits of chance.",
        "{names} lie beyond the limits of chance.",
        n=len(names),
        names=told,
    )
