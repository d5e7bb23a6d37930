"""From the event that starts a clock to the instant at which it has run out: no Django, no clock of its own.

Order 121 art. 45 and Civil Code arts. 200 to 204: the day of the event does not count, and a term that would
end on a day that is not worked ends on the next working day. Whether a plain weekend moves a statutory end is
disputed; both dates are kept, `due_strict` to warn by and `due_rolled` to count lateness by.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from microguard.core.errors import Refusal
from microguard.deadlines.calendar import CHINA, ONE_DAY, OutsideCalendar, WorkCalendar
from microguard.deadlines.legislation import RuleVersion, Unit

HOURS = Unit.HOURS  # to look a member up in its class takes as long as to add days
MIDNIGHT = time.min
# Whole days on which a term does not run: the first is included, the second is not.
Suspension = tuple[date, date]


class BadSuspension(Refusal):
    """A suspension ends before it begins, or two of them overlap."""

    code = "bad_suspension"


class Term(NamedTuple):
    """The end of a term.

    `due_strict` is its last day, `due_rolled` the first working day on or after it, and `due_at` the
    exclusive end: midnight after `due_rolled`, or the exact instant of a term in hours, whose two dates are
    the day of that instant. `provisional` when counting reached a year whose holidays no notice has set.
    """

    due_strict: date
    due_rolled: date
    due_at: datetime
    provisional: bool


def compute(
    version: RuleVersion,
    started: date | datetime,
    calendar: WorkCalendar,
    suspended: Sequence[Suspension] = (),
) -> Term:
    """Return the end of the term that the event on this day, or at this instant, starts.

    Suspended days are not counted, in any unit; a suspension that begins after the last day changes nothing.
    A day without a time starts a term in hours at that day's first instant.

    :raises BadSuspension: when a suspension is empty or overlaps another
    :raises microguard.deadlines.calendar.OutsideCalendar: when a date lies outside the calendar
    :raises ValueError: for an instant without a time zone
    """
    pauses = in_order(suspended, calendar) if suspended else ()
    if version.unit is HOURS:
        return _end_of_hours(instant_of(started), version.value, calendar, pauses)
    event_day = instant_of(started).date() if isinstance(started, datetime) else started
    return _end_of_days(version.unit, version.value, event_day, calendar, pauses)


# However many terms are computed at a time, they begin on few days and run under few rules.
@lru_cache(maxsize=10_000)
def _end_of_days(
    unit: Unit, value: int, event_day: date, calendar: WorkCalendar, pauses: Sequence[Suspension]
) -> Term:
    """Return the end of a term in days or months, for which the hour of the event does not matter."""
    calendar.place_of(event_day)
    if unit is Unit.WORKING_DAYS:
        last = _last_working_day(event_day, value, calendar, pauses)
    elif unit is Unit.CALENDAR_DAYS:
        last = _pushed(event_day, event_day + timedelta(days=value), pauses)
    else:
        last = _pushed(event_day, months_later(event_day, value), pauses)
    rolled, official = calendar.roll_forward(last)
    return Term(last, rolled, datetime.combine(rolled + ONE_DAY, MIDNIGHT, CHINA), not official)


def agreed(ends_at: datetime) -> Term:
    """Return the term that ends at this instant, as agreed or as another end demands."""
    last = (ends_at - timedelta(microseconds=1)).astimezone(CHINA).date()
    return Term(last, last, ends_at, provisional=False)


def of_working_days(working_days: int, started: date | datetime, calendar: WorkCalendar) -> Term:
    """Return the end of a term of so many working days that no rule sets, such as one that a seller promised.

    :raises microguard.deadlines.calendar.OutsideCalendar: when a date lies outside the calendar
    """
    return _end_of_days(Unit.WORKING_DAYS, working_days, instant_of(started).date(), calendar, ())


def instant_of(started: date | datetime) -> datetime:
    """Return the instant in China at which the term starts."""
    if not isinstance(started, datetime):
        return datetime.combine(started, MIDNIGHT, CHINA)
    if started.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return started if started.tzinfo is CHINA else started.astimezone(CHINA)


def in_order(suspended: Sequence[Suspension], calendar: WorkCalendar) -> tuple[Suspension, ...]:
    """Return the suspensions by their first day.  :raises BadSuspension, OutsideCalendar:"""
    pauses = tuple(sorted(suspended))
    for first, until in pauses:
        if until <= first:
            raise BadSuspension(
                _("A suspension from {first} to {until} holds no day."),
                first=first.isoformat(),
                until=until.isoformat(),
            )
        if until > calendar.last_day:
            raise OutsideCalendar(until)
    for (_first, until), (following, _until) in pairwise(pauses):
        if following < until:
            raise BadSuspension(_("Two suspensions overlap on {day}."), day=following.isoformat())
    return pauses


def _last_working_day(
    event_day: date, working_days: int, calendar: WorkCalendar, pauses: Sequence[Suspension]
) -> date:
    """Return the last day of a term in working days.

    A suspension that begins inside the term takes all its working days away: those before the end found so
    far are replaced, those after it cannot serve as replacements.
    """
    counted = working_days
    last = calendar.add_working_days(event_day, counted).day
    for first, until in pauses:
        first = max(first, event_day + ONE_DAY)
        if until > first and first <= last:
            counted += calendar.working_days_between(first, until)
            last = calendar.add_working_days(event_day, counted).day
    return last


def _pushed(event_day: date, last: date, pauses: Sequence[Suspension]) -> date:
    """Return the last day of a term in calendar days or months, moved on by the suspended days inside it."""
    for first, until in pauses:
        first = max(first, event_day + ONE_DAY)
        if until > first and first <= last:
            last += until - first
    return last


def months_later(event_day: date, months: int) -> date:
    """Return the corresponding day, or the last day of a month that has none (Civil Code art. 202)."""
    years, month = divmod(event_day.month - 1 + months, 12)
    year, month = event_day.year + years, month + 1
    return date(year, month, min(event_day.day, monthrange(year, month)[1]))


def _end_of_hours(started_at: datetime, hours: int, calendar: WorkCalendar, pauses: Sequence[Suspension]) -> Term:
    """Return the end of a term in hours, which runs through nights, weekends and holidays."""
    calendar.place_of(started_at.date())
    # China keeps one offset all year (since 1992), so the wall clock measures elapsed time.
    ends_at = started_at + timedelta(hours=hours)
    for first, until in pauses:
        stops_at = max(datetime.combine(first, MIDNIGHT, CHINA), started_at)
        resumes_at = datetime.combine(until, MIDNIGHT, CHINA)
        if resumes_at > stops_at and stops_at < ends_at:
            ends_at += resumes_at - stops_at
    day = ends_at.date()
    return Term(day, day, ends_at, not calendar.is_official(day))
