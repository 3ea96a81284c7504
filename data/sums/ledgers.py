"""All sums there are."""

from data.sums.followups import DUE

LEDGERS = (DUE,)
