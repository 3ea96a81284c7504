"""Calendars and clocks: when a term ends, how much of it is used, and why it stands.

Five units, two questions (`due`, `elapsed`) and one explanation (`segments`):

- HOURS, DAYS: real time, round the clock; a day is 24 hours.
- WORKING_HOURS: only while the store is open by its own wall clock.
- WORKING_DAYS: the day it came in is not counted; the term ends at the close of the n-th working
  day after it, as the Civil Code counts days (Art. 201 and 203). Each working day is one day,
  however long it is open; half of its opening hours are half a day.
- MONTHS: calendar months to the same local time of day; a day the month lacks becomes its last
  day (31 January + 1 month is 28 or 29 February).

A pause stops the clock: it moves the end by exactly what would have counted meanwhile, overlapping
pauses count once, and a pause that begins at or after the end changes nothing.
Nothing here reads the clock on the wall, a database or a setting.
"""

from data.clock.calendar import Calendar, DayKind, DayRule, Interval, warning
from data.clock.china import chinese_exceptions, chinese_loaded_until
from data.clock.pauses import Span
from data.clock.segments import Reason, Segment, segments
from data.clock.terms import Term, Unit, due, elapsed, moment_at, share_used

__all__ = [
    "Calendar",
    "DayKind",
    "DayRule",
    "Interval",
    "Reason",
    "Segment",
    "Span",
    "Term",
    "Unit",
    "chinese_exceptions",
    "chinese_loaded_until",
    "due",
    "elapsed",
    "moment_at",
    "segments",
    "share_used",
    "warning",
]
