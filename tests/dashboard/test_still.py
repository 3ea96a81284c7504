"""Still content is one component, whatever stands in it."""

import json

import pytest
from dash import html
from plotly.io.json import to_json_plotly

from dashboard.widgets import link, still


def test_a_tree_is_one_component_with_tags_props_and_what_is_inside():
    cell = html.Td(["a", html.B("b")], className="end", **{"data-label": "Age"})
    told = json.loads(to_json_plotly(still(cell)))
    bold = {"tag": "b", "props": {}, "inside": "b"}
    tree = {"tag": "td", "props": {"className": "end", "data-label": "Age"}, "inside": ["a", bold]}
    assert told == {"namespace": "house", "type": "Still", "props": {"tree": tree}}


def test_several_parts_words_and_nothing_may_stand_still():
    tree = still([html.P("one"), "two", None, 3]).tree
    assert tree == [{"tag": "p", "props": {}, "inside": "one"}, "two", None, 3]


def test_a_link_of_ours_says_so():
    tree = still(link("Case 7", "/complaints/7", className="strong")).tree
    assert tree["tag"] == "link"
    assert (tree["props"]["href"], tree["inside"]) == ("/complaints/7", "Case 7")


def test_what_has_an_id_is_not_still():
    with pytest.raises(ValueError, match="save is not still"):
        still(html.Div(html.Button("Save", id="save")))
