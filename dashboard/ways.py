"""The ways out of the house: mail and a webhook, where they are set up."""

from collections.abc import Collection

from flask import Flask, current_app

from dashboard.settings import Settings
from data.models import MessageChannel

READY = "AFTERCARE_CHANNELS"


def channels(settings: Settings) -> list[MessageChannel]:
    """The ways that these settings open."""
    ready = {
        MessageChannel.MAIL: bool(settings.smtp_url and settings.mail_from),
        MessageChannel.WEBHOOK: bool(settings.webhook_url),
    }
    return [channel for channel, is_ready in ready.items() if is_ready]


def init(server: Flask, settings: Settings) -> None:
    """Let the pages of `server` know which ways are open."""
    server.config[READY] = channels(settings)


def ready() -> Collection[MessageChannel]:
    """The ways that are open in this installation."""
    found: list[MessageChannel] = current_app.config[READY]
    return found
