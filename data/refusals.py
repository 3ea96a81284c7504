"""Why something asked for is not done or not there, in words for the person who asked."""

from collections.abc import Sequence

from data.models import AdminEvent, Event


class Refused(Exception):
    """The command was understood and declined; the message is for the person who asked.

    `sentence` is whole, with {gaps} that `gaps` fill, so that it can be said in any language.
    """

    def __init__(self, sentence: str, **gaps: object) -> None:
        self.sentence, self.gaps = sentence, gaps
        super().__init__(sentence.format(**{name: _said(gap) for name, gap in gaps.items()}))


def _said(gap: object) -> object:
    return ", ".join(map(str, gap)) if isinstance(gap, list) else gap


class Forbidden(Refused):
    """The person's role does not include this."""


class NotFound(Refused):
    """There is no such row among the stores this person may see."""


class Conflict(Refused):
    """Somebody saved in between: `since` is what they did, oldest first, `version` what is now."""

    def __init__(self, since: Sequence[Event | AdminEvent], *, version: int) -> None:
        self.since, self.version = since, version
        super().__init__("Somebody else saved this in the meantime. Nothing of yours was written.")
