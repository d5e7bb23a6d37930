"""What a seller says for itself on its public page."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from merchants.models.registry import Merchant
from merchants.states import StatementState
from microguard.core.models import Record, one_of, paired

LONGEST_STATEMENT = 300


class SellerStatement(Record):
    """One statement of a seller: it waits at the desk, then is published as it is, or declined with a reason."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="statements")
    text = models.CharField(_("statement"), max_length=LONGEST_STATEMENT)
    state = models.CharField(max_length=10, choices=StatementState, default=StatementState.WAITING)
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=80)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("seller's statement")
        verbose_name_plural = _("sellers' statements")
        constraints = [
            one_of("state", StatementState),
            paired("judged"),
            # One on the page, and one beside it that waits to be read.
            models.UniqueConstraint(
                fields=["merchant", "state"],
                condition=Q(state__in=(StatementState.PUBLISHED, StatementState.WAITING)),
                name="merchants_statement_one_of_each",
            ),
            models.CheckConstraint(
                name="merchants_statement_published_was_read",
                condition=~Q(state=StatementState.PUBLISHED) | Q(judged_at__isnull=False),
            ),
            models.CheckConstraint(
                name="merchants_statement_declined_has_reason",
                condition=~Q(state=StatementState.DECLINED) | (Q(judged_at__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant} {self.offered_at:%Y-%m-%d}"
