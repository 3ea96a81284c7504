"""All sums there are."""

from data.sums.answered import ANSWERED
from data.sums.delivered import DELIVERED
from data.sums.due import DUE
from data.sums.invited import INVITED
from data.sums.tried import TRIED

LEDGERS = (DUE, INVITED, TRIED, ANSWERED, DELIVERED)
