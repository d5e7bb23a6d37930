"""Stored things of the registry."""

from merchants.models.registry import Handle, Merchant

__all__ = ["Handle", "Merchant"]
