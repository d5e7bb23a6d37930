"""Stored things of a complaint."""

from complaints.models.breaches import Breach
from complaints.models.complaint import Claim, Complaint, Consent, SellerMention
from complaints.models.evidence import Evidence
from complaints.models.legal import ComplaintRight, LegalBasis
from complaints.models.set_apart import SetApart
from complaints.models.signals import SignalContest
from complaints.models.tracing import TracingStep

__all__ = [
    "Breach",
    "Claim",
    "Complaint",
    "ComplaintRight",
    "Consent",
    "Evidence",
    "LegalBasis",
    "SellerMention",
    "SetApart",
    "SignalContest",
    "TracingStep",
]
