"""What the rules of law make of a complaint: derived from its facts, and anew when facts or rules change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.states import ClaimKind, Right, RightSource
from microguard.core.models import Record, one_of, paired
from microguard.law.basis import Found


class ComplaintRight(Record):
    """A right of a consumer that the complaint alleges to be infringed; what an officer decided is kept."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="rights")
    right = models.CharField(max_length=20, choices=Right, db_column="infringed")  # "right" is a word of SQL
    source = models.CharField(max_length=10, choices=RightSource, default=RightSource.DERIVED)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            one_of("right", Right),
            one_of("source", RightSource),
            paired("decided"),
            models.UniqueConstraint(fields=["complaint", "right"], name="complaints_right_once"),
            models.CheckConstraint(
                name="complaints_right_decided_by_officer",
                condition=Q(source=RightSource.DERIVED, decided_at__isnull=True)
                | (~Q(source=RightSource.DERIVED) & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.right} {self.source}"


class LegalBasis(Record):
    """On what the claim of the complaint rests that stands worst, by the rules of a version and a day.

    `rule` is a decision table, `question` what it turned on, `reason` the key of its words.
    """

    complaint = models.OneToOneField(Complaint, on_delete=models.CASCADE, related_name="basis")
    found = models.CharField(_("basis"), max_length=12, choices=Found)
    claim = models.CharField(max_length=20, choices=ClaimKind, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    question = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    rules_version = models.CharField(max_length=12)
    rules_as_of_date = models.DateField()

    class Meta:
        constraints = [one_of("found", Found)]

    def __str__(self) -> str:
        return f"{self.found} {self.rule}"
