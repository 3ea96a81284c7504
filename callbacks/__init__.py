"""What happens. Importing this package wires every callback; each module holds one concern."""

from callbacks import (
    assigning,
    call_list,
    choices,
    churn,
    complaints,
    customers,
    filters,
    followups,
    handing_over,
    health,
    importing,
    issues,
    messages,
    shell,
    tables,
    widgets,
)

__all__ = [
    "assigning",
    "call_list",
    "choices",
    "churn",
    "complaints",
    "customers",
    "filters",
    "followups",
    "handing_over",
    "health",
    "importing",
    "issues",
    "messages",
    "shell",
    "tables",
    "widgets",
]
