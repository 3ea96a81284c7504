"""What each form of the administration writes: its fields read, and handed to a command."""

from callbacks.setting import figures, people, working
from callbacks.setting.asked import LINK, Asked, Writers

__all__ = ["LINK", "WRITERS", "Asked"]

WRITERS: Writers = {**figures.WRITERS, **people.WRITERS, **working.WRITERS}
