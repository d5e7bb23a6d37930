"""Steps by which the office looks for the seller behind a handle."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.states import Certainty, TracingKind, TracingSource
from merchants.states import HandleType
from microguard.core.encryption import EncryptedTextField
from microguard.core.models import Record, one_of
from microguard.jurisdictions.models import Office


class TracingStep(Record):
    """One place where the office looked: where from, on which day, and how sure what was found there is.

    `found` may name third persons: the buyer reads kind, source, day and certainty only. `handle_type` says which
    handle was found, "" when it was none. `office` is the platform that answered.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="tracing_steps")
    kind = models.CharField(_("where we looked"), max_length=20, choices=TracingKind)
    source = models.CharField(_("who told it"), max_length=20, choices=TracingSource)
    found_date = models.DateField()
    certainty = models.CharField(max_length=10, choices=Certainty)
    found = EncryptedTextField(blank=True, default="")
    handle_type = models.CharField(max_length=20, choices=HandleType, blank=True)
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            one_of("kind", TracingKind),
            one_of("source", TracingSource),
            one_of("certainty", Certainty),
            models.CheckConstraint(
                name="complaints_tracing_found_or_nothing",
                condition=(Q(certainty=Certainty.NOTHING) & Q(found=b"", handle_type=""))
                | (~Q(certainty=Certainty.NOTHING) & ~Q(found=b"")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.found_date}"
