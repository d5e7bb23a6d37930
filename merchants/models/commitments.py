"""What a seller has promised to everybody who buys from it, from which day on and until which."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merchants.models.registry import Merchant
from merchants.states import COMMITMENT_RANGES, CommitmentKind
from microguard.core.models import Record, one_of, paired

IN_RANGE = Q(kind=CommitmentKind.ACCEPTS_MEDIATION, value__isnull=True)
for _kind, _range in COMMITMENT_RANGES.items():
    IN_RANGE |= Q(kind=_kind, value__isnull=False, value__range=_range)


class Commitment(Record):
    """One promise; it binds for deals paid on a day from `from_date` on and before `until_date`.

    `value` is the number of days to return goods, the multiple of the price, or the working days to answer;
    accepting mediation has none. `until_date` is the first day on which it binds no more, and is never in the past
    when it is set: what was promised for a deal stays promised.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="commitments")
    kind = models.CharField(max_length=20, choices=CommitmentKind)
    value = models.PositiveSmallIntegerField(null=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            one_of("kind", CommitmentKind),
            paired("ended"),
            models.CheckConstraint(name="merchants_commitment_value_of_kind", condition=IN_RANGE),
            models.CheckConstraint(
                name="merchants_commitment_ended_has_day",
                condition=Q(until_date__isnull=True, ended_at__isnull=True)
                | Q(until_date__gte=F("from_date"), ended_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["merchant", "kind"],
                condition=Q(ended_at__isnull=True),
                name="merchants_commitment_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant} {self.kind} {self.from_date}"

    def binds(self, first: date, last: date) -> bool:
        """Tell whether it binds for deals of every day from the first to the last."""
        return self.from_date <= first and (self.until_date is None or last < self.until_date)

    @property
    def words(self) -> str:
        """The promise as a sentence, in the reader's language."""
        n = self.value or 0
        if self.kind == CommitmentKind.RETURN_WITHIN:
            return ngettext(
                "Takes goods back within {n} day of receipt, without asking why.",
                "Takes goods back within {n} days of receipt, without asking why.",
                n,
            ).format(n=n)
        if self.kind == CommitmentKind.MULTIPLE_IF_FAKE:
            return _("Pays {n} times the price if the goods are fake.").format(n=n)
        if self.kind == CommitmentKind.ANSWERS_WITHIN:
            return ngettext(
                "Answers a complaint within {n} working day.", "Answers a complaint within {n} working days.", n
            ).format(n=n)
        return _("Accepts our mediation when a buyer complains.")
