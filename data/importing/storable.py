"""Text as both databases and every screen take it."""

from data.importing.values import CONTROL


def storable(text: str) -> str:
    """`text` with � where a character cannot be stored."""
    return CONTROL.sub("�", text)
