"""What a wall screen says: five pages of few large numbers, each with one thing to be done.

Names, phones and plates never get this far: what is asked keeps the first sign of a name alone.
"""

from dashboard.wall.asking import Asked, ask
from dashboard.wall.sharing import Shared
from dashboard.wall.showing import Shown, show

__all__ = ["Asked", "Shared", "Shown", "ask", "show"]
