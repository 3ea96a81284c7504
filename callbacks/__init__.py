"""What happens. Importing this package wires every callback; each module holds one concern."""

from callbacks import filters, shell, tables, widgets

__all__ = ["filters", "shell", "tables", "widgets"]
