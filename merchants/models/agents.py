"""Who supplies whom: facts that somebody showed us, with the case in which they were seen."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merchants.models.registry import Merchant
from merchants.states import AgentReward
from microguard.core.models import Record, one_of, paired


class AgentLink(Record):
    """One seller supplies another, its agent; `until_date` is the first day on which it no longer does.

    `joining_fee_fen` is what the agent paid to join, None when that is not known; `reward` what a supplier gives
    an agent beside the agent's own sales. What was seen stands, in words, beside the event that noted it.
    """

    supplier = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="agent_links")
    agent = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="supplier_links")
    since_date = models.DateField()
    until_date = models.DateField(null=True)
    joining_fee_fen = models.PositiveBigIntegerField(null=True)
    reward = models.CharField(_("reward"), max_length=20, choices=AgentReward, default=AgentReward.UNKNOWN)
    seen_in = models.CharField(max_length=40)  # chain of the case whose files show it
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            one_of("reward", AgentReward),
            paired("ended"),
            models.CheckConstraint(name="merchants_agentlink_of_two", condition=~Q(supplier=F("agent"))),
            models.CheckConstraint(
                name="merchants_agentlink_ended_has_day",
                condition=Q(until_date__isnull=True, ended_at__isnull=True)
                | Q(until_date__gte=F("since_date"), ended_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["supplier", "agent"], condition=Q(ended_at__isnull=True), name="merchants_agentlink_once"
            ),
        ]

    def __str__(self) -> str:
        return f"S-{self.supplier_id} → S-{self.agent_id}"
