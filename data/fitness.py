"""Whether what is in a database is ours to work with: not another program's, not a later one's."""

from sqlalchemy import Engine, inspect

from data.disk import OURS
from data.migrations import known, revision

BEHIND = "The database has not the tables of this version: run the upgrade."
NEWER = (
    "The database was made by a newer version of Aftercare (its step {step} is not known here): "
    "run that version, or restore a backup made by this one."
)
FOREIGN = (
    "The database holds tables of another program: "
    "give Aftercare one of its own with AFTERCARE_DATABASE_URL."
)


def unfit(engine: Engine) -> str | None:
    """Why this version must not touch what is in the database; None if it may."""
    # the names first: whoever makes the tables meanwhile makes the step together with them
    looking = engine.execution_options(aftercare_writing=False)
    if not (names := inspect(looking).get_table_names()):
        return None
    return misfit(revision(engine)) if OURS in names else FOREIGN


def misfit(step: str | None) -> str | None:
    """The same of a database of ours that stands at `step`."""
    return None if step is None or known(step) else NEWER.format(step=step)
