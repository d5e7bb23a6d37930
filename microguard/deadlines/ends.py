"""When a clock ends, by all that determines it: reckoned at its start, and again when something changes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from microguard.deadlines import terms
from microguard.deadlines.calendar import WorkCalendar
from microguard.deadlines.legislation import RuleVersion, UnknownRule, version_of
from microguard.deadlines.models import Deadline
from microguard.deadlines.terms import Suspension, Term


def version_for(deadline: Deadline) -> RuleVersion:
    """Return the rule version that the clock runs under.

    :raises UnknownRule: when it is no longer in the law data
    """
    version = version_of(deadline.rule_version)
    if version is None:
        raise UnknownRule(_("There is no time limit called “{rule}”."), rule=deadline.rule_version)
    return version


def end_of(
    version: RuleVersion,
    started_at: datetime,
    calendar: WorkCalendar,
    *,
    suspended: Sequence[Suspension] = (),
    not_after: datetime | None = None,
    until: datetime | None = None,
) -> Term:
    """Return the end of a clock: the agreed one, else the computed one, brought forward to `not_after`.

    :raises microguard.deadlines.calendar.OutsideCalendar: when a date lies outside the calendar
    """
    term = terms.agreed(until) if until else terms.compute(version, started_at, calendar, suspended)
    return terms.agreed(not_after) if not_after and not_after < term.due_at else term


def suspensions_of(deadline: Deadline) -> list[Suspension]:
    """Return the whole days on which the clock stood still, in their order: first day, and day it ran again.

    One that has not ended is not among them: how long it will be is not known.
    """
    ended = ((pause.since_date, pause.until_date) for pause in deadline.suspensions.all() if pause.until_date)
    return sorted(ended)


def term_of(deadline: Deadline, calendar: WorkCalendar) -> Term:
    """Return the end of the clock by what is stored of it and by this calendar.

    :raises UnknownRule: when its rule version is no longer in the law data
    """
    return end_of(
        version_for(deadline),
        deadline.started_at,
        calendar,
        suspended=suspensions_of(deadline),
        not_after=deadline.not_after,
        until=deadline.until,
    )


def reckon_again(deadline: Deadline, calendar: WorkCalendar) -> None:
    """Set the clock's end by what is stored of it now, and by which calendar. The caller holds the case."""
    columns = columns_of(term_of(deadline, calendar))
    columns["calendar_edition"] = None if deadline.until else calendar.edition
    for name, value in columns.items():
        setattr(deadline, name, value)
    deadline.save(update_fields=list(columns))


def columns_of(term: Term) -> dict[str, Any]:
    """Return the end as a clock's columns."""
    return {
        "due_strict_date": term.due_strict,
        "due_rolled_date": term.due_rolled,
        "due_at": term.due_at,
        "provisional": term.provisional,
    }


def basis_of(version: RuleVersion) -> dict[str, Any]:
    """Return what a clock rests on as its columns."""
    return {"rule_version": version.id, "basis": version.basis.upper(), "article": version.article or ""}


def next_alarm(version: RuleVersion, last_day: date, after: date) -> int | None:
    """Return how many days before the last one the first alarm after this day is due; None when none is left."""
    left = (days for days in version.alarm_days_before if last_day - timedelta(days=days) > after)
    return max(left, default=None)
