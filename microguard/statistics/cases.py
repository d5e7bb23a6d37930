"""Cases of a period as one table: what a regulator downloads, without a name, phone or handle."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both inside."""

    first: date
    last: date


def last_month(today: date) -> Period:
    """Return the calendar month before the one of today."""
    last = today.replace(day=1) - timedelta(days=1)
    return Period(last.replace(day=1), last)
