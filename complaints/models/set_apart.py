"""That a complaint does not count in its seller's public record, as a person decided."""

from django.db import models
from django.db.models import Q

from complaints.models.complaint import Complaint
from microguard.core.encryption import EncryptedTextField
from microguard.core.models import Record, paired


class SetApart(Record):
    """A complaint left out of the seller's public figures, with the reason its buyer reads and may object to.

    The case itself goes on as any other. While `ended_at` is empty it counts as one of the complaints shown apart.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="settings_apart")
    reason = EncryptedTextField()
    since_at = models.DateTimeField()
    since_by = models.CharField(max_length=80)
    objection = EncryptedTextField(blank=True, default="")
    objected_at = models.DateTimeField(null=True)
    objected_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            paired("objected"),
            paired("ended"),
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(ended_at__isnull=True), name="complaints_setapart_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.since_at:%Y-%m-%d}"
