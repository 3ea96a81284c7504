"""Asking as a page does: a browser without a screen, and calls that fit what is declared."""

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from flask import Flask
from flask.testing import FlaskClient

from data.demo.stores import PASSWORD

CALL = "/_dash-update-component"
ALL_OF = ("ALL", "ALLSMALLER")


class Asker:
    """Somebody at a browser: signed in, and with the token that forms send back."""

    def __init__(self, server: Flask, login: str | None = None) -> None:
        self.client: FlaskClient = server.test_client()
        self.client.get("/login")
        if login:
            form = {"login": login, "password": PASSWORD, "csrf_token": self.token}
            assert self.client.post("/login", data=form).status_code == 303
            self.client.get("/definitions")  # the new session's token comes with a page

    @property
    def token(self) -> str:
        """What a form sends back as its token."""
        cookie = self.client.get_cookie("_csrf_token")
        assert cookie is not None
        return cookie.value

    def call(self, body: Any, **more: Any) -> Any:
        """Call a callback with `body`, as text if it is text."""
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = {"X-CSRFToken": self.token, "Content-Type": "application/json"}
        return self.client.post(CALL, data=data, headers=headers | more)


def bodies(callbacks: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """For each callback that runs here, a call that fits; every value is missing."""
    return {
        output: {
            "output": output,
            "outputs": _outputs(entry),
            "inputs": [_asked(each) for each in entry["inputs"]],
            "state": [_asked(each) for each in entry["state"]],
            "changedPropIds": [],
        }
        for output, entry in callbacks.items()
        if "callback" in entry
    }


def leaves(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each input and state of a call, those of a repeated part one by one."""
    for each in (*body["inputs"], *body["state"]):
        yield from each if isinstance(each, list) else [each]


def text_of(answer: bytes) -> str:
    """What a person reads of it: workbooks are unpacked, and JSON is read."""
    if answer.startswith(b"PK"):
        with ZipFile(BytesIO(answer)) as book:
            return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    try:
        return json.dumps(json.loads(answer), ensure_ascii=False)
    except ValueError:
        return answer.decode("utf-8", "replace")


def _outputs(entry: Mapping[str, Any]) -> Any:
    wanted = entry["output"]
    several = isinstance(wanted, list | tuple)
    found = [
        _asked({"id": one.component_id_str(), "property": one.component_property})
        for one in (wanted if several else [wanted])
    ]
    return found if several else found[0]


def _asked(spec: Mapping[str, Any]) -> Any:
    pattern = str(spec["id"])
    if not pattern.startswith("{"):
        return {"id": pattern, "property": spec["property"]}
    keys = json.loads(pattern)
    repeated = any(isinstance(value, list) and value[0] in ALL_OF for value in keys.values())
    one = {"id": _some_id(keys), "property": spec["property"]}
    if spec["property"] == "id":
        one["value"] = dict(one["id"])
    return [one] if repeated else one


def _some_id(keys: Mapping[str, Any]) -> dict[str, Any]:
    return {key: "x" if isinstance(value, list) else value for key, value in keys.items()}
