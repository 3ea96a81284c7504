"""Reports by mail, through the mail server of the house.

A message has the same Message-ID at every try, so that a mailbox that got it already can tell.
"""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP as FORMAT
from email.utils import format_datetime, formataddr
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog

from dashboard import i18n
from dashboard.delivery.troubles import (
    BUSY,
    LOGIN_REFUSED,
    NO_ANSWER,
    NO_ENCRYPTION,
    NO_REPORT,
    REFUSED,
    NotTaken,
    Unknown,
    unreached,
)
from dashboard.i18n import later
from dashboard.settings import Settings
from data.outbox import Letter

TIMEOUT_S = 20
NEAR = ("localhost", "127.0.0.1", "::1")
SUBJECTS = {
    "weekly": later("Weekly service review {period} · {store}"),
    "monthly": later("Monthly callback report {period} · {store}"),
}
WORDS = (
    later("The report of {store} for {period} is attached, with the figures as they stood then."),
    later("Aftercare sends it by itself. Your administrator can change or end the subscription."),
)


def send(letter: Letter, settings: Settings) -> None:
    """Hand a report over to the mail server; raises NotTaken or Unknown unless it was taken."""
    message = _written(letter, str(settings.mail_from))
    server = _greeted(settings)
    try:
        server.send_message(message)
    except smtplib.SMTPServerDisconnected as error:
        raise Unknown(NO_ANSWER) from error
    except smtplib.SMTPException as error:
        raise _refusal(error) from error
    except OSError as error:
        raise Unknown(NO_ANSWER) from error
    finally:
        with suppress(OSError):  # taken or not is settled by now
            server.quit()


def _written(letter: Letter, sender: str) -> EmailMessage:
    """The mail with its report."""
    try:
        report = _report(letter)
    except Exception as error:  # whatever it is: the mail was not sent, and is tried again
        structlog.get_logger().error("report broke", message=letter.id, exc_info=error)
        raise NotTaken(NO_REPORT) from error
    said = i18n.catalog(letter.data["language"]).gettext
    gaps = {"period": letter.data["period"], "store": letter.store_name}
    message = EmailMessage(policy=FORMAT)
    message["From"] = formataddr(("Aftercare", sender))
    message["To"] = letter.address
    message["Subject"] = said(SUBJECTS[letter.data["report"]]).format(**gaps)
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = f"<{letter.name}@{sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(said(words).format(**gaps) for words in WORDS) + "\n")
    main, _, sub = report.mimetype.partition("/")
    message.add_attachment(report.content, maintype=main, subtype=sub, filename=report.name)
    return message


def _report(letter: Letter) -> Any:
    """The report as the figures stood when it was due, the same at every try."""
    from dashboard import reports  # here alone: it takes seconds to load

    return reports.make(
        letter.data["report"],
        letter.data["period"],
        store=letter.store,
        language=letter.data["language"],
        ending=letter.data["format"],
        as_of=letter.created_at,
    )


def _greeted(settings: Settings) -> smtplib.SMTP:
    """The mail server, greeted, encrypted where it can be, signed in where we have a name."""
    assert settings.smtp_url is not None
    url = urlsplit(settings.smtp_url.get_secret_value())
    host, name = url.hostname or "", unquote(url.username or "")
    try:
        server = _reached(host, url.port, encrypted=url.scheme == "smtps")
    except OSError as error:
        raise unreached(error) from error
    try:
        _encrypt(server, encrypted=url.scheme == "smtps", needed=bool(name) and host not in NEAR)
        if name:
            server.login(name, unquote(url.password or ""))
    except NotTaken:
        server.close()
        raise
    except OSError as error:
        server.close()
        unknown = isinstance(error, smtplib.SMTPAuthenticationError)
        raise NotTaken(LOGIN_REFUSED, shut=True) if unknown else unreached(error) from error
    return server


def _reached(host: str, port: int | None, *, encrypted: bool) -> smtplib.SMTP:
    if encrypted:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port or 0, timeout=TIMEOUT_S, context=context)
    return smtplib.SMTP(host, port or 0, timeout=TIMEOUT_S)


def _encrypt(server: smtplib.SMTP, *, encrypted: bool, needed: bool) -> None:
    """Go over to an encrypted line if the server offers one; a password travels on no other."""
    server.ehlo_or_helo_if_needed()
    if encrypted:
        return
    if server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
    elif needed:
        raise NotTaken(NO_ENCRYPTION, shut=True)


def _refusal(error: smtplib.SMTPException) -> NotTaken:
    """The server said no: for good with a number of five hundred and more, else for now."""
    number = _number(error)
    if number is not None and number < 500:
        return NotTaken(BUSY, number)
    return NotTaken(REFUSED, number, final=True)


def _number(error: smtplib.SMTPException) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(code for code, _words in error.recipients.values())
    return getattr(error, "smtp_code", None)
