"""Stored things of the registry."""

from merchants.models.handles import HandleKey, HandleSighting, SharedHandle
from merchants.models.linking import KeptApart
from merchants.models.public_page import PublishedName
from merchants.models.registry import Handle, Merchant

__all__ = ["Handle", "HandleKey", "HandleSighting", "KeptApart", "Merchant", "PublishedName", "SharedHandle"]
