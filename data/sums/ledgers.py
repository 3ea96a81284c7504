"""All sums there are."""

from data.sums.answers import ANSWERED
from data.sums.covered import DELIVERED
from data.sums.due import DUE
from data.sums.invited import INVITED

LEDGERS = (DUE, INVITED, ANSWERED, DELIVERED)
