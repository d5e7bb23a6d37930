"""An objection to a seller's public record, and our answer to it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from merchants.models.registry import Merchant
from merchants.states import CorrectionResult, Figure, Wrong
from microguard.core.encryption import EncryptedTextField
from microguard.core.models import Record, one_of, paired


class Correction(Record):
    """One objection of whoever proved a phone; what it is about is marked as disputed until it is answered.

    `figure` is "" where it is about the record as a whole.
    `key` is in the address of the receipt, where the answer stands too.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="corrections")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    wrong = models.CharField(_("what is wrong"), max_length=10, choices=Wrong)
    figure = models.CharField(_("figure"), max_length=20, choices=Figure, blank=True)
    explanation = EncryptedTextField()
    phone = EncryptedTextField()
    phone_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=10, default="zh-hans")
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.CharField(max_length=80)
    result = models.CharField(_("result"), max_length=10, choices=CorrectionResult, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            one_of("wrong", Wrong),
            paired("answered"),
            models.CheckConstraint(
                name="merchants_correction_figure_known", condition=Q(figure="") | Q(figure__in=Figure.values)
            ),
            models.CheckConstraint(
                name="merchants_correction_answered_in_words",
                condition=Q(answered_at__isnull=True, result="", answer="")
                | (Q(answered_at__isnull=False, result__in=CorrectionResult.values) & ~Q(answer="")),
            ),
            models.UniqueConstraint(
                fields=["merchant", "phone_hash"],
                condition=Q(answered_at__isnull=True),
                name="merchants_correction_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant} {self.asked_at:%Y-%m-%d}"

    @property
    def subject(self) -> str:
        """The subject of this objection's clock."""
        return f"correction/{self.pk}"
