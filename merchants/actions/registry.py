"""Registering a seller who is known only by a handle."""

from datetime import datetime

from django.db import transaction

from merchants.models import Handle, Merchant
from merchants.rules.handles import handle_hash
from microguard.accounts.actors import Actor
from microguard.events import actions as events

Mention = tuple[str, str]  # handle type, value as it was typed


@transaction.atomic
def register_merchant(*, mentions: list[Mention], seen_in: str, by: Actor, at: datetime) -> Merchant:
    """Open an unclaimed profile with these handles."""
    merchant: Merchant = Merchant.objects.create(registered_at=at, registered_by=by.reference)
    events.record("merchant.registered", merchant, by=by, at=at, seen_in=seen_in)
    add_handles(merchant=merchant, mentions=mentions, seen_in=seen_in, by=by, at=at)
    return merchant


@transaction.atomic
def add_handles(*, merchant: Merchant, mentions: list[Mention], seen_in: str, by: Actor, at: datetime) -> None:
    """Note that this seller was named by these handles; one that is known already stays as first seen."""
    for kind, value in mentions:
        Handle.objects.get_or_create(
            merchant=merchant,
            type=kind,
            value_hash=handle_hash(kind, value),
            defaults={"value": value, "seen_at": at, "seen_by": by.reference, "seen_in": seen_in},
        )
