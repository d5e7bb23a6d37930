"""Named instants, in Beijing time. 2026-11-23 is a Monday."""

from datetime import datetime, timedelta

from microguard.core.clock import CHINA

MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CHINA)
TUESDAY_MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=CHINA)
WEDNESDAY_MORNING = datetime(2026, 11, 25, 9, 0, tzinfo=CHINA)
FRIDAY_NOON = datetime(2026, 11, 27, 12, 0, tzinfo=CHINA)
# Seven working days after Monday end with Wednesday 2 December.
ACCEPTANCE_ENDS = datetime(2026, 12, 3, 0, 0, tzinfo=CHINA)
A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)
