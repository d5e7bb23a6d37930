"""Registering a seller who is known only by a handle."""

from datetime import datetime

from django.db import transaction

from merchants.models import Handle, HandleKey, HandleSighting, Merchant
from merchants.rules.handles import handle_hash
from merchants.rules.keys import key_hashes
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
    """Note that this seller was named by these handles in this case.

    A handle that is known already stays as it was first seen and gets one sighting more.
    """
    is_new = False
    for kind, value in mentions:
        handle, is_first = Handle.objects.get_or_create(
            merchant=merchant,
            type=kind,
            value_hash=handle_hash(kind, value),
            defaults={"value": value, "seen_at": at, "seen_by": by.reference, "seen_in": seen_in},
        )
        is_new = is_new or is_first
        _note_sighting(handle, seen_in, by, at)
    if is_new:
        index_handles(merchant.pk)


def index_handles(merchant_id: int) -> None:
    """Keep the keys under which this seller's handles are found; keys that are no longer theirs go."""
    known = {handle.pk: (handle.type, handle.value) for handle in Handle.objects.filter(merchant=merchant_id)}
    wanted = {(pk, key) for pk, (kind, value) in known.items() for key in key_hashes(kind, value, known.values())}
    there = {(key.handle_id, key.key_hash): key.pk for key in HandleKey.objects.filter(handle__in=known)}
    HandleKey.objects.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
    HandleKey.objects.bulk_create(
        [HandleKey(handle_id=handle, key_hash=key) for handle, key in sorted(wanted - there.keys())],
        ignore_conflicts=True,
    )


def withdraw_sightings(*, merchant: Merchant, seen_in: str, by: Actor, at: datetime) -> None:
    """Note that this case is about another seller: what was named in it says nothing of this one."""
    HandleSighting.objects.filter(handle__merchant=merchant, seen_in=seen_in, withdrawn_at__isnull=True).update(
        withdrawn_at=at, withdrawn_by=by.reference
    )


def _note_sighting(handle: Handle, seen_in: str, by: Actor, at: datetime) -> None:
    sighting, is_new = HandleSighting.objects.get_or_create(
        handle=handle, seen_in=seen_in, defaults={"seen_at": at, "seen_by": by.reference}
    )
    if not is_new and sighting.withdrawn_at is not None:
        sighting.withdrawn_at, sighting.withdrawn_by = None, ""
        sighting.save(update_fields=["withdrawn_at", "withdrawn_by"])
