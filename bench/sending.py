"""What a page sends when somebody saves: the calls that write."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from dashboard import ids
from dashboard.ids import Call, Case

Body = dict[str, Any]


def assigning(callbacks: Mapping[str, Any], case: int, version: int, **typed: str) -> Body:
    """A complaint is given to somebody."""
    form = "assign"
    fields = {name: ids.field(form, name) for name in typed}
    return _called(
        _saving(callbacks),
        _part(ids.save(form), "n_clicks", 1),
        _part(ids.save(form), "id", ids.save(form)),
        [_part(fields[name], "value", said) for name, said in typed.items()],
        [_part(one, "id", one) for one in fields.values()],
        _part(ids.attempt(form), "data", uuid4().hex),
        _part(Case.ID, "data", case),
        _part(Case.VERSION, "data", version),
    )


def recording(about: Mapping[str, Any], version: int, **typed: str) -> Body:
    """A call is written down."""
    sent = {"way": "reached", "typed": typed, "used": [], "attempt": uuid4().hex}
    return _called(
        f"..{Call.BODY}.children...{Call.SAVED}.data..",
        _part(Call.SENT, "data", sent),
        _part(Call.ABOUT, "data", about),
        _part(Call.VERSION, "data", version),
    )


def _saving(callbacks: Mapping[str, Any]) -> str:
    """The callback that saves the forms of a complaint, by its output."""
    button = '{"form":["MATCH"],"type":"save"}'
    return next(
        output
        for output, one in callbacks.items()
        if output.startswith(f"{Case.BODY}.") and one["inputs"][0]["id"] == button
    )


def _called(output: str, pressed: Body, *state: Any) -> Body:
    filled = [
        dict(zip(("id", "property"), one.split(".", 1), strict=True))
        for one in output.strip(".").split("...")
    ]
    identity = pressed["id"]
    name = ids.as_html(identity) if isinstance(identity, dict) else identity
    return {
        "output": output,
        "outputs": filled if output.startswith("..") else filled[0],
        "inputs": [pressed],
        "state": [*state],
        "changedPropIds": [f"{name}.{pressed['property']}"],
    }


def _part(identity: Any, name: str, value: Any) -> Body:
    return {"id": identity, "property": name, "value": value}
