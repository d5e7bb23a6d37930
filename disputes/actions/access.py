"""How every write to a dispute begins: hold the case, ask the permission table, catch up with the clocks."""

from datetime import datetime

from disputes.models import Dispute
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.deadlines import actions as deadlines


def held(dispute_id: int, action: str, by: Actor, at: datetime) -> Dispute:
    """Return the dispute, held until the transaction ends, for an actor who may do this to it.

    Terms that have run out lapse first, so what the actor does is judged as if a sweep had just passed.

    :raises microguard.core.errors.NotFound: when there is none
    :raises microguard.accounts.policies.NotAllowed: when the actor may not
    """
    dispute: Dispute = Dispute.objects.lock(pk=dispute_id)
    policies.require(by, action, dispute)
    deadlines.catch_up(dispute, at=at)
    dispute.refresh_from_db()
    return dispute
