"""How the importer says what is wrong: whole sentences with gaps, to be said in any language."""

from typing import Any

from data.commands import Refused


class Reason:
    """A whole English sentence with {gaps} and what fills them; `str()` puts them together."""

    __slots__ = ("gaps", "sentence")

    def __init__(self, sentence: str, **gaps: object) -> None:
        self.sentence, self.gaps = sentence, gaps

    def __str__(self) -> str:
        return self.sentence.format(**self.gaps)

    def __repr__(self) -> str:
        return f"Reason({str(self)!r})"


class BadValue(Exception):
    """A cell that cannot be read; the row it stands in is refused with this reason."""

    def __init__(self, sentence: str, **gaps: object) -> None:
        self.reason = Reason(sentence, **gaps)
        super().__init__(sentence)

    def __str__(self) -> str:
        return str(self.reason)


class Doubtful:
    """A value that was read although somebody should look at it; counted as a warning."""

    __slots__ = ("reason", "value")

    def __init__(self, value: Any, sentence: str, **gaps: object) -> None:
        self.value, self.reason = value, Reason(sentence, **gaps)


class FileRefused(Refused):
    """The whole file cannot be read; nothing of it was stored."""
