"""Stored things of the registry."""

from merchants.models.corrections import Correction
from merchants.models.public_page import PublishedName
from merchants.models.registry import Handle, Merchant
from merchants.models.statements import SellerStatement

__all__ = ["Correction", "Handle", "Merchant", "PublishedName", "SellerStatement"]
