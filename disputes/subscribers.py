"""What follows from facts and lapses for a dispute."""

from datetime import datetime

from complaints.models import Complaint
from disputes.actions.mediation import end_proposal, offer_mediation
from disputes.actions.opening import note_invitation, open_dispute
from disputes.actions.settlement import take_effect
from disputes.models import Dispute
from disputes.states import State
from microguard.accounts.actors import SYSTEM
from microguard.deadlines.consequences import on_lapse
from microguard.deadlines.models import Deadline
from microguard.events.models import Event
from microguard.events.subscriptions import on


@on("complaint.accepted", subscriber="disputes:open_on_acceptance")
def open_on_acceptance(event: Event) -> None:
    """Open the dispute of a complaint that was accepted."""
    complaint: Complaint = Complaint.by_pk(int(event.chain.removeprefix("case/")))
    open_dispute(complaint_id=complaint.pk, by=SYSTEM, at=event.at)


@on("notice.sent", subscriber="disputes:invitation_delivered")
def start_terms_of_seller(event: Event) -> None:
    """Start the seller's terms when the invitation was handed over to the seller's phone."""
    if event.facts["notice"] == "dispute.opened:respondent":
        dispute: Dispute = Dispute.objects.get(complaint_id=int(event.chain.removeprefix("case/")))
        note_invitation(dispute_id=dispute.pk, by=SYSTEM, at=event.at)


def _dispute_of(deadline: Deadline) -> Dispute:
    dispute: Dispute = Dispute.objects.lock(complaint_id=deadline.case_id)
    return dispute


@on_lapse("respondent.answer")
@on_lapse("negotiation.term")
def go_on_to_mediation(deadline: Deadline, at: datetime) -> None:
    """Offer mediation: silence moves the case towards the one who waits."""
    dispute = _dispute_of(deadline)
    if dispute.state in {State.AWAITING_ANSWER, State.NEGOTIATION}:
        offer_mediation(dispute, by=SYSTEM, at=at)


@on_lapse("settlement.cooling_off")
def put_into_force(deadline: Deadline, at: datetime) -> None:
    """Put the settlement into force: nobody took it back in time."""
    dispute = _dispute_of(deadline)
    if dispute.state == State.COOLING_OFF:
        take_effect(dispute, at=at)


@on_lapse("proposal.reflection")
def end_unanswered_proposal(deadline: Deadline, at: datetime) -> None:
    """End a proposal that was not answered by both: no agreement, whoever was silent."""
    dispute = _dispute_of(deadline)
    proposal = dispute.proposals.filter(ended_at__isnull=True).first()
    if proposal is not None:
        end_proposal(dispute, proposal, accepted=False, at=at)
