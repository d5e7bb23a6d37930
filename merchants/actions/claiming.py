"""Claiming a profile: proof of control, a cooling period in which the old contacts may object, one owner."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants.actions.ownership import CLAIMANT, begin_cooling, held_claim, held_seller
from merchants.models import ClaimFile, ContestLink, ProfileClaim
from merchants.selectors.claiming import controls, open_claims, owner_of, stands_alone
from merchants.states import CLAIMS, ClaimProof, ClaimState
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core import files
from microguard.core.encryption import keyed_hash
from microguard.core.errors import NotFound, Refusal
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events

MOST_FILES = 5
MOST_OPEN = 3  # undecided claims of one phone
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRTUVWXY"  # none that is mistaken for another
OLD_CONTACT = Actor(reference="old_contact")


class NotClaimable(Refusal):
    """The claim cannot be made so."""

    code = "not_claimable"


class ContestDead(Refusal):
    """The link to object no longer works: the claim was decided, or the link never existed."""

    code = "contest_dead"

    def __init__(self) -> None:
        super().__init__(_("This link no longer works. Call us if you think that somebody took your shop."))


@transaction.atomic
def begin_claim(
    *, merchant_id: int, proof: str, phone: str, language: str, by: Actor, at: datetime
) -> ProfileClaim:
    """Claim to be the seller; `by` has proven the phone by a code just now.

    A phone under which the seller is known is proof, and the cooling period begins. Other proofs are brought
    later. Nothing says which phones the seller is known by, beyond the one that was proven.

    :raises microguard.core.errors.NotFound: when there is no such seller
    :raises NotClaimable: for a phone by which the seller is not known or that several use, a second claim, the
        owner's own, or too many at once
    """
    merchant, profiles = held_seller(merchant_id)
    policies.require(by, "claim.make")
    if not by.phone_hash or proof not in ClaimProof.values:
        raise NotClaimable(_("Choose how you show that the shop is yours."), code="no_proof")
    owner = owner_of(profiles)
    if owner is not None and owner.phone_hash == by.phone_hash:
        raise NotClaimable(_("This profile is yours already."), code="yours")
    if open_claims(profiles).filter(phone_hash=by.phone_hash).exists():
        raise NotClaimable(_("You have claimed this profile already. We tell you how it goes on."), code="twice")
    if ProfileClaim.objects.filter(phone_hash=by.phone_hash, decided_at__isnull=True).count() >= MOST_OPEN:
        raise NotClaimable(_("You have claimed several profiles. Wait until one is decided."), code="too_many")
    if proof == ClaimProof.PHONE and not controls(profiles, phone):
        raise NotClaimable(
            _("This number alone does not show that the shop is yours. Choose another proof."), code="other_proof"
        )
    claim: ProfileClaim = ProfileClaim.objects.create(
        merchant=merchant,
        proof=proof,
        phone=phone,
        phone_hash=by.phone_hash,
        language=language,
        placed_code=_placed_code() if proof == ClaimProof.SIGNATURE else "",
        begun_at=at,
    )
    events.record("claim.begun", merchant, by=CLAIMANT, at=at, claim=claim.pk, kind=proof)
    if proof == ClaimProof.PHONE and stands_alone(profiles, phone):
        return _to_review(claim, at)
    if proof == ClaimProof.PHONE:
        claim.proven_at, claim.proven_by = at, CLAIMANT.reference
        begin_cooling(claim, profiles, by=CLAIMANT, at=at)
    return claim


def _placed_code() -> str:
    return "MG-" + "".join(secrets.choice(CODE_SIGNS) for _place in range(6))


def bring_proof(*, claim_id: int, uploads: list[files.Upload], by: Actor, at: datetime) -> ProfileClaim:
    """Bring the screenshot or the photo; the office looks at it in the term of `claim.review`.

    The bytes are safely on disk before the rows that name them are written.

    :raises microguard.core.errors.NotFound: when the claim is not the actor's
    :raises microguard.core.files.FileRefused: for a file that is empty, too big or of no accepted kind
    :raises microguard.core.machine.NotPossible: when no proof is awaited
    :raises NotClaimable: without a file, or with more than five
    """
    if not 1 <= len(uploads) <= MOST_FILES:
        raise NotClaimable(_("Add one to five pictures."), code="file_count")
    stored = [files.receive(upload) for upload in uploads]
    with transaction.atomic():
        claim = _own_claim(claim_id, by)
        CLAIMS.after("bring_proof", claim.state)
        for file in {file.sha256: file for file in stored}.values():
            ClaimFile.objects.create(
                claim=claim,
                content_type=file.content_type,
                size=file.size,
                sha256=file.sha256,
                view_sha256=file.view_sha256,
                added_at=at,
            )
        return _to_review(claim, at)


def _to_review(claim: ProfileClaim, at: datetime) -> ProfileClaim:
    claim.state = CLAIMS.after("bring_proof", claim.state)
    claim.save(update_fields=["state"])
    deadlines.start("claim.review", claim.merchant, subject=claim.subject, at=at)
    events.record("claim.proof_brought", claim.merchant, by=CLAIMANT, at=at, claim=claim.pk)
    return claim


@transaction.atomic
def withdraw_claim(*, claim_id: int, by: Actor, at: datetime) -> ProfileClaim:
    """Take one's own claim back.

    :raises microguard.core.errors.NotFound: when the claim is not the actor's
    :raises microguard.core.machine.NotPossible: when it was decided already
    """
    claim = _own_claim(claim_id, by)
    claim.state = CLAIMS.after("withdraw", claim.state)
    claim.decided_at, claim.decided_by = at, CLAIMANT.reference
    claim.save(update_fields=["state", "decided_at", "decided_by"])
    deadlines.cancel(claim.merchant, at=at, subject=claim.subject)
    events.record("claim.withdrawn", claim.merchant, by=CLAIMANT, at=at, claim=claim.pk)
    return claim


def _own_claim(claim_id: int, by: Actor) -> ProfileClaim:
    claim, _profiles = held_claim(claim_id)
    policies.require(by, "claim.make")
    if not by.phone_hash or claim.phone_hash != by.phone_hash:
        raise NotFound("not found")
    return claim


def make_contest_link(claim: ProfileClaim, *, at: datetime) -> str:
    """Return a fresh token with which an old contact may object; only its keyed hash is stored."""
    token = secrets.token_urlsafe(20)
    ContestLink.objects.create(claim=claim, token_hash=_token_hash(token), made_at=at)
    return token


def _token_hash(token: str) -> str:
    return keyed_hash("contest", token)


def contestable(token: str) -> ProfileClaim:
    """Return the claim to which this link objects.

    :raises ContestDead: when the link never existed or the claim was decided
    """
    link = ContestLink.objects.filter(token_hash=_token_hash(token)).select_related("claim__merchant").first()
    if link is None or link.claim.state not in (ClaimState.COOLING, ClaimState.CONTESTED):
        raise ContestDead
    claim: ProfileClaim = link.claim
    return claim


@transaction.atomic
def contest_claim(*, token: str, at: datetime) -> ProfileClaim:
    """Object to a claim by the link of a notice: an officer decides it. A second objection changes nothing.

    :raises ContestDead: when the link never existed or the claim was decided
    """
    claim, _profiles = held_claim(contestable(token).pk)
    deadlines.catch_up(claim.merchant, at=at)
    claim.refresh_from_db()
    if claim.state == ClaimState.CONTESTED:
        return claim
    if claim.state != ClaimState.COOLING:
        raise ContestDead
    claim.state = CLAIMS.after("contest", claim.state)
    claim.contested_at, claim.contested_by = at, OLD_CONTACT.reference
    claim.save(update_fields=["state", "contested_at", "contested_by"])
    deadlines.cancel(claim.merchant, "claim.cooling", at=at, subject=claim.subject)
    deadlines.start("claim.review", claim.merchant, subject=claim.subject, at=at)
    events.record("claim.contested", claim.merchant, by=OLD_CONTACT, at=at, claim=claim.pk)
    return claim
