"""Which customers are to be called: the rules look for what happened, and each finds it once."""

from data.planning.expiring import expire
from data.planning.run import Planned, plan

__all__ = ["Planned", "expire", "plan"]
