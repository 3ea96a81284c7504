"""What whoever sees figures and no people reads instead of a plate."""

from dashboard import formats
from data.person import Person, Right


def plate(said: str | None, reader: Person) -> str | None:
    """The plate for who may see people; for others the place it comes from."""
    if not said or reader.may(Right.SEE_PEOPLE):
        return said
    return formats.masked_plate(said)
