"""Stored things of the registry."""

from merchants.models.agents import AgentLink
from merchants.models.claiming import ClaimFile, ContestLink, Ownership, ProfileClaim
from merchants.models.commitments import Commitment
from merchants.models.corrections import Correction
from merchants.models.handles import HandleKey, HandleSighting, SharedHandle
from merchants.models.identity import (
    IdentityChange,
    IdentityCheck,
    IdentityObjection,
    Licence,
    Registration,
    Turnover,
)
from merchants.models.linking import KeptApart
from merchants.models.public_page import PublishedName
from merchants.models.registry import Handle, Merchant
from merchants.models.statements import SellerStatement

__all__ = [
    "AgentLink",
    "ClaimFile",
    "Commitment",
    "ContestLink",
    "Correction",
    "Handle",
    "HandleKey",
    "HandleSighting",
    "IdentityChange",
    "IdentityCheck",
    "IdentityObjection",
    "KeptApart",
    "Licence",
    "Merchant",
    "Ownership",
    "ProfileClaim",
    "PublishedName",
    "Registration",
    "SellerStatement",
    "SharedHandle",
    "Turnover",
]
