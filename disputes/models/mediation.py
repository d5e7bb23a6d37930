"""Mediation: consent of both, one mediator, the joint room, proposals answered double-blind."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.states import Side
from disputes.models.dispute import Dispute
from microguard.accounts.models import User
from microguard.core.encryption import EncryptedTextField
from microguard.core.models import Record


class MediationConsent(Record):
    """One side's answer to the offer of mediation."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="mediation_consents")
    side = models.CharField(max_length=12, choices=Side)
    consents = models.BooleanField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dispute", "side"], name="disputes_consent_once")]

    def __str__(self) -> str:
        return f"{self.dispute} {self.side} {self.consents}"


class Assignment(Record):
    """The mediator of a dispute; one at a time."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="assignments")
    mediator = models.ForeignKey(
        User, verbose_name=_("mediator"), on_delete=models.PROTECT, related_name="assignments"
    )
    assigned_at = models.DateTimeField()
    assigned_by = models.CharField(max_length=80)
    declared_at = models.DateTimeField(null=True)  # impartiality declared
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"],
                condition=Q(ended_at__isnull=True),
                name="disputes_assignment_one_mediator",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dispute} {self.mediator}"


class Message(Record):
    """One message in the joint room; all of the case read it."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="messages")
    side = models.CharField(max_length=12, choices=Side)
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT)  # of the office
    text = models.TextField(max_length=2000)
    posted_at = models.DateTimeField()
    key = models.CharField(max_length=80)  # of the request: sent twice, posted once

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dispute", "side", "key"], name="disputes_message_once")]
        indexes = [models.Index(fields=["dispute", "id"], name="disputes_message_in_order")]

    def __str__(self) -> str:
        return f"{self.dispute} {self.side} {self.posted_at:%Y-%m-%d %H:%M}"


class Proposal(Record):
    """The mediator's proposal: terms with reasons, answered by both without seeing the other's answer."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="proposals")
    mediator = models.ForeignKey(User, on_delete=models.PROTECT)
    amount_fen = models.PositiveBigIntegerField()
    goods_returned = models.BooleanField(default=False)
    pay_within_days = models.PositiveSmallIntegerField()
    reasons = models.CharField(max_length=1000)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)  # the joint result only

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(ended_at__isnull=True), name="disputes_proposal_one_open"
            ),
            models.CheckConstraint(
                name="disputes_proposal_result_at_end",
                condition=Q(ended_at__isnull=True, accepted__isnull=True)
                | Q(ended_at__isnull=False, accepted__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute} {self.amount_fen}"


class ProposalAnswer(Record):
    """One side's sealed answer; it may be changed until both are in."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="answers")
    side = models.CharField(max_length=12, choices=Side)
    answer = EncryptedTextField()  # "accept" or "refuse"
    answered_at = models.DateTimeField()
    waived_reflection = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "side"], name="disputes_answer_once")]

    def __str__(self) -> str:
        return f"{self.proposal} {self.side}"
