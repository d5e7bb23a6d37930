"""Stopping a clock, letting it run again, and extending it: each on a ground that the law data names."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from microguard.accounts.actors import Actor
from microguard.accounts.roles import PARTIES, Role
from microguard.core.clock import day_of
from microguard.core.errors import Refusal
from microguard.deadlines.actions import Holder, open_deadlines
from microguard.deadlines.ends import basis_of, next_alarm, reckon_again, suspensions_of, version_for
from microguard.deadlines.legislation import Approval, in_force
from microguard.deadlines.loaded_years import work_calendar
from microguard.deadlines.models import Deadline, Extension, Suspension
from microguard.deadlines.terms import BadSuspension
from microguard.events import actions as events


class NoClock(Refusal):
    """No such clock runs in the case or about the seller."""

    code = "no_clock"

    def __init__(self) -> None:
        super().__init__(_("This time limit does not run in this case, or has ended."))


class NotSuspendable(Refusal):
    """The law data gives no such reason to stop the clock, or it stands still or runs already."""

    code = "not_suspendable"


class NotExtendable(Refusal):
    """The law data does not allow the extension, or not on these persons' word."""

    code = "not_extendable"


def suspend(
    rule: str, holder: Holder, *, reason: str, since: date, by: Actor, at: datetime, subject: str = ""
) -> Suspension:
    """Stop the clock from this day on, for a reason that its rule version lists (Order 121 art. 22: an appraisal).

    While it stands still it does not lapse; when it will end is known once it runs again. The caller holds its
    lock and has caught up with its clocks.

    :raises NoClock: when it does not run
    :raises NotSuspendable: for another reason, and while it stands still
    :raises microguard.deadlines.terms.BadSuspension: for a day to come, outside the term, or counted as suspended
    """
    deadline = _open(rule, holder, subject)
    if reason not in version_for(deadline).suspended_by:
        raise NotSuspendable(_("This time limit cannot be stopped for this reason."))
    if deadline.stopped_since:
        raise NotSuspendable(_("This time limit stands still already."))
    earlier = [until for _since, until in suspensions_of(deadline)]
    earliest = max([day_of(deadline.started_at), *earlier])
    latest = min(day_of(at), deadline.due_strict_date)
    if not earliest <= since <= latest:
        raise BadSuspension(
            _("Choose a day from {earliest} to {latest}."),
            earliest=earliest.isoformat(),
            latest=latest.isoformat(),
        )
    suspension: Suspension = Suspension.objects.create(
        deadline=deadline, reason=reason, since_date=since, started_at=at, started_by=by.reference
    )
    events.record(f"{rule}.suspended", holder, by=by, at=at, ground=reason, since=since.isoformat())
    return suspension


def resume(rule: str, holder: Holder, *, until: date, by: Actor, at: datetime, subject: str = "") -> Deadline:
    """Let the clock run again from this day on and reckon its end anew. The caller holds its lock.

    An end that has passed by then lapses by the next sweep or action.

    :raises NoClock: when it has ended
    :raises NotSuspendable: when it runs
    :raises microguard.deadlines.terms.BadSuspension: for a day to come, or when no day would have been suspended
    """
    deadline = _open(rule, holder, subject)
    suspension = deadline.suspensions.filter(until_date__isnull=True).first()
    if suspension is None:
        raise NotSuspendable(_("This time limit runs already."))
    since = suspension.since_date
    if not since < until <= day_of(at):
        raise BadSuspension(
            _("It stands still for at least one whole day: choose a day after {since}, and none that is to come."),
            since=since.isoformat(),
        )
    suspension.until_date, suspension.ended_at, suspension.ended_by = until, at, by.reference
    suspension.save(update_fields=["until_date", "ended_at", "ended_by"])
    reckon_again(deadline, work_calendar())
    facts = {"since": since.isoformat(), "until": until.isoformat(), "due_at": deadline.due_at.isoformat()}
    events.record(f"{rule}.resumed", holder, by=by, at=at, **facts)
    return deadline


def extend(rule: str, holder: Holder, *, asked_by: Actor, by: Actor, at: datetime, subject: str = "") -> Deadline:
    """Extend the clock to the term that its rule version names, on one person's wish and another's word (`by`).

    The whole longer term counts from the same day. The caller holds its lock and has caught up with its clocks.

    :raises NoClock: when it does not run
    :raises NotExtendable: when its version allows no extension, or no longer, or not on these persons' word
    """
    deadline = _open(rule, holder, subject)
    version = version_for(deadline)
    if version.extension is None:
        raise NotExtendable(_("This time limit cannot be extended, or has been."))
    _check_approval(version.extension.approved_by, asked_by, by)
    longer = in_force(version.extension.to, version.operator, day_of(deadline.started_at))
    Extension.objects.create(
        deadline=deadline,
        from_version=version.id,
        to_version=longer.id,
        asked_by=asked_by.reference,
        approved_at=at,
        approved_by=by.reference,
    )
    for column, value in basis_of(longer).items():
        setattr(deadline, column, value)
    reckon_again(deadline, work_calendar())
    deadline.alarm_days = next_alarm(longer, deadline.due_strict_date, day_of(at))
    deadline.save(update_fields=[*basis_of(longer), "alarm_days"])
    facts = {"asked_by": asked_by.reference, "rule_version": longer.id, "due_at": deadline.due_at.isoformat()}
    events.record(f"{rule}.extended", holder, by=by, at=at, **facts)
    return deadline


def _open(rule: str, holder: Holder, subject: str) -> Deadline:
    deadline = open_deadlines(holder).filter(rule=rule, subject=subject or holder.chain).first()
    if deadline is None:
        raise NoClock
    return deadline


def _check_approval(approval: Approval, asked_by: Actor, by: Actor) -> None:
    if asked_by.reference == by.reference:
        raise NotExtendable(_("Who asks for an extension cannot approve it: a second person does."))
    if approval is Approval.SUPERVISOR and Role.SUPERVISOR not in by.roles:
        raise NotExtendable(_("A supervisor approves this extension."))
    if approval is Approval.OTHER_PARTY and {asked_by.reference, by.reference} != set(PARTIES):
        raise NotExtendable(_("Both sides have to agree to this extension."))
