"""Starting, meeting, cancelling and lapsing the clocks of a case."""

import logging
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from microguard.accounts.actors import SYSTEM
from microguard.core import clock
from microguard.core.locks import hold
from microguard.deadlines import legislation, terms
from microguard.deadlines.consequences import consequence_of
from microguard.deadlines.loaded_years import work_calendar
from microguard.deadlines.models import Deadline
from microguard.events import actions as events

logger = logging.getLogger(__name__)
RETRY = timedelta(minutes=5)
OPEN = Q(met_at__isnull=True, lapsed_at__isnull=True, cancelled_at__isnull=True)


class Case(Protocol):
    """What a clock needs to know of its case."""

    @property
    def case_id(self) -> int: ...

    @property
    def chain(self) -> str: ...


def start(
    rule: str,
    case: Case,
    *,
    at: datetime,
    subject: str = "",
    not_after: datetime | None = None,
    until: datetime | None = None,
) -> Deadline:
    """Start a clock of this rule at this instant, under the version in force for our operator on that day.

    `subject` is the thing inside the case (the case itself by default); `not_after` brings the end
    forward; `until` sets an agreed end in place of a computed one. The caller holds the case's lock.

    :raises microguard.deadlines.legislation.NoRuleInForce: when no version holds for operator and day
    """
    return Deadline.objects.create(
        case_id=case.case_id,
        subject=subject or case.chain,
        rule=rule,
        started_at=at,
        **reckon(rule, at=at, not_after=not_after, until=until),
    )


def reckon(
    rule: str, *, at: datetime, not_after: datetime | None = None, until: datetime | None = None
) -> dict[str, Any]:
    """Return what the rule's version in force for our operator on that day sets: its columns of a clock.

    :raises microguard.deadlines.legislation.NoRuleInForce: when no version holds for operator and day
    """
    version = legislation.in_force(rule, settings.OPERATOR, clock.day_of(at))
    calendar = work_calendar()
    term = terms.compute(version, at.astimezone(clock.CHINA), calendar) if until is None else None
    due_at = until or term.due_at  # type: ignore[union-attr]
    if not_after is not None:
        due_at = min(due_at, not_after)
    last_day = clock.day_of(due_at - timedelta(microseconds=1))
    as_computed = term is not None and due_at == term.due_at
    return {
        "rule_version": version.id,
        "basis": version.basis.upper(),
        "article": version.article or "",
        "due_strict_date": term.due_strict if term and as_computed else last_day,
        "due_rolled_date": term.due_rolled if term and as_computed else last_day,
        "due_at": due_at,
        "provisional": term.provisional if term and as_computed else False,
        "calendar_edition": calendar.edition if as_computed else None,
    }


def open_deadlines(case: Case) -> QuerySet[Deadline]:
    """Return the clocks of the case that still run, the most pressing first."""
    return Deadline.objects.filter(OPEN, case_id=case.case_id).order_by("due_at", "id")


def due(rule: str, case: Case, *, subject: str = "") -> datetime | None:
    """Return the end of the running clock of this rule, or None."""
    running = open_deadlines(case).filter(rule=rule, subject=subject or case.chain).first()
    return running.due_at if running else None


def meet(rule: str, case: Case, *, at: datetime, subject: str = "") -> bool:
    """Stop the running clock of this rule as met; one that had already run out lapses instead.

    Returns whether it was met in time; False also when no such clock runs.
    """
    running = open_deadlines(case).filter(rule=rule, subject=subject or case.chain).first()
    if running is None:
        return False
    if at >= running.due_at and not _only_alarms(running):
        _lapse(running, at)
        return False
    running.met_at = at
    running.save(update_fields=["met_at"])
    return True


def cancel(case: Case, *rules: str, at: datetime, subject: str = "") -> None:
    """Stop the running clocks of these rules, of every rule when none is named, because nothing waits for them."""
    running = open_deadlines(case)
    if rules:
        running = running.filter(rule__in=rules)
    if subject:
        running = running.filter(subject=subject)
    running.update(cancelled_at=at)


def catch_up(case: Case, *, at: datetime) -> None:
    """Lapse every clock of the case that has run out, oldest first, as if a sweep had just passed.

    Actions call it first, so that lateness never depends on a worker being alive. The caller holds the lock.
    """
    while True:
        late = open_deadlines(case).filter(lapsing(at)).first()
        if late is None:
            return
        _lapse(late, at)


def _only_alarms(deadline: Deadline) -> bool:
    # A statutory term that rests on an unofficial calendar raises an alarm but does not end.
    return deadline.provisional and deadline.basis == Deadline.Basis.STATUTORY


def lapsing(at: datetime) -> Q:
    """Select among running clocks those that have run out and lapse: all but the ones that only alarm."""
    return Q(due_at__lte=at) & ~Q(provisional=True, basis=Deadline.Basis.STATUTORY)


def _lapse(deadline: Deadline, at: datetime) -> None:
    deadline.lapsed_at = at
    deadline.save(update_fields=["lapsed_at"])
    events.record(
        f"{deadline.rule}.lapsed",
        deadline,
        by=SYSTEM,
        at=at,
        due_at=deadline.due_at.isoformat(),
        rule_version=deadline.rule_version,
        clock_of=deadline.subject,
    )
    consequence = consequence_of(deadline.rule)
    if consequence:
        consequence(deadline, at)


def lapse_next(*, at: datetime) -> bool:
    """Lapse (or alarm) the clock that ran out first; False when none is left to do.

    One short transaction each. A clock whose consequence fails is tried again later and holds up no other.
    """
    waiting = Q(retry_at__isnull=True) | Q(retry_at__lte=at)
    alarming = Q(due_at__lte=at, provisional=True, basis=Deadline.Basis.STATUTORY, alarmed_at__isnull=True)
    candidate = Deadline.objects.filter(OPEN, waiting, lapsing(at) | alarming).order_by("due_at", "id").first()
    if candidate is None:
        return False
    try:
        with transaction.atomic():
            hold(candidate.chain)
            deadline = Deadline.objects.filter(OPEN, pk=candidate.pk, due_at__lte=at).first()
            if deadline is not None and _only_alarms(deadline):
                _alarm(deadline, at)
            elif deadline is not None:
                _lapse(deadline, at)
    except Exception:
        logger.exception("the lapse of deadline %s failed", candidate.pk)
        Deadline.objects.filter(pk=candidate.pk).update(retry_at=at + RETRY)
    return True


def _alarm(deadline: Deadline, at: datetime) -> None:
    if deadline.alarmed_at is None:
        deadline.alarmed_at = at
        deadline.save(update_fields=["alarmed_at"])
        events.record("deadline.provisional_end", deadline, by=SYSTEM, at=at, rule=deadline.rule)
