"""A settlement: numbered sentences, signed by both, and the obligations in it."""

from django.db import models
from django.db.models import Q

from complaints.states import Side
from disputes.models.dispute import Dispute
from disputes.states import ObligationState
from microguard.core.encryption import EncryptedTextField
from microguard.core.models import Record, one_of


class Settlement(Record):
    """What both agreed. `terms` are the facts the sentences are written from; both sign their digest."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="settlements")
    version = models.PositiveIntegerField()
    terms = models.JSONField()
    digest = models.CharField(max_length=64)
    mediated = models.BooleanField()
    drafted_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)  # by both
    void_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "version"], name="disputes_settlement_version"),
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(void_at__isnull=True), name="disputes_settlement_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute} v{self.version}"


class Signature(Record):
    """One side's signature under one version: typed name and a proven one-time code."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=12, choices=Side)
    name = EncryptedTextField()
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["settlement", "side"], name="disputes_signature_once"),
            models.CheckConstraint(
                name="disputes_signature_of_a_party",
                condition=Q(side__in=(Side.COMPLAINANT, Side.RESPONDENT)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.settlement} {self.side}"


class Obligation(Record):
    """One thing one side has to do by a date; money in fen."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="obligations")
    number = models.PositiveSmallIntegerField()
    obligor = models.CharField(max_length=12, choices=Side)
    amount_fen = models.PositiveBigIntegerField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ObligationState, default=ObligationState.PENDING)
    reported_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", ObligationState),
            models.UniqueConstraint(fields=["settlement", "number"], name="disputes_obligation_numbered"),
            models.CheckConstraint(
                name="disputes_obligation_confirmed_has_instant",
                condition=~Q(state=ObligationState.CONFIRMED) | Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.settlement} #{self.number}"

    @property
    def key(self) -> str:
        """The subject of this obligation's clock."""
        return f"obligation/{self.pk}"
