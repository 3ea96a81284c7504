"""What lies hidden in the demo data for its reader to find, with every constant in one place.

Stores count from 1; times reach back from the day the data speak for. The tests look for each.
"""

from dataclasses import dataclass

# How cars come back. A gap between visits is log-normal around its median.
GAP_DAYS = 165
GAP_SPREAD = 0.42
GAP_OUT_OF_WARRANTY = 1.25  # times longer
SHORTEST_GAP = 45
WARRANTY_YEARS = 3
OLDEST_SALE_YEARS = 8
SALES_A_YEAR = 480  # of each store; gives about 10,000 orders in three years
LEAVES_IN_WARRANTY = 0.04  # the chance, at each visit, that it was the last
LEAVES_AT_WARRANTY_END = 0.40  # the cliff
LEAVES_LATER = 0.18
RETURNS_AFTER_LEAVING = 0.08  # of those who left, after 13 to 24 months
# What follows for the rule "lost after three months": of the cars it names, so many are back
# within six months more
FALSE_ALARMS_AWAY_3_TO_12_MONTHS = 0.63
FALSE_ALARMS_AWAY_3_MONTHS_OR_LONGER = 0.49  # among all cars seen in two years

# Reminders of a service have gone out for half a year; one in five at random is not called, and of
# those who came within 30 days fewer are among them: the call is what brought some of them
REMINDERS_SINCE_DAYS = 182
HELD_OUT = 0.2
HELD_OUT_IF_IT_CAME = (0.24, 0.14)  # of those who did not come soon, of those who did

# When the workshop is full
MONTHS = (1.15, 0.85, 0.9, 1.0, 1.0, 1.05, 1.1, 1.05, 1.0, 0.9, 1.0, 1.7)  # January first
BEFORE_SPRING_FESTIVAL = 1.9  # in the three weeks before
AFTER_SPRING_FESTIVAL = 0.5  # in the four weeks after
BEFORE_NATIONAL_DAY = 1.3  # in the ten days before

# Complaints
COMPLAINTS_PER_ORDER = 0.0155  # besides the surges below
REPEATERS = 5  # of each store: they complain two to four times about one thing
SLOW_STORE = 2
REPLY_IN_TIME = 0.95
REPLY_IN_TIME_SLOW = 0.66
CLOSE_IN_TIME = {"question": 0.93, "general": 0.93, "escalated": 0.84, "critical": 0.82}
SATISFIED = 0.88
SATISFIED_IF_LATE = 0.6

LINGERING = (  # up to this age in days, the chance that a case is still open
    (3, 0.95), (14, 0.93), (24, 0.85), (30, 0.7), (60, 0.32), (90, 0.15), (200, 0.02),
)  # fmt: skip
FORGOTTEN_PROMISES = (
    0.4  # of the cases left lying at work: something was promised, and that was all
)
LINGERING_GRAVE = 0.5  # of that chance after a week for all but general cases: their time is short
FRESH = (  # store, hours ago, category if it matters: somebody complained then, and still waits
    (1, 3, None), (1, 76, None), (1, 590, None), (2, 26, "brakes"), (2, 50, None), (3, 7, None),
    (3, 30, None), (3, 610, None), (1, 200, None), (1, 380, None), (2, 150, None), (2, 300, None),
    (2, 520, None), (3, 240, None), (3, 450, None),
)  # fmt: skip

# Callbacks
PERFECT_AGENT_STORE = 3  # its second agent makes short calls that all end with full marks


@dataclass(frozen=True, slots=True)
class Surge:
    """More complaints of one category: one in every so many orders, between two days ago."""

    store: int
    category: str
    from_days_ago: int
    until_days_ago: int
    every: int


@dataclass(frozen=True, slots=True)
class Measure:
    """An improvement action aimed at a category, done so many days ago, and what it should show."""

    store: int
    category: str
    done_days_ago: int
    verdict: str


CURED = Measure(1, "late_delivery", 190, "effective")
UNCURED = Measure(3, "no_explanation", 200, "not_effective")
YOUNG = Measure(2, "out_of_stock", 14, "not_yet_proven")
MEASURES = (CURED, UNCURED, YOUNG)

SURGES = (
    Surge(1, "late_delivery", 470, 190, 90),  # until the measure, then it is over
    Surge(3, "no_explanation", 480, 200, 130),
    Surge(3, "no_explanation", 200, 0, 105),  # the measure changed nothing
    Surge(2, "out_of_stock", 80, 20, 27),  # a shortage of parts, lately
    Surge(2, "out_of_stock", 14, 0, 400),  # better, but nobody can know yet
)
