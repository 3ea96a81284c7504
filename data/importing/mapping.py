"""A dealer's own words: the TOML file that goes with an import."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.importing.headers import plain
from data.importing.reasons import FileRefused
from data.importing.values import fold

ORDERS = ("ymd", "mdy", "dmy")
EPOCHS = (1900, 1904)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """What a mapping says, checked.

    `columns`: heading to field, "" for a column that is not to be read. `order`: of numeric dates.
    `epoch`: 1900 or 1904 for plain numbers meant as days. `values`: {field: {word: value}}.
    `empty`: words for an empty cell. `shared_phones`: two customers may have one telephone.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    order: str | None = None
    epoch: int | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    shared_phones: bool = False


NONE = OwnWords()


def read_mapping(path: Path, fields: Mapping[str, Iterable[str]]) -> OwnWords:
    """The words in the TOML file at `path`; `fields` are the known fields with their words.

    FileRefused says which part of the file is wrong, and what is known instead.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise _wrong("it cannot be opened", str(problem.strerror)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise _wrong("it is not TOML", str(problem)) from None
    return checked(content, fields)


def checked(content: Mapping[str, Any], fields: Mapping[str, Iterable[str]]) -> OwnWords:
    """The same for what is already read."""
    _known("part", content, ("columns", "dates", "values", "empty", "rules"))
    dates = _part(content, "dates", ("order", "epoch"))
    rules = _part(content, "rules", ("shared_phones",))
    return OwnWords(
        columns=_columns(_table(content, "columns"), fields),
        order=_one_of("order", dates.get("order"), ORDERS),
        epoch=_one_of("epoch", dates.get("epoch"), EPOCHS),
        values=_values(_table(content, "values"), fields),
        empty=_empty(content.get("empty", {})),
        shared_phones=_one_of("shared_phones", rules.get("shared_phones"), (True, False)) or False,
    )


def _wrong(what: str, detail: str) -> FileRefused:
    return FileRefused("The mapping cannot be used: {what} ({detail}).", what=what, detail=detail)


def _known(what: str, given: Iterable[str], known: Iterable[str]) -> None:
    for word in given:
        if word not in known:
            raise FileRefused(
                "The mapping names the {what} “{word}”, which is not known. Known are: {known}.",
                what=what,
                word=word,
                known=", ".join(known),
            )


def _table(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = content.get(name, {})
    if not isinstance(found, dict):
        raise _wrong(f"[{name}] is not a table", repr(found))
    return found


def _part(content: Mapping[str, Any], name: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    found = _table(content, name)
    _known(f"[{name}] setting", found, known)
    return found


def _one_of(name: str, value: Any, known: tuple[Any, ...]) -> Any:
    if value is not None and value not in known:
        _known(name, [str(value)], [str(one) for one in known])
    return value


def _columns(given: Mapping[str, Any], fields: Mapping[str, Iterable[str]]) -> dict[str, str]:
    by_word = {plain(word): name for name, words in fields.items() for word in (*words, name)}
    for meant in given.values():
        if meant != "" and plain(meant) not in by_word:
            _known("field", [str(meant)], list(fields))
    return {heading: by_word.get(plain(meant), "") for heading, meant in given.items()}


def _values(
    given: Mapping[str, Any], fields: Mapping[str, Iterable[str]]
) -> dict[str, dict[str, str]]:
    _known("field", given, list(fields))
    for name in given:
        _table(given, name)
    return {
        name: {fold(word).lower(): str(value) for word, value in words.items()}
        for name, words in given.items()
    }


def _empty(given: Any) -> frozenset[str]:
    words = given.get("words", []) if isinstance(given, dict) else given
    if not isinstance(words, list):
        raise _wrong("[empty] words is not a list", repr(words))
    return frozenset(fold(word).lower() for word in words)
