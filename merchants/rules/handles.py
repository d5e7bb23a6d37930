"""Handles compared: the keyed hash of the normal form of each type."""

from merchants.states import HandleType
from microguard.core import normal_forms
from microguard.core.encryption import keyed_hash


def normal_form(kind: str, value: str) -> str:
    """Return the comparable form of a handle of this type."""
    return normal_forms.phone(value) if kind == HandleType.PHONE else normal_forms.handle(value)


def handle_hash(kind: str, value: str) -> str:
    """Return the keyed hash by which the handle is found again."""
    return keyed_hash(f"handle:{kind}", normal_form(kind, value))
