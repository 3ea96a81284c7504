"""Control charts: telling a real change from the noise that every process has.

A point is a signal when it lies beyond three standard deviations, when it is at least the ninth
in a row on one side of the centre, or when it ends six in a row that only rise or only fall
(Nelson's rules 1, 2 and 3). The centre and its spread come from the first `BASELINE` points and
then stay, so that a change cannot hide by moving the yardstick; only a change point starts anew.
docs/charts.md says which chart is drawn when, and how often chance alone is called a change.
"""

from data.spc.charts import count_chart, laney_p, laney_u, p_chart, share_chart, u_chart, xmr_chart
from data.spc.limits import BASELINE, LEAST_EXPECTED
from data.spc.phases import COLUMNS, ENOUGH
from data.spc.rules import RUN, SIDE, Signal

__all__ = [
    "BASELINE",
    "COLUMNS",
    "ENOUGH",
    "LEAST_EXPECTED",
    "RUN",
    "SIDE",
    "Signal",
    "count_chart",
    "laney_p",
    "laney_u",
    "p_chart",
    "share_chart",
    "u_chart",
    "xmr_chart",
]
