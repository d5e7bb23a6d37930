"""Stored things of a complaint."""

from complaints.models.complaint import Claim, Complaint, Consent, SellerMention
from complaints.models.evidence import Evidence

__all__ = ["Claim", "Complaint", "Consent", "Evidence", "SellerMention"]
