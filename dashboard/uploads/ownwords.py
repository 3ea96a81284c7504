"""A dealer's own words for an import: from a TOML file or chosen on the page, written as TOML."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any

from data.commands import Refused
from data.importing.kinds import KINDS
from data.importing.mapping import checked

LARGEST = 100_000  # bytes

OwnWords = Mapping[str, Any]


def read(content: bytes, kind: str) -> dict[str, Any]:
    """What the TOML file `content` says about tables of `kind`; Refused names what is wrong."""
    if len(content) > LARGEST:
        raise Refused("The mapping is too large: at most {most} KB.", most=LARGEST // 1000)
    try:
        found = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise Refused("The mapping is not TOML: {problem}.", problem=str(problem)[:200]) from None
    checked(found, KINDS[kind].words)
    return found


def with_columns(own: OwnWords, columns: Mapping[str, str]) -> dict[str, Any]:
    """`own`, with `columns` (heading to field, "" for a column not to be read) on top."""
    return {**own, "columns": {**own.get("columns", {}), **columns}} if columns else dict(own)


def with_order(own: OwnWords, order: str) -> dict[str, Any]:
    """`own`, with the order of day, month and year in dates written in figures; "" for unsaid."""
    return _with(own, "dates", "order", order)


def with_shared_phones(own: OwnWords, shared: bool) -> dict[str, Any]:
    """`own`, saying whether two customers may have one telephone."""
    return _with(own, "rules", "shared_phones", shared)


def _with(own: OwnWords, part: str, name: str, said: Any) -> dict[str, Any]:
    """`own` with one setting, or without it where it is said to be nothing."""
    settings = {key: one for key, one in own.get(part, {}).items() if key != name}
    settings |= {name: said} if said else {}
    rest = {key: one for key, one in own.items() if key != part}
    return rest | ({part: settings} if settings else {})


def plain(own: OwnWords) -> dict[str, Any]:
    """`own` without what it says about the columns and values of one kind of table."""
    return {name: said for name, said in own.items() if name not in ("columns", "values")}


def written(own: OwnWords) -> str:
    """`own` as TOML."""
    return "".join(f"{_text(name)} = {_value(said)}\n" for name, said in own.items())


def _value(said: Any) -> str:
    if isinstance(said, Mapping):
        inside = ", ".join(f"{_text(name)} = {_value(one)}" for name, one in said.items())
        return f"{{{inside}}}"
    if isinstance(said, list):
        return f"[{', '.join(map(_value, said))}]"
    if isinstance(said, bool | int):
        return json.dumps(said)
    return _text(str(said))


def _text(said: str) -> str:
    """A text as both JSON and TOML write it; DEL is the one sign they do not agree on."""
    return json.dumps(said, ensure_ascii=False).replace("\x7f", "\\u007f")
