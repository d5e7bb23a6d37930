"""A seller promises something to everybody who buys from it, and ends a promise for deals to come."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants.actions.ownership import OWNER
from merchants.models import Commitment, Merchant
from merchants.selectors import profiles_of
from merchants.selectors.claiming import owner_of
from merchants.states import COMMITMENT_RANGES, CommitmentKind
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.clock import day_of
from microguard.core.errors import NotFound, Refusal
from microguard.core.locks import hold
from microguard.events import actions as events


class OddCommitment(Refusal):
    """There is no such promise, or its number is not among those that can be promised."""

    code = "odd_commitment"


class PromisedAlready(Refusal):
    """The seller has promised this and has not ended it."""

    code = "promised_already"


class NotEndable(Refusal):
    """The promise has ended already, or the day would take it back from deals that were made."""

    code = "not_endable"


@transaction.atomic
def make_commitment(*, merchant_id: int, kind: str, value: int | None, by: Actor, at: datetime) -> Commitment:
    """Promise something from today on, or from the day on which an earlier promise of the kind ends.

    :raises microguard.core.errors.NotFound: when there is no such profile
    :raises microguard.accounts.policies.NotAllowed: for anybody but the seller's owner
    :raises OddCommitment: when the kind is none, or its number is out of range
    :raises PromisedAlready: while another promise of the kind is open
    """
    profiles = profiles_of(merchant_id)
    if not profiles:
        raise NotFound("not found")
    merchant = _owned(profiles, by)
    if kind not in CommitmentKind.values:
        raise OddCommitment(_("Choose what you promise."))
    least, most = COMMITMENT_RANGES.get(CommitmentKind(kind), (0, 0))
    if (kind not in COMMITMENT_RANGES and value is not None) or (
        kind in COMMITMENT_RANGES and not (value is not None and least <= value <= most)
    ):
        raise OddCommitment(_("Enter a whole number from {least} to {most}."), least=least, most=most)
    earlier = Commitment.objects.filter(merchant__in=profiles, kind=kind)
    if earlier.filter(ended_at__isnull=True).exists():
        raise PromisedAlready(_("You promise this already. End it first; the new promise then follows it."))
    ends = [day for day in earlier.values_list("until_date", flat=True) if day is not None]
    commitment: Commitment = Commitment.objects.create(
        merchant=merchant,
        kind=kind,
        value=value,
        from_date=max([day_of(at), *ends]),
        made_at=at,
        made_by=OWNER.reference,
    )
    events.record("commitment.made", merchant, by=OWNER, at=at, commitment=commitment.pk, kind=kind, value=value)
    return commitment


@transaction.atomic
def end_commitment(*, commitment_id: int, until_date: date, by: Actor, at: datetime) -> Commitment:
    """End a promise for deals from this day on, at the earliest tomorrow: it stays good for those made before.

    :raises microguard.core.errors.NotFound: when there is no such promise
    :raises microguard.accounts.policies.NotAllowed: for anybody but the seller's owner
    :raises NotEndable: when it has ended, or the day is today or before
    """
    profiles = profiles_of(Commitment.by_pk(commitment_id).merchant_id)
    _owned(profiles, by)
    commitment: Commitment = Commitment.objects.lock(pk=commitment_id)
    if commitment.ended_at is not None:
        raise NotEndable(_("This promise has ended already."), code="ended")
    if until_date <= day_of(at):
        raise NotEndable(_("A promise ends tomorrow at the earliest: it stays good for deals made until then."))
    commitment.until_date = max(until_date, commitment.from_date)
    commitment.ended_at, commitment.ended_by = at, OWNER.reference
    commitment.save(update_fields=["until_date", "ended_at", "ended_by"])
    events.record("commitment.ended", commitment.merchant, by=OWNER, at=at, commitment=commitment.pk)
    return commitment


def tomorrow(at: datetime) -> date:
    """Return the first day for which a promise can be ended."""
    return day_of(at) + timedelta(days=1)


def _owned(profiles: list[int], by: Actor) -> Merchant:
    """Hold the seller by the profile at its root and return the one that is owned, if it is the actor's."""
    hold(f"merchant/{profiles[0]}")
    owner = owner_of(profiles)
    merchant: Merchant = Merchant.objects.lock(pk=owner.merchant_id if owner else profiles[0])
    policies.require(by, "profile.keep", merchant)
    return merchant
