"""A browser over the wire, asked as Flask's own test client is."""

from types import SimpleNamespace
from typing import Any

import requests


class Wire:
    """One connection to a site that stays open, and the cookies of whoever sits there."""

    def __init__(self, site: str) -> None:
        self._site, self._session = site, requests.Session()

    def get(self, path: str) -> requests.Response:
        """What is at an address."""
        return self._session.get(self._site + path)

    def post(self, path: str, **said: Any) -> requests.Response:
        """The answer to a form or a call."""
        return self._session.post(self._site + path, allow_redirects=False, **said)

    def get_cookie(self, name: str) -> SimpleNamespace | None:
        """A cookie of the site."""
        value = self._session.cookies.get(name)
        return SimpleNamespace(value=value) if value else None
