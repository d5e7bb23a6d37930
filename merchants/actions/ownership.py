"""Deciding claims: review of a proof, the cooling period and its end, the one owner, and its release."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants.models import Merchant, Ownership, ProfileClaim
from merchants.selectors import profiles_of
from merchants.selectors.claiming import controls, owner_of
from merchants.states import CLAIMS, ClaimProof, ClaimState, ProfileState
from microguard.accounts import policies
from microguard.accounts.actors import SYSTEM, Actor
from microguard.core.errors import NotFound, Refusal
from microguard.core.locks import hold
from microguard.core.reasons import in_words
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events

CLAIMANT = Actor(reference="claimant")
OWNER = Actor(reference="owner")


class NotDecidable(Refusal):
    """The claim does not wait for this decision."""

    code = "not_decidable"


class NotOwner(Refusal):
    """Nobody owns the profile, or somebody else does."""

    code = "not_owner"


def held_seller(merchant_id: int) -> tuple[Merchant, list[int]]:
    """Return the root profile of the seller and all its profiles, with the chains of all of them held.

    :raises microguard.core.errors.NotFound: when there is none
    :raises NotDecidable: when profiles were merged or taken apart while we waited
    """
    Merchant.by_pk(merchant_id)
    profiles = profiles_of(merchant_id)
    hold(*(f"merchant/{key}" for key in profiles))
    if profiles != profiles_of(merchant_id):
        raise NotDecidable(
            _("Somebody else has just changed these profiles. Load the page again."), code="moved_on"
        )
    return Merchant.by_pk(profiles[0]), profiles


def held_claim(claim_id: int) -> tuple[ProfileClaim, list[int]]:
    """Return a claim as it is now and the profiles of its seller, with their chains held.

    :raises microguard.core.errors.NotFound: when there is none
    """
    seller_of = ProfileClaim.objects.filter(pk=claim_id).values_list("merchant_id", flat=True).first()
    if seller_of is None:
        raise NotFound("not found")
    _root, profiles = held_seller(seller_of)
    claim: ProfileClaim = ProfileClaim.objects.lock(pk=claim_id)
    return claim, profiles


def begin_cooling(claim: ProfileClaim, profiles: list[int], *, by: Actor, at: datetime) -> ProfileClaim:
    """Tell the seller's other contacts and start the period in which they may object. The caller holds the seller.

    It begins anew when the seller has got another owner or other profiles since: then others are to be told.
    """
    claim.state = CLAIMS.after("begin_cooling", claim.state)
    claim.cooling_at, claim.told_profiles, claim.told_owner = at, profiles, owner_of(profiles)
    claim.contested_at, claim.contested_by = None, ""
    claim.save()
    _stop_clocks(claim, by, at)
    deadlines.start("claim.cooling", claim.merchant, subject=claim.subject, at=at)
    events.record("claim.cooling_began", claim.merchant, by=by, at=at, claim=claim.pk)
    return claim


@transaction.atomic
def accept_proof(*, claim_id: int, by: Actor, at: datetime) -> ProfileClaim:
    """Say that the proof shows control; the cooling period begins.

    :raises microguard.core.errors.NotFound: when there is no such claim
    :raises NotDecidable: when no proof waits for a decision
    """
    claim, profiles = _at_desk(claim_id, by, at)
    if claim.state != ClaimState.UNDER_REVIEW:
        raise NotDecidable(_("No proof waits for a decision here."))
    claim.proven_at, claim.proven_by = at, by.reference
    return begin_cooling(claim, profiles, by=by, at=at)


@transaction.atomic
def refuse_claim(*, claim_id: int, reason: str, by: Actor, at: datetime) -> ProfileClaim:
    """Refuse a claim for a reason in words, which the claimant reads; another proof may be brought by a new claim.

    :raises microguard.core.errors.NotFound: when there is no such claim
    :raises microguard.core.reasons.ReasonMissing: when the reason is too short
    :raises microguard.core.machine.NotPossible: when it does not wait for a decision
    """
    claim, _profiles = _at_desk(claim_id, by, at)
    claim.state = CLAIMS.after("refuse", claim.state)
    _decided(claim, in_words(reason), by, at)
    events.record("claim.refused", claim.merchant, by=by, at=at, claim=claim.pk)
    return claim


@transaction.atomic
def grant_claim(*, claim_id: int, reason: str, by: Actor, at: datetime) -> ProfileClaim:
    """Decide a contested claim for the claimant, for a reason in words.

    When the seller has got another owner or other profiles since its contacts were told, these are told first
    and the cooling period begins anew: the claim comes back cooling, not granted.

    :raises microguard.core.errors.NotFound: when there is no such claim
    :raises microguard.core.reasons.ReasonMissing: when the reason is too short
    :raises NotDecidable: when nobody has objected
    """
    claim, profiles = _at_desk(claim_id, by, at)
    words = in_words(reason)
    if claim.state != ClaimState.CONTESTED:
        raise NotDecidable(_("Nobody has objected: the cooling period decides."))
    if _everybody_was_told(claim, profiles):
        return _grant(claim, profiles, words, by, at)
    return begin_cooling(claim, profiles, by=by, at=at)


@transaction.atomic
def end_cooling(*, claim_id: int, at: datetime) -> ProfileClaim:
    """Grant a claim whose cooling period ran out in silence.

    Contacts that were not told, because the seller has changed since, are told first. A phone that is no longer a
    handle of the seller, or that several use, goes to a person.
    """
    claim, profiles = held_claim(claim_id)
    if claim.state != ClaimState.COOLING:
        return claim
    if claim.proof == ClaimProof.PHONE and not controls(profiles, str(claim.phone)):
        claim.state = CLAIMS.after("review_again", claim.state)
        claim.proven_at, claim.proven_by = None, ""
        claim.save(update_fields=["state", "proven_at", "proven_by"])
        deadlines.start("claim.review", claim.merchant, subject=claim.subject, at=at)
        events.record("claim.proof_in_doubt", claim.merchant, by=SYSTEM, at=at, claim=claim.pk)
        return claim
    if not _everybody_was_told(claim, profiles):
        return begin_cooling(claim, profiles, by=SYSTEM, at=at)
    return _grant(claim, profiles, "", SYSTEM, at)


@transaction.atomic
def release_profile(*, merchant_id: int, by: Actor, at: datetime) -> None:
    """Give one's own profile up; it is unclaimed again.

    :raises microguard.core.errors.NotFound: when there is no such seller
    :raises microguard.accounts.policies.NotAllowed: for anybody but the owner
    """
    merchant, profiles = held_seller(merchant_id)
    owner = owner_of(profiles)
    policies.require(by, "profile.keep", owner.merchant if owner else merchant)
    if owner is None:
        raise NotOwner(_("Nobody has claimed this profile."))
    _end_ownership(owner, OWNER, at)
    Merchant.objects.filter(pk=owner.merchant_id).update(state=ProfileState.UNCLAIMED)
    events.record("profile.released", owner.merchant, by=OWNER, at=at, ownership=owner.pk)


def _at_desk(claim_id: int, by: Actor, at: datetime) -> tuple[ProfileClaim, list[int]]:
    claim, profiles = held_claim(claim_id)
    policies.require(by, "claim.decide")
    deadlines.catch_up(claim.merchant, at=at)
    claim.refresh_from_db()
    return claim, profiles


def _everybody_was_told(claim: ProfileClaim, profiles: list[int]) -> bool:
    owner = owner_of(profiles)
    return claim.told_profiles == profiles and claim.told_owner_id == (owner.pk if owner else None)


def _grant(claim: ProfileClaim, profiles: list[int], words: str, by: Actor, at: datetime) -> ProfileClaim:
    """Make the claimant the owner of the seller's root profile, in place of whoever owned it."""
    before = owner_of(profiles)
    if before is not None:
        _end_ownership(before, by, at)
    root = Merchant.by_pk(profiles[0])
    claim.state = CLAIMS.after("grant", claim.state)
    _decided(claim, words, by, at)
    owner: Ownership = Ownership.objects.create(
        merchant=root,
        claim=claim,
        phone=claim.phone,
        phone_hash=claim.phone_hash,
        language=claim.language,
        since_at=at,
        since_by=by.reference,
    )
    Merchant.objects.filter(pk=root.pk).update(state=ProfileState.CLAIMED)
    events.record("claim.granted", claim.merchant, by=by, at=at, claim=claim.pk, ownership=owner.pk)
    return claim


def _end_ownership(owner: Ownership, by: Actor, at: datetime) -> None:
    owner.ended_at, owner.ended_by = at, by.reference
    owner.save(update_fields=["ended_at", "ended_by"])


def _decided(claim: ProfileClaim, words: str, by: Actor, at: datetime) -> None:
    claim.decided_at, claim.decided_by, claim.decision_reason = at, by.reference, words
    claim.save()
    _stop_clocks(claim, by, at)


def _stop_clocks(claim: ProfileClaim, by: Actor, at: datetime) -> None:
    if by.user_id is not None:
        deadlines.meet("claim.review", claim.merchant, at=at, subject=claim.subject)
    deadlines.cancel(claim.merchant, at=at, subject=claim.subject)
