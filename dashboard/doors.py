"""Who may call what: each callback and each route says so, and what does not say is closed."""

from collections.abc import Callable
from typing import Any, TypeVar

import dash

from data.person import Right

EVERYBODY, SIGNED_IN, BY_KEY = "everybody", "signed in", "by key"
May = tuple[str | Right, ...]
F = TypeVar("F", bound=Callable[..., Any])


def open_to(*who: str | Right) -> Callable[[F], F]:
    """Say who may call a function: EVERYBODY, SIGNED_IN, BY_KEY, or whoever has one of rights."""

    def declare(function: F) -> F:
        function.open_to = who  # type: ignore[attr-defined]
        return function

    return declare


def callback(*dependencies: Any, may: May, **options: Any) -> Callable[[F], F]:
    """Dash's callback, for whoever `may` call it; its annotations are the types that it takes."""

    def wire(function: F) -> F:
        dash.callback(*dependencies, **options)(open_to(*may)(function))
        return function  # plain, so that a test can call it

    return wire


def declared(function: Any) -> May:
    """Who may call `function`: those it says, for Dash's own whoever is signed in, else nobody."""
    if getattr(function, "__module__", "").startswith("dash."):
        return (SIGNED_IN,)
    found: May = getattr(function, "open_to", ())
    return found
