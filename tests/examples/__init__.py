"""One way to do each write there is: the rows it needs, and what is given to it.

A test that goes through every command takes these; a command without an example fails there.
"""

from importlib import import_module

from tests.examples.house import EXAMPLES, NOW, TODAY, Example, House

for about in ("calls", "cases", "improving", "reviewing", "running", "setting"):
    import_module(f"tests.examples.{about}")

__all__ = ["EXAMPLES", "NOW", "TODAY", "Example", "House"]
