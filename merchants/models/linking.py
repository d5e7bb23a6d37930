"""What a person said of two profiles."""

from django.db import models
from django.db.models import F, Q

from merchants.models.registry import Merchant
from microguard.core.models import Record, paired


class KeptApart(Record):
    """A person's word that two profiles are not the same seller; `first` is the older one.

    While it stands neither is proposed for the other and they cannot be merged.
    """

    first = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="merchants_keptapart_in_order", condition=Q(first__lt=F("second"))),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(ended_at__isnull=True), name="merchants_keptapart_once"
            ),
            paired("ended"),
        ]

    def __str__(self) -> str:
        return f"S-{self.first_id} ≠ S-{self.second_id}"
