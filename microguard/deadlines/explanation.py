"""How the end of a term comes about, day by day: no Django, no clock of its own, no words.

`terms.compute` takes the steps at once; here a finger goes over the same calendar, and a property test holds the
two together. The words stand in `day_by_day`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby

from microguard.deadlines.calendar import CHINA, FIXED_HOLIDAYS, ONE_DAY, SATURDAY, CalendarYear, WorkCalendar
from microguard.deadlines.legislation import RuleVersion, Unit
from microguard.deadlines.terms import Suspension, Term, in_order, instant_of, months_later

# A term that counts more days than these is told by weeks.
TOLD_ONE_BY_ONE = 15


class Role(StrEnum):
    """What a day is to the term."""

    EVENT = "event"  # the day of the event, which does not count
    COUNTED = "counted"
    NOT_WORKED = "not_worked"  # not counted in a term in working days
    SUSPENDED = "suspended"
    MOVED_OVER = "moved_over"  # a day off on which the term, counted out, cannot end
    MOVED_TO = "moved_to"  # the working day on which it ends instead


class Kind(StrEnum):
    """What a day is to the calendar."""

    WEEKDAY = "weekday"
    MAKE_UP = "make_up"  # a weekend day that a notice made a working day
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # freed by a notice or, before there is one, by its date


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the story.

    `number` is its place among the counted days; `notice` the year whose notice names the day, `holiday` what the
    day off is called; `stretch` the part of the day that a term in hours runs or stands still.
    """

    date: date
    role: Role
    kind: Kind
    holiday: str = ""
    notice: int | None = None
    number: int = 0
    suspension: Suspension | None = None
    stretch: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A term told day by day, without a gap from the event to the day on which it ends.

    `notices` are the years of the calendar that the days lie in, `assumed` the years without a notice.
    """

    version: RuleVersion
    started_at: datetime
    days: tuple[Day, ...]
    end: Term
    notices: tuple[CalendarYear, ...]
    assumed: tuple[int, ...]

    @property
    def last_counted(self) -> Day:
        """The day on which the term is counted out."""
        return next(day for day in reversed(self.days) if day.role is Role.COUNTED)

    @property
    def counted(self) -> int:
        """How many days are counted."""
        return sum(day.role is Role.COUNTED for day in self.days)


def explain(
    version: RuleVersion, started: date | datetime, calendar: WorkCalendar, suspended: Sequence[Suspension] = ()
) -> Explanation:
    """Return the days by which the term that this event starts comes to its end; the end is that of `compute`.

    :raises microguard.deadlines.terms.BadSuspension: when a suspension is empty or overlaps another
    :raises microguard.deadlines.calendar.OutsideCalendar: when a date lies outside the calendar
    :raises ValueError: for an instant without a time zone
    """
    started_at = instant_of(started)
    calendar.place_of(started_at.date())
    pauses = in_order(suspended, calendar)
    if version.unit is Unit.HOURS:
        days = tuple(_hours(started_at, version.value, calendar, pauses))
        end = _end_of_hours(days, calendar)
    else:
        days = tuple(_whole_days(started_at.date(), version, calendar, pauses))
        end = _end_of_days(days, calendar)
    years = {day.date.year for day in days} | {end.due_rolled.year} | {day.notice for day in days}
    known = tuple(year for year in calendar.years if year.year in years)
    assumed = tuple(sorted(day for day in years if day is not None and day > calendar.known_until.year))
    return Explanation(version, started_at, days, end, known, assumed)


def _whole_days(
    event_day: date, version: RuleVersion, calendar: WorkCalendar, pauses: Sequence[Suspension]
) -> Iterator[Day]:
    """Tell a term in working days, calendar days or months: the event, the count, the way to a working day."""
    yield _told(event_day, Role.EVENT, calendar)
    day, number, length = event_day, 0, version.value
    if version.unit is Unit.MONTHS:
        length = (months_later(event_day, version.value) - event_day).days
    while number < length:
        day += ONE_DAY
        pause = _pause_on(day, pauses)
        if pause is not None:
            yield _told(day, Role.SUSPENDED, calendar, suspension=pause)
        elif version.unit is Unit.WORKING_DAYS and not calendar.is_working_day(day):
            yield _told(day, Role.NOT_WORKED, calendar)
        else:
            number += 1
            yield _told(day, Role.COUNTED, calendar, number=number)
    while not calendar.is_working_day(day):
        day += ONE_DAY
        role = Role.MOVED_TO if calendar.is_working_day(day) else Role.MOVED_OVER
        yield _told(day, role, calendar)


def _hours(
    started_at: datetime, hours: int, calendar: WorkCalendar, pauses: Sequence[Suspension]
) -> Iterator[Day]:
    """Tell a term in hours, which runs from its instant through nights and days off unless it is suspended."""
    at, left, number = started_at, timedelta(hours=hours), 0
    while left:
        until = datetime.combine(at.date() + ONE_DAY, time.min, CHINA)
        pause = _pause_on(at.date(), pauses)
        if pause is not None:
            yield _told(at.date(), Role.SUSPENDED, calendar, suspension=pause, stretch=(at, until))
        else:
            until, number = min(until, at + left), number + 1
            left -= until - at
            yield _told(at.date(), Role.COUNTED, calendar, number=number, stretch=(at, until))
        at = until


def _told(
    day: date,
    role: Role,
    calendar: WorkCalendar,
    *,
    number: int = 0,
    suspension: Suspension | None = None,
    stretch: tuple[datetime, datetime] | None = None,
) -> Day:
    """Return the day with what the calendar knows of it; of two notices that name a day the later one holds."""
    years = reversed(calendar.years)
    notice = next((year for year in years if day in year.rest_days or day in year.make_up_days), None)
    by_date = "" if calendar.is_official(day) else FIXED_HOLIDAYS.get((day.month, day.day), "")
    weekend = day.weekday() >= SATURDAY
    if calendar.is_working_day(day):
        kind, holiday = (Kind.MAKE_UP if weekend else Kind.WEEKDAY), ""
    elif notice is None and not by_date:
        kind, holiday = Kind.WEEKEND, ""
    else:
        kind, holiday = Kind.HOLIDAY, (notice.holidays.get(day, "") if notice else by_date)
    return Day(day, role, kind, holiday, notice.year if notice else None, number, suspension, stretch)


def _pause_on(day: date, pauses: Sequence[Suspension]) -> Suspension | None:
    return next((pause for pause in pauses if pause[0] <= day < pause[1]), None)


def _end_of_days(days: Sequence[Day], calendar: WorkCalendar) -> Term:
    strict = next(day.date for day in reversed(days) if day.role is Role.COUNTED)
    rolled = days[-1].date
    midnight = datetime.combine(rolled + ONE_DAY, time.min, CHINA)
    return Term(strict, rolled, midnight, not calendar.is_official(rolled))


def _end_of_hours(days: Sequence[Day], calendar: WorkCalendar) -> Term:
    assert days[-1].stretch is not None  # every day of a term in hours has one
    ends_at = days[-1].stretch[1]
    return Term(ends_at.date(), ends_at.date(), ends_at, not calendar.is_official(ends_at.date()))


def spans_of(explanation: Explanation) -> list[tuple[Day, ...]]:
    """Return all days in order, those that are told in one breath together.

    Days off and suspended days of one reason make one span. Counted days stand alone; of a long term those of one
    week make a span, but for its last day.
    """
    one_by_one = explanation.version.unit is Unit.HOURS or explanation.counted <= TOLD_ONE_BY_ONE
    # A weekend is a fact of the count only where it is not counted.
    kinds = explanation.version.unit is Unit.WORKING_DAYS
    last = explanation.last_counted

    def breath(day: Day) -> tuple[object, ...]:
        if day.role is not Role.COUNTED:
            return day.role, day.suspension or (day.kind, day.holiday, day.notice)
        if one_by_one or day is last:
            return day.role, day.date
        return day.role, day.date.isocalendar()[:2], day.kind if kinds else None

    return [tuple(days) for _breath, days in groupby(explanation.days, breath)]
