"""What can go wrong with a message on its way. Codes; the words are in `dashboard.words`."""

from ssl import SSLCertVerificationError

UNREACHABLE = "unreachable"
UNTRUSTED = "untrusted"
NO_ENCRYPTION = "no_encryption"
LOGIN_REFUSED = "login_refused"
REFUSED = "refused"
BUSY = "busy"
REDIRECTED = "redirected"
NO_ANSWER = "no_answer"
NO_REPORT = "no_report"


class NotTaken(Exception):
    """The message surely did not arrive.

    code, number: what went wrong, and the other side's number for it. final: trying again would not
    help. shut: the other side is in trouble, so that others would not get through either.
    """

    def __init__(
        self, code: str, number: int | None = None, *, final: bool = False, shut: bool = False
    ) -> None:
        self.final, self.shut = final, shut
        super().__init__(code if number is None else f"{code} {number}")


class Unknown(Exception):
    """The connection ended before the other side said whether it took the message."""


def unreached(error: object) -> NotTaken:
    """There was no way to the other side, or nobody can say that it is the other side."""
    code = UNTRUSTED if isinstance(error, SSLCertVerificationError) else UNREACHABLE
    return NotTaken(code, shut=True)
