"""All sums there are."""

from data.sums.answers import ANSWERED
from data.sums.followups import DUE

LEDGERS = (DUE, ANSWERED)
