"""Stored things of a dispute."""

from disputes.models.dispute import Dispute, Invitation
from disputes.models.mediation import Assignment, MediationConsent, Message, Proposal, ProposalAnswer
from disputes.models.negotiation import Offer
from disputes.models.settlement import Obligation, Settlement, Signature

__all__ = [
    "Assignment",
    "Dispute",
    "Invitation",
    "MediationConsent",
    "Message",
    "Obligation",
    "Offer",
    "Proposal",
    "ProposalAnswer",
    "Settlement",
    "Signature",
]
