"""Sending what stands in the outbox: each message claimed first, then sent, then marked."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import structlog

from dashboard.delivery import hook, mail
from dashboard.delivery.troubles import NO_ANSWER, NotTaken, Unknown
from dashboard.settings import Settings
from dashboard.ways import channels
from data import db, outbox
from data.models import MessageChannel
from data.outbox import Letter
from data.person import SYSTEM

MOST = 50  # in one run, for other jobs wait meanwhile
SENDERS: dict[str, Callable[[Letter, Settings], None]] = {
    MessageChannel.MAIL: mail.send,
    MessageChannel.WEBHOOK: hook.post,
}


def deliver(settings: Settings, *, clock: Callable[[], datetime]) -> dict[str, int]:
    """Send what is due; how many were sent, failed, or are uncertain.

    When the other side is in trouble, the rest of its messages wait for the next run.
    """
    with db.reading(as_=SYSTEM) as session:
        waiting = outbox.due(session, now=clock(), channels=channels(settings), most=MOST)
    went, shut = Counter[str](), set[str]()
    for message_id, channel in waiting:
        if channel in shut:
            continue
        outcome, is_shut = _deliver(message_id, settings, clock)
        went[outcome] += 1
        shut |= {channel} if is_shut else set()
    return dict(went)


def _deliver(
    message_id: int, settings: Settings, clock: Callable[[], datetime]
) -> tuple[str, bool]:
    """How one message went, and whether the other side is in trouble."""
    with db.writing(by=SYSTEM) as session:
        letter = outbox.claim(session, message_id, now=clock())
    if letter is None:
        return "left to another", False
    trouble = _send(letter, settings)
    with db.writing(by=SYSTEM) as session:
        if trouble is None:
            outbox.sent(session, letter, now=clock())
            return "sent", False
        if isinstance(trouble, Unknown):
            outbox.uncertain(session, letter, trouble=str(trouble))
            return "uncertain", True
        final, said = trouble.final, str(trouble)
        outbox.failed(session, letter, now=clock(), trouble=said, final=final)
        return "failed", trouble.shut


def _send(letter: Letter, settings: Settings) -> NotTaken | Unknown | None:
    log = structlog.get_logger().bind(message=letter.id, channel=letter.channel)
    try:
        SENDERS[letter.channel](letter, settings)
    except (NotTaken, Unknown) as trouble:
        log.warning("message not sent", trouble=str(trouble), tries=letter.tries)
        return trouble
    except Exception as error:  # one that breaks must not hold up the others
        log.error("message broke", exc_info=error)
        return Unknown(NO_ANSWER)
    return None
