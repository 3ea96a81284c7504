"""What the visitor's browser told us in cookies: its theme, and whether it is narrow."""

from flask import has_request_context, request

from dashboard import theme

NARROW = "narrow"


def chosen_theme() -> str | None:
    """ "light" or "dark" if the visitor chose; None leaves it to the browser."""
    found = _cookie(theme.COOKIE)
    return found if found in theme.THEMES else None


def is_narrow() -> bool:
    """Whether tables should be lists of cards, because the screen is a phone's."""
    return _cookie(NARROW) == "1"


def _cookie(name: str) -> str | None:
    return request.cookies.get(name) if has_request_context() else None
