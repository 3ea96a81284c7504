"""Which customers are to be called: the rules look for what happened, and each finds it once."""

from data.planning.expiring import expire
from data.planning.run import NOT_LATE, Planned, plan

__all__ = ["NOT_LATE", "Planned", "expire", "plan"]
