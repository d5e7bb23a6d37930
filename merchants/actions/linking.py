"""Saying that two profiles are one seller, or that they are not. A person says it, never a rule."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants.actions.agents import AGENTS
from merchants.models import KeptApart, Merchant
from merchants.selectors import apart_between, profiles_of
from merchants.selectors.agents import supplies
from merchants.states import ProfileState
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.errors import Refusal
from microguard.core.locks import hold
from microguard.core.reasons import in_words
from microguard.events import actions as events
from microguard.events.actions import Fact
from microguard.events.remarks import remark


class NotMerged(Refusal):
    """These two profiles cannot become one seller, or cannot be taken apart."""

    code = "not_merged"


class NotKeptApart(Refusal):
    """These two profiles cannot be kept apart, or are not."""

    code = "not_kept_apart"


@transaction.atomic
def merge_profiles(*, merchant_id: int, into_id: int, reason: str, by: Actor, at: datetime) -> Merchant:
    """Let the profile `merchant_id` point to `into_id`: both are the same seller. Nothing else changes.

    :raises microguard.core.errors.NotFound: when there is no such profile
    :raises microguard.core.reasons.ReasonMissing: when the reason is too short
    :raises NotMerged: unless both are roots, of two trees, not both claimed, kept apart or in one chain of agents
    """
    merchant, into = _both(merchant_id, into_id, by)
    words = in_words(reason)
    if merchant.pk == into.pk:
        raise NotMerged(_("A profile cannot be merged into itself."), code="itself")
    if merchant.merged_into_id is not None or into.merged_into_id is not None:
        raise NotMerged(_("One of them is merged into another profile already. Choose that one."), code="no_root")
    ours, theirs = profiles_of(merchant.pk), profiles_of(into.pk)
    if _is_claimed(ours) and _is_claimed(theirs):
        raise NotMerged(
            _("Both profiles have an owner who proved to be the seller. They stay two."), code="both_claimed"
        )
    if _is_claimed(ours):
        raise NotMerged(
            _("The profile with an owner has to stay: merge the other one into it."), code="claimed_stays"
        )
    if supplies(merchant.pk, into.pk) or supplies(into.pk, merchant.pk):
        raise NotMerged(_("One of them supplies the other. End that link first."), code="supplied")
    if apart_between(ours, theirs):
        raise NotMerged(
            _("Somebody said that these two are not the same. Take that back first."), code="kept_apart"
        )
    merchant.merged_into = into
    merchant.save(update_fields=["merged_into"])
    both = [Fact("merchant.merged", each, merchant=merchant.pk, other=into.pk) for each in (merchant, into)]
    for event in events.record_all(both, by=by, at=at):
        remark(event, words)
    return merchant


@transaction.atomic
def unmerge_profile(*, merchant_id: int, by: Actor, at: datetime) -> Merchant:
    """Take a merge back: every record of the registry is as it was before.

    :raises microguard.core.errors.NotFound: when there is no such profile
    :raises NotMerged: when the profile is not merged into another
    """
    merchant = Merchant.by_pk(merchant_id)
    merchant, into = _both(merchant_id, merchant.merged_into_id or merchant_id, by)
    if merchant.merged_into_id != into.pk:
        raise NotMerged(_("This profile is not merged into another."), code="not_merged")
    merchant.merged_into = None
    merchant.save(update_fields=["merged_into"])
    both = [Fact("merchant.unmerged", each, merchant=merchant.pk, other=into.pk) for each in (merchant, into)]
    events.record_all(both, by=by, at=at)
    return merchant


@transaction.atomic
def keep_apart(*, merchant_id: int, other_id: int, reason: str, by: Actor, at: datetime) -> KeptApart:
    """Say that two profiles are not the same seller: neither is proposed for the other, and they cannot be merged.

    :raises microguard.core.errors.NotFound: when there is no such profile
    :raises microguard.core.reasons.ReasonMissing: when the reason is too short
    :raises NotKeptApart: when they are one seller already, or it was said before
    """
    merchant, other = _both(merchant_id, other_id, by)
    words = in_words(reason)
    if other.pk in profiles_of(merchant.pk):
        raise NotKeptApart(_("These two are one seller. Take the merge back first."))
    first, second = sorted((merchant.pk, other.pk))
    if KeptApart.objects.filter(first=first, second=second, ended_at__isnull=True).exists():
        raise NotKeptApart(_("That was said already."))
    said: KeptApart = KeptApart.objects.create(first_id=first, second_id=second, said_at=at, said_by=by.reference)
    both = [
        Fact("merchant.kept_apart", holder, merchant=merchant.pk, other=other.pk) for holder in (merchant, other)
    ]
    for event in events.record_all(both, by=by, at=at):
        remark(event, words)
    return said


@transaction.atomic
def end_keep_apart(*, kept_apart_id: int, by: Actor, at: datetime) -> KeptApart:
    """Take back that two profiles are not the same: they may be proposed and merged again.

    :raises microguard.core.errors.NotFound: when nobody said it
    :raises NotKeptApart: when it was taken back already
    """
    said = KeptApart.by_pk(kept_apart_id)
    first, second = _both(said.first_id, said.second_id, by)
    said.refresh_from_db()
    if said.ended_at is not None:
        raise NotKeptApart(_("That was taken back already."))
    said.ended_at, said.ended_by = at, by.reference
    said.save(update_fields=["ended_at", "ended_by"])
    both = [
        Fact("merchant.keep_apart_ended", holder, merchant=first.pk, other=second.pk) for holder in (first, second)
    ]
    events.record_all(both, by=by, at=at)
    return said


def _both(merchant_id: int, other_id: int, by: Actor) -> tuple[Merchant, Merchant]:
    """Return the two profiles as they are now, with the chains of both sellers held in one order."""
    Merchant.by_pk(merchant_id), Merchant.by_pk(other_id)
    trees = {*profiles_of(merchant_id), *profiles_of(other_id)}
    hold(AGENTS, *(f"merchant/{key}" for key in trees))
    policies.require(by, "registry.link")
    if trees != {*profiles_of(merchant_id), *profiles_of(other_id)}:  # somebody was quicker: not all are held
        raise NotMerged(_("Somebody else has just changed these profiles. Load the page again."), code="moved_on")
    return Merchant.by_pk(merchant_id), Merchant.by_pk(other_id)


def _is_claimed(profiles: Iterable[int]) -> bool:
    return bool(Merchant.objects.filter(pk__in=profiles, state=ProfileState.CLAIMED).exists())
