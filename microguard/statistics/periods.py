"""Periods that files are about: whole days in China."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from microguard.core.clock import CHINA


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both inside."""

    first: date
    last: date

    @property
    def begins_at(self) -> datetime:
        """The first instant inside."""
        return datetime.combine(self.first, time.min, CHINA)

    @property
    def ends_at(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.last + timedelta(days=1), time.min, CHINA)


def last_month(today: date) -> Period:
    """Return the calendar month before the one of today."""
    last = today.replace(day=1) - timedelta(days=1)
    return Period(last.replace(day=1), last)


def last_twelve_months(today: date) -> Period:
    """Return the twelve months whose last day is today: the day itself a year ago is outside."""
    leap_day = (today.month, today.day) == (2, 29)
    year_ago = today.replace(year=today.year - 1, day=28 if leap_day else today.day)
    return Period(year_ago + timedelta(days=1), today)


PRESETS: dict[str, Callable[[date], Period]] = {"last-month-cases": last_month}
