"""Who proved to be the seller behind a profile: claims with their proof, and the one owner that follows."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from merchants.models.registry import Merchant
from merchants.states import CLAIM_ENDED, ClaimProof, ClaimState
from microguard.core.encryption import EncryptedTextField
from microguard.core.models import Record, one_of, paired

PROVEN_FIRST = Q(proven_at__isnull=False, cooling_at__isnull=False)


class ProfileClaim(Record):
    """Somebody's word to be the seller, from the first proof to the decision.

    `told_profiles` are the profiles of the seller whose contacts were told when the cooling period began, and
    `told_owner` the owner who was told; a seller that has changed since is told again.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="claims")
    state = models.CharField(max_length=20, choices=ClaimState, default=ClaimState.AWAITING_PROOF)
    proof = models.CharField(max_length=10, choices=ClaimProof)
    phone = EncryptedTextField()
    phone_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=10, default="zh-hans")
    placed_code = models.CharField(max_length=12, blank=True)  # to be placed in the WeChat signature
    begun_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True)
    proven_by = models.CharField(max_length=80, blank=True)
    cooling_at = models.DateTimeField(null=True)  # the other contacts were told, for the last time
    told_profiles = ArrayField(models.BigIntegerField(), default=list)
    told_owner = models.ForeignKey("merchants.Ownership", null=True, on_delete=models.PROTECT, related_name="+")
    contested_at = models.DateTimeField(null=True)
    contested_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decision_reason = EncryptedTextField(blank=True, default="")

    class Meta:
        constraints = [
            one_of("state", ClaimState),
            one_of("proof", ClaimProof),
            paired("proven"),
            paired("contested"),
            paired("decided"),
            models.UniqueConstraint(
                fields=["merchant", "phone_hash"],
                condition=~Q(state__in=CLAIM_ENDED),
                name="merchants_claim_one_open",
            ),
            models.CheckConstraint(
                name="merchants_claim_granted_after_cooling",
                condition=~Q(state__in=(ClaimState.COOLING, ClaimState.CONTESTED, ClaimState.GRANTED))
                | PROVEN_FIRST,
            ),
            models.CheckConstraint(
                name="merchants_claim_decided_at_end",
                condition=Q(state__in=CLAIM_ENDED, decided_at__isnull=False)
                | (~Q(state__in=CLAIM_ENDED) & Q(decided_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["phone_hash"], name="merchants_claim_by_phone")]

    def __str__(self) -> str:
        return f"{self.merchant} {self.state}"

    @property
    def subject(self) -> str:
        """The name under which the clocks of the claim run on the seller's chain."""
        return f"claim/{self.pk}"


class ClaimFile(Record):
    """A picture or document brought as proof; the bytes lie under their SHA-256."""

    claim = models.ForeignKey(ProfileClaim, on_delete=models.PROTECT, related_name="files")
    content_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    view_sha256 = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "sha256"], name="merchants_claimfile_once")]

    def __str__(self) -> str:
        return f"{self.claim} {self.sha256[:8]}"


class ContestLink(Record):
    """The link by which an old contact objects to a claim while that is cooling; kept as a keyed hash."""

    claim = models.ForeignKey(ProfileClaim, on_delete=models.PROTECT, related_name="contest_links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.claim} {self.made_at:%Y-%m-%d}"


class Ownership(Record):
    """The owner of a profile from one instant to another: at most one at a time, never without a granted claim."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="ownerships")
    claim = models.OneToOneField(ProfileClaim, on_delete=models.PROTECT, related_name="ownership")
    phone = EncryptedTextField()
    phone_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=10, default="zh-hans")
    since_at = models.DateTimeField()
    since_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            paired("ended"),
            models.UniqueConstraint(
                fields=["merchant"], condition=Q(ended_at__isnull=True), name="merchants_ownership_one_owner"
            ),
        ]
        indexes = [models.Index(fields=["phone_hash"], name="merchants_owner_by_phone")]

    def __str__(self) -> str:
        return f"{self.merchant} {self.since_at:%Y-%m-%d}"
