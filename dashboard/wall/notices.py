"""What the wall says of itself when something is wrong, in every language at once."""

from dashboard.i18n import LANGUAGES, _, speaking


def notices() -> dict[str, dict[str, str]]:
    """The sentences by language and occasion; {n} and {age} are filled in the browser."""
    return {code: _in(code) for code in LANGUAGES}


def _in(code: str) -> dict[str, str]:
    with speaking(code):
        return {
            "loading": _("The figures are on their way."),
            "asof": _("Figures of"),
            "written": _("Newest entry"),
            "stale": _("These figures are {age} old."),
            "minutes": _("{n} min"),
            "hours": _("{n} h"),
            "days": _("{n} d"),
            "offline": _("This screen has no network. What it shows stands still."),
            "server": _("The server does not answer. What is shown stands still."),
            "database": _("The database cannot be reached. What is shown stands still."),
            "signed_out": _("Signed out: nothing is shown. Sign in again."),
            "revoked": _("This screen was revoked. Ask whoever runs Aftercare for a new link."),
            "bad": _("Act now"),
            "warn": _("Watch"),
            "good": _("In order"),
            "quiet": _("No target"),
        }
