"""An appraisal stops the term of mediation: its days do not count (Order 121 art. 22)."""

from datetime import date, datetime

from django.db import transaction

from disputes.actions.access import held
from microguard.accounts.actors import Actor
from microguard.deadlines import changes
from microguard.deadlines.models import Deadline, Suspension

TERM = "mediation.term"


@transaction.atomic
def stop_term(*, dispute_id: int, reason: str, since: date, by: Actor, at: datetime) -> Suspension:
    """Stop the term of mediation from this day on, for a reason that its rule lists.

    :raises microguard.deadlines.changes.NoClock: when it does not run
    :raises microguard.deadlines.changes.NotSuspendable: for another reason, and while it stands still
    :raises microguard.deadlines.terms.BadSuspension: for a day to come or outside the term
    """
    dispute = held(dispute_id, "mediation.stop_term", by, at)
    return changes.suspend(TERM, dispute, reason=reason, since=since, by=by, at=at)


@transaction.atomic
def let_term_run(*, dispute_id: int, until: date, by: Actor, at: datetime) -> Deadline:
    """Let the term of mediation run again from this day on; its end moves by the days it stood still.

    :raises microguard.deadlines.changes.NoClock: when it has ended
    :raises microguard.deadlines.changes.NotSuspendable: when it runs
    :raises microguard.deadlines.terms.BadSuspension: for a day to come, or when no day would have been suspended
    """
    dispute = held(dispute_id, "mediation.stop_term", by, at)
    return changes.resume(TERM, dispute, until=until, by=by, at=at)
