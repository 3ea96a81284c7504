"""Somebody signed in, asking for pages as a browser does, without the browser."""

import json
from collections.abc import Mapping
from typing import Any

from dashboard.app import House
from dashboard.widgets import parts

ROUTER = "_pages_content"
SAVED = "notice-good"
GRID = {"startRow": 0, "endRow": 100, "sortModel": [], "filterModel": {}}


class Visit:
    """A visit: every method is one request, answered by the whole application.

    It is the one in this process, unless `browser` asks another.
    """

    def __init__(self, app: House, login: str, password: str, browser: Any = None) -> None:
        self._callbacks = app.callback_map
        self._browser = browser or app.server.test_client()
        self._browser.get("/login")
        form = {"login": login, "password": password, "csrf_token": self._token()}
        assert self._browser.post("/login", data=form).status_code == 303
        self.open("/")

    def open(self, path: str) -> None:
        """The HTML that a browser begins with."""
        assert self._browser.get(path).status_code == 200

    def route(self, path: str, search: str = "") -> str:
        """What the page at `path` consists of."""
        return self._ask(ROUTER, "", {"pathname": path, "search": search})

    def frame(self, part: str, search: str = "") -> str:
        """What a part of the frame shows for the query `search`."""
        return self._ask(part, "", {"search": search})

    def card(self, kind: str, name: str, search: str = "") -> str:
        """What is in a card; `kind` is drawing, tile, table or listing."""
        return self._ask(repeated(kind), name, {"search": search})

    def save(self, body: dict[str, Any]) -> None:
        """Send a form; that it is saved is told."""
        assert SAVED in self._post(body)

    def _ask(self, part: str, name: str, values: Mapping[str, str]) -> str:
        return self._post(asking(self._callbacks, part, name, values))

    def _post(self, asked: dict[str, Any]) -> str:
        headers = {"X-CSRFToken": self._token()}
        answer = self._browser.post("/_dash-update-component", json=asked, headers=headers)
        fine = answer.status_code in (200, 204) and parts.FAILED not in answer.text
        assert fine, f"{asked['output']}: {answer.text}"
        return str(answer.text)

    def _token(self) -> str:
        cookie = self._browser.get_cookie("_csrf_token")
        return cookie.value if cookie else ""


def asking(
    callbacks: Mapping[str, Any], part: str, name: str, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The call by which a page fills the component `part` called `name`."""
    output, callback = _filling(callbacks, part)
    outputs = [_named(one, name) for one in _outputs(output)]
    known = {"getRowsRequest": GRID, "n_intervals": 1, **values}
    return {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "inputs": [_valued(_named(one, name), known) for one in callback["inputs"]],
        "state": [_valued(_named(one, name), known) for one in callback["state"]],
        "changedPropIds": [_changed(_named(callback["inputs"][0], name))],
    }


def repeated(kind: str) -> str:
    """Any card's part of this kind: drawing, tile, table or listing."""
    return f'{{"name":["MATCH"],"type":"{kind}"}}'


def _filling(callbacks: Mapping[str, Any], part: str) -> tuple[str, Any]:
    """The callback that fills the component `part` first."""
    return next(
        (output, callback)
        for output, callback in callbacks.items()
        if output.startswith((f"{part}.", f"..{part}.")) and "callback" in callback
    )


def _outputs(written: str) -> list[dict[str, str]]:
    """What a callback fills: `id.property`, or several as `..id.property...id.property..`."""
    several = written[2:-2].split("...") if written.startswith("..") else [written]
    parts = (one.rpartition(".") for one in several)
    return [{"id": identity, "property": name} for identity, _, name in parts]


def _changed(part: Mapping[str, Any]) -> str:
    """How a browser names an input: a repeated part by its keys, in the order of the alphabet."""
    identity = part["id"]
    if not isinstance(identity, str):
        identity = json.dumps(identity, sort_keys=True, separators=(",", ":"))
    return f"{identity}.{part['property']}"


def _named(part: Mapping[str, str], name: str) -> dict[str, Any]:
    """The component meant by a pattern: the one called `name`."""
    identity: Any = str(part["id"])
    if identity.startswith("{"):
        identity = {key: name if value == ["MATCH"] else value
                    for key, value in json.loads(identity).items()}  # fmt: skip
    return {"id": identity, "property": part["property"]}


def _valued(part: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    value = part["id"] if part["property"] == "id" else known.get(part["property"])
    return {**part, "value": value}
