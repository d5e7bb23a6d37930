"""What a party says against a signal that is about it."""

from django.db import models
from django.db.models import Q

from complaints.models.complaint import Complaint
from complaints.states import Side
from microguard.core.models import Record, paired

LONGEST_CONTEST = 500


class SignalContest(Record):
    """A party's words beside one signal about it in one case; newer ones replace them."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="contests")
    side = models.CharField(max_length=12, choices=Side)
    signal = models.CharField(max_length=40)  # a key of microguard.law.signals
    text = models.CharField(max_length=LONGEST_CONTEST)
    contested_at = models.DateTimeField()
    contested_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            paired("contested"),
            models.UniqueConstraint(fields=["complaint", "side", "signal"], name="complaints_contest_once"),
            models.CheckConstraint(
                name="complaints_contest_of_a_party", condition=Q(side__in=(Side.COMPLAINANT, Side.RESPONDENT))
            ),
            models.CheckConstraint(name="complaints_contest_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.side} {self.signal}"
