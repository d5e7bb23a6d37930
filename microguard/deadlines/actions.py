"""Starting, meeting, cancelling and lapsing the clocks of a case or of a seller."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from microguard.accounts.actors import SYSTEM
from microguard.core import clock
from microguard.core.locks import hold_free
from microguard.deadlines import legislation
from microguard.deadlines.consequences import consequence_of
from microguard.deadlines.ends import basis_of, columns_of, end_of, next_alarm, version_for
from microguard.deadlines.loaded_years import work_calendar
from microguard.deadlines.models import ALARM_DATE, Deadline, Suspension
from microguard.events import actions as events
from microguard.events.actions import Fact

logger = logging.getLogger(__name__)
RETRY = timedelta(minutes=5)
BATCH = 500
# Consequences take their time, and as long nobody else can act in the cases of the batch.
MOST_FOLLOWED = 20
OPEN = Q(met_at__isnull=True, lapsed_at__isnull=True, cancelled_at__isnull=True)
STOPPED = Q(Exists(Suspension.objects.filter(deadline=OuterRef("pk"), until_date__isnull=True)))
RUNNING = OPEN & ~STOPPED  # open clocks whose end is known


class Holder(Protocol):
    """What a clock needs to know of the case or seller it belongs to."""

    @property
    def chain(self) -> str: ...


def held_by(holder: Holder) -> dict[str, int]:
    """Return the column that names the holder of a clock, with its value: "case/17" is {"case_id": 17}."""
    kind, _slash, key = holder.chain.partition("/")
    return {f"{kind}_id": int(key)}


def start(
    rule: str,
    holder: Holder,
    *,
    at: datetime,
    subject: str = "",
    not_after: datetime | None = None,
    until: datetime | None = None,
) -> Deadline:
    """Start a clock of this rule at this instant, under the version in force for our operator on that day.

    `subject` is the thing inside the case (by default the case, or seller, itself); `not_after` brings the end
    forward; `until` sets an agreed end in place of a computed one. The caller holds the lock.

    :raises microguard.deadlines.legislation.NoRuleInForce: when no version holds for operator and day
    """
    return Deadline.objects.create(
        **held_by(holder),
        subject=subject or holder.chain,
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
    term = end_of(version, at, calendar, not_after=not_after, until=until)
    return {
        **basis_of(version),
        **columns_of(term),
        "not_after": not_after,
        "until": until,
        "calendar_edition": None if until else calendar.edition,
        "alarm_days": next_alarm(version, term.due_strict, clock.day_of(at)),
    }


def open_deadlines(holder: Holder) -> QuerySet[Deadline]:
    """Return the clocks of the case or seller that have not ended, the most pressing first."""
    return Deadline.objects.filter(OPEN, **held_by(holder)).order_by("due_at", "id")


def due(rule: str, holder: Holder, *, subject: str = "") -> datetime | None:
    """Return the end of the running clock of this rule, or None, also while it stands still."""
    running = open_deadlines(holder).filter(RUNNING, rule=rule, subject=subject or holder.chain).first()
    return running.due_at if running else None


def meet(rule: str, holder: Holder, *, at: datetime, subject: str = "") -> bool:
    """Stop the running clock of this rule as met; one that had already run out lapses instead.

    Returns whether it was met in time; False also when no such clock runs.
    """
    running = open_deadlines(holder).filter(rule=rule, subject=subject or holder.chain).first()
    if running is None:
        return False
    if at >= running.due_at and not _only_alarms(running) and not running.stopped_since:
        _lapse([running], at)
        return False
    running.met_at = at
    running.save(update_fields=["met_at"])
    return True


def cancel(holder: Holder, *rules: str, at: datetime, subject: str = "") -> None:
    """Stop the running clocks of these rules, of every rule when none is named, because nothing waits for them."""
    running = open_deadlines(holder)
    if rules:
        running = running.filter(rule__in=rules)
    if subject:
        running = running.filter(subject=subject)
    running.update(cancelled_at=at)


def catch_up(holder: Holder, *, at: datetime) -> None:
    """Lapse every clock of the case or seller that has run out, oldest first, as if a sweep had just passed.

    Actions call it first, so that lateness never depends on a worker being alive. The caller holds the lock.
    """
    while late := _together(open_deadlines(holder).filter(lapsing(at))):
        _lapse(late, at)


def _only_alarms(deadline: Deadline) -> bool:
    # A statutory term that rests on an unofficial calendar raises an alarm but does not end.
    return deadline.provisional and deadline.basis == Deadline.Basis.STATUTORY


def lapsing(at: datetime) -> Q:
    """Select among open clocks those that have run out and lapse: none that only alarms or stands still."""
    return Q(due_at__lte=at) & ~Q(provisional=True, basis=Deadline.Basis.STATUTORY) & ~STOPPED


def _together(late: Iterable[Deadline]) -> list[Deadline]:
    """Return those of the clocks, given in their order, that can lapse at once.

    What the lapse of one clock sets in motion may end the later ones of its case, so these come after it.
    """
    chosen: list[Deadline] = []
    followed: set[str] = set()
    for deadline in late:
        if deadline.chain in followed:
            continue
        if consequence_of(deadline.rule):
            if len(followed) == MOST_FOLLOWED:
                break
            followed.add(deadline.chain)
        chosen.append(deadline)
    return chosen


def _lapse(late: Sequence[Deadline], at: datetime) -> None:
    """Let clocks lapse that `_together` found: rows, then facts, then what follows. The caller holds the cases."""
    Deadline.objects.filter(pk__in=[deadline.pk for deadline in late]).update(lapsed_at=at)
    for deadline in late:
        deadline.lapsed_at = at
    facts = [
        Fact(
            f"{deadline.rule}.lapsed",
            deadline,
            due_at=deadline.due_at.isoformat(),
            rule_version=deadline.rule_version,
            clock_of=deadline.subject,
        )
        for deadline in late
    ]
    events.record_all(facts, by=SYSTEM, at=at)
    for deadline in late:
        consequence = consequence_of(deadline.rule)
        if consequence:
            consequence(deadline, at)


def lapse_next(*, at: datetime) -> int:
    """Lapse (or alarm) the clocks that ran out first, in one short transaction; return how many, 0 for none left.

    Cases that somebody holds are left out: an action there has caught up with its clocks itself. A clock whose
    consequence fails is tried again later and holds up no other.
    """
    alarming = Q(due_at__lte=at, provisional=True, basis=Deadline.Basis.STATUTORY, alarmed_at__isnull=True)
    ended = Deadline.objects.filter(RUNNING, _waiting(at), lapsing(at) | alarming)
    with transaction.atomic():
        claimed = _claim(ended.order_by("due_at", "id"))
        only = [deadline for deadline in claimed if _only_alarms(deadline)]
        late = _together(deadline for deadline in claimed if not _only_alarms(deadline))
        _each_or_later(_alarm, only, at)
        _each_or_later(_lapse, late, at)
    return len(only) + len(late)


def warn_next(*, at: datetime) -> int:
    """Raise alarms that the law data wants some days before an end; return how many, 0 for none left.

    Each is raised once, and none for a clock that has ended or stands still.
    """
    running = Deadline.objects.filter(RUNNING, _waiting(at), due_at__gt=at, alarm_days__isnull=False)
    soon = running.alias(alarm_date=ALARM_DATE).filter(alarm_date__lte=clock.day_of(at))
    with transaction.atomic():
        claimed = _claim(soon.order_by("alarm_date", "id"))
        _each_or_later(_warn, claimed, at)
    return len(claimed)


def _waiting(at: datetime) -> Q:
    return Q(retry_at__isnull=True) | Q(retry_at__lte=at)


def _claim(found: QuerySet[Deadline]) -> list[Deadline]:
    """Return the first of these clocks whose cases nobody else holds; they are ours until the transaction ends."""
    first = list(found[:BATCH])
    free = hold_free(deadline.chain for deadline in first)
    # Read again: whoever held a case a moment ago may have met the clock.
    return list(found.filter(pk__in=[deadline.pk for deadline in first if deadline.chain in free]))


def _each_or_later(
    deed: Callable[[Sequence[Deadline], datetime], None], clocks: Sequence[Deadline], at: datetime
) -> None:
    """Do it to all of the clocks at once; if that fails, to either half, and to the one it fails for later."""
    if not clocks:
        return
    try:
        with transaction.atomic():
            deed(clocks, at)
    except Exception:
        if len(clocks) > 1:
            half = len(clocks) // 2
            _each_or_later(deed, clocks[:half], at)
            _each_or_later(deed, clocks[half:], at)
            return
        logger.exception("deadline %s failed", clocks[0].pk)
        Deadline.objects.filter(pk=clocks[0].pk).update(retry_at=at + RETRY)


def _alarm(ended: Sequence[Deadline], at: datetime) -> None:
    Deadline.objects.filter(pk__in=[deadline.pk for deadline in ended]).update(alarmed_at=at)
    facts = [Fact("deadline.provisional_end", deadline, rule=deadline.rule) for deadline in ended]
    events.record_all(facts, by=SYSTEM, at=at)


def _warn(ending: Sequence[Deadline], at: datetime) -> None:
    today, facts = clock.day_of(at), []
    for deadline in ending:
        last_day, version = deadline.due_strict_date, version_for(deadline)
        # After an outage several may be due: only the last one is still true.
        due = [days for days in version.alarm_days_before if last_day - timedelta(days=days) <= today]
        fact = Fact(
            f"{deadline.rule}.ending",
            deadline,
            due_at=deadline.due_at.isoformat(),
            days_before=min(due),
            clock_of=deadline.subject,
        )
        facts.append(fact)
        deadline.alarm_days = next_alarm(version, last_day, today)
    Deadline.objects.bulk_update(ending, ["alarm_days"])
    events.record_all(facts, by=SYSTEM, at=at)
