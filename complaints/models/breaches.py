"""That a seller did not keep, in one case, what it had promised for the deal."""

from django.db import models
from django.db.models import Q

from complaints.models.complaint import Complaint
from merchants.models import Commitment
from microguard.core.encryption import EncryptedTextField
from microguard.core.models import Record, paired


class Breach(Record):
    """A promise not kept, as a person of the office noted it with a reason; a withdrawn one says nothing."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="breaches")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="breaches")
    reason = EncryptedTextField()
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            paired("withdrawn"),
            models.UniqueConstraint(
                fields=["complaint", "commitment"],
                condition=Q(withdrawn_at__isnull=True),
                name="complaints_breach_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.commitment}"
