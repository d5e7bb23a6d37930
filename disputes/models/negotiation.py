"""Offers: what one side would agree to, until when."""

from django.db import models
from django.db.models import Q

from complaints.states import Side
from disputes.models.dispute import Dispute
from disputes.states import OfferState
from microguard.core.models import Record, one_of


class Offer(Record):
    """One offer of one side: money in fen, whether goods go back, how many days for payment."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="offers")
    side = models.CharField(max_length=12, choices=Side)
    amount_fen = models.PositiveBigIntegerField()
    goods_returned = models.BooleanField(default=False)
    pay_within_days = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN)
    made_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", OfferState),
            models.CheckConstraint(
                name="disputes_offer_of_a_party", condition=Q(side__in=(Side.COMPLAINANT, Side.RESPONDENT))
            ),
            models.CheckConstraint(
                name="disputes_offer_pay_days", condition=Q(pay_within_days__gte=1, pay_within_days__lte=60)
            ),
            models.UniqueConstraint(
                fields=["dispute", "side"], condition=Q(state=OfferState.OPEN), name="disputes_offer_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute} {self.side} {self.amount_fen}"
