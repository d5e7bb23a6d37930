"""Periods that files are about: whole days in China."""

from calendar import monthrange
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


def month_by_month(period: Period) -> list[Period]:
    """Return the twelve months of `last_twelve_months`, each from the same day of a month, the last to today."""
    first = period.first
    begins = []
    for months in range(first.month - 1, first.month + 11):
        year, month = first.year + months // 12, months % 12 + 1
        begins.append(date(year, month, min(first.day, monthrange(year, month)[1])))
    lasts = [later - timedelta(days=1) for later in begins[1:]] + [period.last]
    return [Period(begun, last) for begun, last in zip(begins, lasts, strict=True)]


PRESETS: dict[str, Callable[[date], Period]] = {"last-month-cases": last_month}
