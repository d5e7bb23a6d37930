"""Until when a seller promised to answer, worked out from the rows of a case; it decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from disputes.models import Dispute
from disputes.states import State
from merchants.models import Commitment
from merchants.states import CommitmentKind
from microguard.core.clock import day_of
from microguard.deadlines.loaded_years import work_calendar
from microguard.deadlines.terms import of_working_days


@dataclass(frozen=True)
class AnswerPromise:
    """A promise to answer, in a case that reached the seller; `until` is the end of its time, exclusive."""

    commitment: Commitment
    until: datetime


def answers_promised(dispute: Dispute, promised: Iterable[Commitment]) -> list[AnswerPromise]:
    """Return until when the seller promised to answer, the soonest first; none until the invitation reached it.

    `promised` is what bound the seller for the deal. Our own term to answer runs beside it.
    """
    if dispute.invited_at is None:
        return []
    found = [
        AnswerPromise(each, of_working_days(each.value, dispute.invited_at, work_calendar()).due_at)
        for each in promised
        if each.kind == CommitmentKind.ANSWERS_WITHIN and each.value is not None
    ]
    return sorted(found, key=lambda promise: promise.until)


def answers_awaited(dispute: Dispute, promised: Iterable[Commitment]) -> list[AnswerPromise]:
    """Return the promises to answer as long as the case waits for the seller's answer."""
    return answers_promised(dispute, promised) if dispute.state == State.AWAITING_ANSWER else []


def answers_late(dispute: Dispute, promised: Iterable[Commitment], *, on: date) -> list[AnswerPromise]:
    """Return the promises whose time had passed when the seller answered, or when the case was closed without it.

    Where it is still open without an answer: those whose time has passed on this day.
    """
    ended_at = dispute.answered_at or dispute.closed_at
    ended = day_of(ended_at) if ended_at else on
    return [promise for promise in answers_promised(dispute, promised) if ended >= day_of(promise.until)]
