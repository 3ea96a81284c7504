"""The gate: whatever a browser sends to a callback is looked at before the callback sees it."""

import json
from copy import deepcopy

import pytest

from dashboard import gate
from dashboard.doors import BY_KEY, EVERYBODY, SIGNED_IN, declared
from data.person import Right
from tests.torture.asking import CALL, Asker, bodies

pytestmark = pytest.mark.usefixtures("standing_still")

OPEN_FILES = {"bootstrap.static", "_dash_assets.static"}
SEARCH = "shell-url.search"


@pytest.fixture(scope="module")
def url(demo_in, tmp_path_factory):
    return demo_in(tmp_path_factory.mktemp("gate"))


@pytest.fixture
def manager(application):
    return Asker(application.server, "manager1")


@pytest.fixture
def agent(application):
    return Asker(application.server, "agent1")


def test_every_callback_says_who_may_call_it(application):
    silent = [
        output
        for output, entry in application.callback_map.items()
        if "callback" in entry and not declared(entry["callback"])
    ]
    assert silent == []


def test_every_route_says_who_may_ask(application):
    views = application.server.view_functions
    silent = [name for name, view in views.items() if not declared(view)]
    assert set(silent) == OPEN_FILES


def test_who_may_is_a_right_or_one_of_the_known_words(application):
    known = {EVERYBODY, SIGNED_IN, BY_KEY, *Right}
    entries = [e["callback"] for e in application.callback_map.values() if "callback" in e]
    for function in (*entries, *application.server.view_functions.values()):
        assert {*declared(function)} <= known


def test_nobody_calls_a_callback_without_a_login(application):
    stranger = Asker(application.server)
    for body in bodies(application.callback_map).values():
        assert stranger.call(body).status_code == 401


def test_a_call_that_fits_is_let_through(application, manager):
    body = bodies(application.callback_map)["filter-own-period.className"]
    body["inputs"][0]["value"] = "own"
    answer = manager.call(body, **{"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200
    assert answer.json["response"]["filter-own-period"]["className"] == "own-period"


def without(body, key):
    return {name: value for name, value in body.items() if name != key}


def changed(body, path, value):
    """A copy of `body` with something else at `path`."""
    copy = deepcopy(body)
    place = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return copy


WRONG = {
    "no callback of ours": lambda body: body | {"output": "nothing.here"},
    "an output that is no text": lambda body: body | {"output": ["a"]},
    "no output": lambda body: without(body, "output"),
    "no inputs": lambda body: without(body, "inputs"),
    "no word of what changed": lambda body: without(body, "changedPropIds"),
    "something else changed": lambda body: body | {"changedPropIds": ["shell-url.href"]},
    "a part of another pattern changed": lambda body: (
        body | {"changedPropIds": ['{"name":"x","type":"table"}.n_clicks']}
    ),
    "what changed is no id": lambda body: body | {"changedPropIds": ["{.n_clicks", 7, None]},
    "what changed is no list": lambda body: body | {"changedPropIds": 7},
    "one input too many": lambda body: body | {"inputs": [*body["inputs"], body["inputs"][0]]},
    "one too few": lambda body: body | {"inputs": body["inputs"][1:]},
    "inputs that are none": lambda body: body | {"inputs": "abc"},
    "another id": lambda body: changed(body, ["inputs", 0, "id"], "shell-fresh"),
    "another property": lambda body: changed(body, ["inputs", 0, "property"], "href"),
    "an id that is no id": lambda body: changed(body, ["inputs", 0, "id"], {"a": 1}),
    "a list for one input": lambda body: changed(body, ["inputs", 0], [body["inputs"][0]]),
    "a value of another type": lambda body: changed(body, ["inputs", 0, "value"], {"a": 1}),
    "a part that calls itself otherwise": lambda body: changed(
        body, ["state", 0, "value"], {"name": "other", "type": "drawing"}
    ),
    "a part with other keys": lambda body: changed(body, ["state", 0, "id"], {"name": "x"}),
    "another part for the output": lambda body: changed(
        body, ["outputs", 0, "id"], {"name": "other", "type": "drawing"}
    ),
    "no outputs": lambda body: without(body, "outputs"),
    "too large a number": lambda body: changed(body, ["inputs", 2, "value"], 2**60),
    "nested too deep": lambda body: body | {"more": deep(40)},
    "a list": lambda body: [body],
    "nothing": lambda body: None,
}


def deep(levels):
    return [] if levels == 0 else [deep(levels - 1)]


@pytest.fixture
def draws(application):
    """The call that draws a chart."""
    found = next(
        body
        for output, body in bodies(application.callback_map).items()
        if '"drawing"' in output and application.callback_map[output]["callback"].__name__ == "draw"
    )
    named = json.loads(json.dumps(found).replace('"x"', '"complaints-ageing"'))
    return changed(named, ["inputs", 0, "value"], "")


def test_the_call_they_are_made_from_fits(manager, draws):
    assert manager.call(draws).status_code == 200


def test_a_part_that_went_away_meanwhile_may_have_changed(application, manager):
    body = bodies(application.callback_map)["shell-faults.data"]
    body["inputs"][0]["value"] = body["inputs"][1]["value"] = ""
    body["inputs"][2] = []  # the page was left before its marks were looked at
    keys = json.loads(application.callback_map["shell-faults.data"]["inputs"][2]["id"])
    gone = {key: "x" if isinstance(value, list) else value for key, value in keys.items()}
    body["changedPropIds"] = [f"{json.dumps(gone)}.id"]
    assert manager.call(body).status_code in (200, 204)


@pytest.mark.parametrize("wrong", WRONG)
def test_what_no_page_sends_is_400(manager, draws, wrong):
    answer = manager.call(WRONG[wrong](draws))
    assert answer.status_code == 400
    assert "not understood" in answer.text


@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 5000, '{"output": NaN}', "\xff", '{"output": 1e999}', "null", "7" * 9999],
)
def test_what_is_no_json_is_400(manager, text):
    assert manager.call(text).status_code == 400


def test_only_json_is_read(manager, draws):
    answer = manager.call(draws, **{"Content-Type": "text/plain"})
    assert answer.status_code == 400


def test_dash_s_other_ways_to_call_are_closed(manager, draws):
    for query in ("?cancelJob=1", "?job=1", "?cacheKey=x"):
        headers = {"X-CSRFToken": manager.token}
        assert manager.client.post(CALL + query, json=draws, headers=headers).status_code == 400


def test_who_lacks_the_right_is_403_before_anything_is_done(application, agent, manager):
    body = next(
        body
        for output, body in bodies(application.callback_map).items()
        if application.callback_map[output]["callback"].open_to == (Right.SEE_PEOPLE,)
    )
    body = changed(body, ["state", 0, "value"], 1)
    assert agent.call(body).status_code == 403
    assert manager.call(body).status_code == 200


def test_a_poll_is_told_from_a_click():
    assert {SEARCH} - gate.OF_ITSELF == {SEARCH}
    assert "shell-refresh.n_intervals" in gate.OF_ITSELF
