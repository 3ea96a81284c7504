"""Made-up keys (~4f2a91c03b7e) for people whose personal data were taken out.

A key is made from what it stands for and a secret of this installation: the same plate always
gives the same key, so visits stay countable and a file read in later is known again, but nobody
reads the plate from the key without the database.
"""

from collections.abc import Callable
from hashlib import blake2b

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Norm

CODE = "made_up_keys"  # where the secret is kept, once there is one
SIGN = "~"
LENGTH = 6  # bytes

Veil = Callable[[str], str]


def kept(session: Session) -> Veil | None:
    """How keys are made up here; None as long as nobody was made anonymous."""
    value = session.scalar(select(Norm.value).where(Norm.code == CODE))
    return _with(value["secret"]) if value else None


def begun(session: Session, secret: str) -> Veil:
    """The same; with `secret` where there is none yet."""
    if found := kept(session):
        return found
    session.add(Norm(code=CODE, value={"secret": secret}))
    session.flush()
    return _with(secret)


def _with(secret: str) -> Veil:
    key = secret.encode()[:64]

    def made_up(text: str) -> str:
        """The key that stands for `text`; one that was made up stays."""
        if text.startswith(SIGN):
            return text
        return SIGN + blake2b(text.encode(), key=key, digest_size=LENGTH).hexdigest()

    return made_up
