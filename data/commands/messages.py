"""Messages that did not get through: sent once more because somebody says so."""

from datetime import datetime

from sqlalchemy.orm import Session

from data import events, outbox
from data.commands import NotFound, Refused, command
from data.models import Message
from data.outbox import WITHDRAWN, Standing
from data.person import Right

STUCK = (Standing.GIVEN_UP, Standing.UNCERTAIN)


@command(Right.ADMINISTER)
def retry(session: Session, *, message_id: int, now: datetime) -> None:
    """Send a message again that was given up, or of which nobody knows whether it arrived.

    It goes under its old name, so that whoever has got it can tell.
    """
    message = session.get(Message, message_id, with_for_update=True)
    if message is None:
        raise NotFound("There is no such message in your stores.")
    if events.already(session, message):
        return
    how = outbox.standing(message, now)
    if how not in STUCK:
        raise Refused("This message needs nobody: it was sent, or it is on its way.")
    if message.trouble == WITHDRAWN:
        raise Refused("This message was withdrawn: its subscription has ended.")
    said = {"standing": how.value, "trouble": message.trouble}
    outbox.again(message, now=now)
    session.flush()
    events.record(session, message, "sent_again", at=now, **said)
