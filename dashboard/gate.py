"""The gate: what a browser may send to a callback.

A browser may send anything, whatever the page shows: any callback, any id, any value. So what is
sent is compared with what the callback was declared with, down to the types of its arguments and
to who may call it, before anything is done with it.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from inspect import signature
from math import isfinite
from typing import Annotated, Any

import structlog
from flask import Flask, abort, current_app, g, request
from pydantic import Field, TypeAdapter, ValidationError

from dashboard import sessions
from dashboard.doors import SIGNED_IN, May, declared
from dashboard.ids import Import, Shell
from data.person import Right

DEEPEST, LARGEST_NUMBER = 32, 2**53  # a page sends far less; JavaScript knows no larger number
OF_ITSELF = {f"{Shell.REFRESH}.n_intervals", f"{Shell.FRESH}.data", f"{Import.TICK}.n_intervals"}
PATH = "/_dash-update-component"
CALLBACKS = "AFTERCARE_CALLBACKS"
KNOWN_ARGUMENTS = {"endId"}  # Dash marks its calls with it
REPEATED = (["ALL"], ["ALLSMALLER"])

Entry = Mapping[str, Any]
Path = Annotated[str, Field(pattern="^/")]


class Malformed(ValueError):
    """A request that no page of ours sends."""


def init(server: Flask, callbacks: Mapping[str, Entry]) -> None:
    """Guard these callbacks of `server`; whoever asks is known by then."""
    server.config[CALLBACKS] = callbacks


def pass_on() -> None:
    """Let a call of a callback through: 400 if no page sends such a thing, 403 without a right."""
    if request.path != PATH or request.method != "POST":
        return
    try:
        body = _body()
        entry = current_app.config[CALLBACKS].get(body["output"])
        function = entry["callback"]
        _fits(entry, body)
        allowed = declared(function)
        g.called = body["output"].partition("@")[0]
        _refuse_other_types(function, body)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        # our own words alone: others may hold what was sent
        why = str(error) if isinstance(error, Malformed) else type(error).__name__
        structlog.get_logger().info("refused", why=why)
        abort(400)
    if not lets(allowed):
        abort(403)
    g.of_itself = bool(body["changedPropIds"]) and {*body["changedPropIds"]} <= OF_ITSELF


def of_itself() -> bool:
    """Whether an open page asks by itself, without a person who does anything."""
    return bool(g.get("of_itself", False))


def lets(who: May) -> bool:
    """Whether the person who is signed in is among `who`."""
    person = sessions.current_person()
    return SIGNED_IN in who or any(isinstance(one, Right) and person.may(one) for one in who)


def _body() -> dict[str, Any]:
    if request.mimetype != "application/json" or {*request.args} - KNOWN_ARGUMENTS:
        raise Malformed("a callback is called with JSON and nothing else")
    body = json.loads(request.get_data(), parse_constant=_no_number)
    _refuse_what_is_too_deep(body)
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        raise Malformed("a callback is called by its output")
    return body


def _no_number(said: str) -> None:
    raise Malformed(f"{said} is no number")


def _refuse_what_is_too_deep(body: Any) -> None:
    layer = [body]
    for _depth in range(DEEPEST):
        layer = [inner for one in layer for inner in _inside(one)]
        if not layer:
            return
    raise Malformed("nested too deep")


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (*value, *value.values())
    elif isinstance(value, list):
        yield from value
    elif type(value) is int and abs(value) > LARGEST_NUMBER:
        raise Malformed("too large a number")
    elif type(value) is float and not isfinite(value):
        raise Malformed("no finite number")
    elif isinstance(value, str) and not value.isascii():
        value.encode()  # half a character is none


def _fits(entry: Entry, body: dict[str, Any]) -> None:
    """Raise Malformed unless ids and properties are those the callback was declared with."""
    known: dict[Any, Any] = {}
    for part in ("inputs", "state"):
        given = body.setdefault(part, [])
        _same_length(entry[part], given)
        for spec, one in zip(entry[part], given, strict=True):
            _like(str(spec["id"]), spec["property"], one, known)
    _outputs(entry, body, known)
    changed = body["changedPropIds"]
    if not isinstance(changed, list) or not all(_declared(entry, one) for one in changed):
        raise Malformed("something changed that is no input")


def _declared(entry: Entry, changed: Any) -> bool:
    """Whether what changed is an input; a part that the page took away meanwhile is one still."""
    part, _dot, name = str(changed).rpartition(".")
    given = {"id": _keys(part), "property": name}
    for spec in entry["inputs"]:
        with suppress(Malformed, KeyError, TypeError):
            _is(_keys(str(spec["id"])), spec["property"], given, {})
            return True
    return False


def _keys(part: str) -> Any:
    """The keys of a repeated part; the id of a single one."""
    return json.loads(part) if part.startswith("{") else part


def _outputs(entry: Entry, body: dict[str, Any], known: dict[Any, Any]) -> None:
    if entry["no_output"]:
        return
    several = isinstance(entry["output"], list | tuple)
    wanted = list(entry["output"]) if several else [entry["output"]]
    given = body["outputs"] if several else [body["outputs"]]
    _same_length(wanted, given)
    for output, one in zip(wanted, given, strict=True):
        _like(output.component_id_str(), output.component_property, one, known)


def _same_length(wanted: list[Any], given: Any) -> None:
    if not isinstance(given, list) or len(wanted) != len(given):
        raise Malformed("not as many as declared")


def _like(pattern: str, name: str, given: Any, known: dict[Any, Any]) -> None:
    """Compare one input, or all of a repeated one; `known` is what MATCH and ALL stood for."""
    keys = _keys(pattern)
    if not isinstance(keys, dict) or not any(value in REPEATED for value in keys.values()):
        return _is(keys, name, given, known)
    if not isinstance(given, list):
        raise Malformed("a repeated part comes as a list")
    for one in given:
        _is(keys, name, one, known)
    ids = [one["id"] for one in given]
    if known.setdefault(pattern, ids) != ids:
        raise Malformed("different parts for the same pattern")


def _is(keys: Any, name: str, given: Any, known: dict[Any, Any]) -> None:
    # Dash adds a mark where several callbacks write to one property
    if not isinstance(given, dict) or str(given.get("property")).partition("@")[0] != name:
        raise Malformed("another property")
    found = given["id"]
    if name == "id" and given.get("value", found) != found:
        raise Malformed("a part that calls itself otherwise")
    if not isinstance(keys, dict):
        return _equal(keys, found)
    _equal(sorted(keys), sorted(found))
    for key, wanted in keys.items():
        _key(key, wanted, found[key], known)


def _key(key: str, wanted: Any, found: Any, known: dict[Any, Any]) -> None:
    if type(found) not in (str, int):
        raise Malformed("no id")
    if wanted == ["MATCH"]:
        return _equal(known.setdefault((key, "MATCH"), found), found)
    if wanted not in REPEATED:
        _equal(wanted, found)


def _equal(wanted: Any, found: Any) -> None:
    if wanted != found:
        raise Malformed("another id")


def _refuse_other_types(function: Any, body: dict[str, Any]) -> None:
    given = [_value(one) for one in (*body["inputs"], *body["state"])]
    for (name, kind), value in zip(_types(function).items(), given, strict=True):
        try:
            kind.validate_python(value, strict=True)
        except ValidationError:
            raise Malformed(f"{function.__qualname__} takes no such {name}") from None


def _value(given: Any) -> Any:
    return [one.get("value") for one in given] if isinstance(given, list) else given.get("value")


@cache
def _types(function: Any) -> dict[str, TypeAdapter[Any]]:
    """What each argument of a callback may be, by its annotation; Dash's own takes an address."""
    if getattr(function, "__module__", "").startswith("dash."):
        words = TypeAdapter(str | None)
        return {"path": TypeAdapter(Path), "search": words, "shown": words}
    taken = signature(function, eval_str=True).parameters.values()
    return {one.name: TypeAdapter(one.annotation) for one in taken}
