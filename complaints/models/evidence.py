"""A file put into a case: its fingerprint, what it is, who brought it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.states import EvidenceKind, Side
from microguard.core.encryption import EncryptedTextField
from microguard.core.models import Record, one_of


class Evidence(Record):
    """One file. The original's bytes lie under their SHA-256 and are never changed; pages show the view copy."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="evidence")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    side = models.CharField(max_length=12, choices=Side)
    kind = models.CharField(max_length=12, choices=EvidenceKind, default=EvidenceKind.OTHER)
    name = EncryptedTextField()
    content_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    view_sha256 = models.CharField(max_length=64, blank=True)  # empty: nothing to show, only to download
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            one_of("side", Side),
            one_of("kind", EvidenceKind),
            models.UniqueConstraint(
                fields=["complaint", "side", "sha256"],
                condition=models.Q(removed_at__isnull=True),
                name="complaints_evidence_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.kind} {self.sha256[:8]}"
