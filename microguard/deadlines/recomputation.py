"""When a year's holidays become official: which running clocks end on another day, and moving them there.

A clock tells by `calendar_edition` by which calendar its end was counted. What is still to be done is therefore a
question to the table: a worker that dies, or a clock that is started by an older calendar in the same second,
loses nothing. Clocks whose end was agreed have no edition and stay, and one that stands still is counted when it
runs again.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from microguard.accounts.actors import SYSTEM
from microguard.core.locks import hold
from microguard.deadlines.actions import RUNNING, lapsing
from microguard.deadlines.calendar import OutsideCalendar, WorkCalendar
from microguard.deadlines.ends import term_of
from microguard.deadlines.legislation import UnknownRule
from microguard.deadlines.loaded_years import work_calendar
from microguard.deadlines.models import Deadline
from microguard.deadlines.terms import Term
from microguard.events import actions as events
from microguard.events.bell import ring

logger = logging.getLogger(__name__)
AT_MOST_AT_ONCE = 500  # clocks while a person waits for the page
BATCH = 100  # clocks in one transaction: their cases are held for a fraction of a second
AT_ONCE = """
UPDATE deadlines_deadline AS clock SET due_strict_date = new.due_strict, due_rolled_date = new.due_rolled,
    due_at = new.due_at, provisional = new.provisional
FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::timestamptz[], %s::boolean[])
    AS new (id, due_strict, due_rolled, due_at, provisional)
WHERE clock.id = new.id
"""


class Change(NamedTuple):
    """A running clock as it stands, and its end by another calendar."""

    deadline: Deadline
    term: Term

    @property
    def moves(self) -> bool:
        """Whether it ends on another day; otherwise its day is only official now, or no longer."""
        return self.deadline.due_at != self.term.due_at


def changes(deadlines: Iterable[Deadline], calendar: WorkCalendar) -> Iterator[Change]:
    """Return the clocks that this calendar moves, or whose day it makes official."""
    for deadline in deadlines:
        try:
            term = term_of(deadline, calendar)
        except (UnknownRule, OutsideCalendar):
            # Not to be counted any more: it keeps the day that its people were told.
            logger.exception("deadline %s cannot be counted anew", deadline.pk)
            continue
        stands = (deadline.due_strict_date, deadline.due_rolled_date, deadline.due_at, deadline.provisional)
        if term != stands:
            yield Change(deadline, term)


def waiting(calendar: WorkCalendar, *, at: datetime) -> QuerySet[Deadline]:
    """Return the running clocks that were counted by an older calendar than this one.

    Those that have run out are left to the sweep: no later notice makes an answer that came too late early.
    """
    return Deadline.objects.filter(RUNNING, calendar_edition__lt=calendar.edition).exclude(lapsing(at))


def preview(calendar: WorkCalendar, *, at: datetime) -> list[Change]:
    """Return what moving to this calendar would change, the most pressing clock first, and write nothing."""
    found = waiting(calendar, at=at).prefetch_related("suspensions").order_by("due_at", "id")
    return list(changes(found.iterator(chunk_size=2_000), calendar))


def recompute_next(*, at: datetime) -> int:
    """Count the next hundred clocks anew and move those that the calendar moves; returns how many were looked at.

    One short transaction, under the locks of their cases. Each clock that changes leaves an event with both
    dates in its chain, and from there the parties are told.
    """
    calendar = work_calendar(fresh=True)
    older = waiting(calendar, at=at).order_by("calendar_edition", "id").only("case_id", "merchant_id")
    chains = {deadline.pk: deadline.chain for deadline in older[:BATCH]}
    if not chains:
        return 0
    with transaction.atomic():
        hold(*set(chains.values()))
        found = waiting(calendar, at=at).filter(pk__in=chains).prefetch_related("suspensions")
        held = list(found.order_by("due_at", "id"))
        changed = list(changes(held, calendar))
        _write(changed)
        keys = [deadline.pk for deadline in held]
        Deadline.objects.filter(pk__in=keys).update(calendar_edition=calendar.edition)
        for change in changed:
            _record(change, calendar, at)
    return len(chains)


def recompute_now(*, at: datetime) -> None:
    """Count the first five hundred anew at once, for the person who waits, and ring for the rest."""
    looked_at = 0
    # Somebody may hold one of the cases for long: the bell comes back to it.
    with suppress(OperationalError):
        while looked_at < AT_MOST_AT_ONCE and (more := recompute_next(at=at)):
            looked_at += more
    ring("deadlines.recompute")


def _write(found: list[Change]) -> None:
    """Store the new ends in one statement."""
    if not found:
        return
    rows = [(deadline.pk, *term) for deadline, term in found]
    with connection.cursor() as cursor:
        cursor.execute(AT_ONCE, [list(column) for column in zip(*rows, strict=True)])


def _record(change: Change, calendar: WorkCalendar, at: datetime) -> None:
    deadline, term = change
    events.record(
        "deadline.recomputed",
        deadline,
        by=SYSTEM,
        at=at,
        rule=deadline.rule,
        rule_version=deadline.rule_version,
        clock_of=deadline.subject,
        due_at=term.due_at.isoformat(),
        due_before=deadline.due_at.isoformat(),
        official=not term.provisional,
        calendar_edition=calendar.edition,
    )
