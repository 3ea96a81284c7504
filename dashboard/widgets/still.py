"""Content in which nothing is asked or changed, as one component: Dash looks at each one again and
again, whatever happens on the page."""

from typing import Any

from dash.development.base_component import Component


class Still(Component):
    """A tree of HTML that the browser shows as it is (`house.js`): {tag, props, inside}, a list of
    such, or a text. A link within Aftercare has the tag "link"."""

    _namespace, _type = "house", "Still"
    _prop_names = ["tree"]  # noqa: RUF012  (as Dash has it)
    _valid_wildcard_attributes = []  # noqa: RUF012


def still(content: Any) -> Component:
    """The content as one component; ValueError if there is a part with an id in it."""
    return Still(tree=_plain(content))  # type: ignore[no-untyped-call]


def _plain(content: Any) -> Any:
    if isinstance(content, list | tuple):
        return [_plain(part) for part in content]
    if not isinstance(content, Component):
        return content
    said: Any = content.to_plotly_json()  # type: ignore[no-untyped-call]
    props = dict(said["props"])
    if "id" in props:
        raise ValueError(f"The part {props['id']} is not still: whoever has an id may change.")
    inside = _plain(props.pop("children", None))
    return {"tag": said["type"].lower(), "props": props, "inside": inside}
