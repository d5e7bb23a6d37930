"""Whom a complaint is about when it begins at a seller's public page or at a look-up."""

from uuid import UUID

from django.http import HttpRequest

from complaints.models import Complaint
from merchants.selectors import profiles_of
from merchants.selectors.public_page import PublicSeller, at_public_address, public_seller


def about_of(request: HttpRequest, draft: Complaint | None) -> PublicSeller | None:
    """Return the seller whose public key is in the address, else the one of the draft; None for neither.

    A key that leads nowhere is passed over: the answer tells nobody which keys there are.
    """
    profiles = at_public_address(_key(request.GET.get("about", "")))
    if not profiles and draft is not None and draft.merchant is not None:
        profiles = profiles_of(draft.merchant.pk)
    return public_seller(profiles) if profiles else None


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
