"""A seller and the handles under which it was seen."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.states import HandleType, ProfileState
from microguard.accounts.actors import Actor
from microguard.accounts.roles import Role
from microguard.core import masking
from microguard.core.encryption import EncryptedTextField
from microguard.core.models import Record, one_of


class Merchant(Record):
    """A profile of a seller. Two profiles may be the same seller: a person decides that, never a rule.

    A profile that was merged points to the one it was merged into, and nothing else of it changes: its handles
    and its complaints stay its own, so that taking the merge back restores every record. The seller is the
    whole tree of profiles; `merchants.selectors.profiles_of` collects it.
    """

    public_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # in the public page's address
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    state = models.CharField(max_length=20, choices=ProfileState, default=ProfileState.UNCLAIMED)
    registered_at = models.DateTimeField()
    registered_by = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("seller")
        verbose_name_plural = _("sellers")
        constraints = [
            one_of("state", ProfileState),
            models.CheckConstraint(
                name="merchants_merchant_not_into_itself", condition=~models.Q(merged_into=models.F("id"))
            ),
        ]

    def __str__(self) -> str:
        return f"S-{self.pk}"

    @property
    def chain(self) -> str:
        """The chain of facts about this seller."""
        return f"merchant/{self.pk}"

    def roles_of(self, actor: Actor) -> frozenset[Role]:
        """Return RESPONDENT for whoever has proven the phone of the owner."""
        owns = (
            bool(actor.phone_hash)
            and self.ownerships.filter(phone_hash=actor.phone_hash, ended_at__isnull=True).exists()
        )
        return frozenset({Role.RESPONDENT}) if owns else frozenset()

    def relations_of(self, _actor: Actor) -> frozenset[str]:
        """Return none: nothing of a seller is assigned to anybody."""
        return frozenset()


class Handle(Record):
    """One handle of a seller: encrypted, found by the keyed hash of its normal form."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="handles")
    type = models.CharField(max_length=20, choices=HandleType)
    value = EncryptedTextField()
    value_hash = models.CharField(max_length=64)
    seen_at = models.DateTimeField()
    seen_by = models.CharField(max_length=80)
    seen_in = models.CharField(max_length=40)  # chain of the case in which it was named

    class Meta:
        constraints = [
            one_of("type", HandleType),
            # The same handle may belong to several sellers (an agent's code, a family phone), to each once.
            models.UniqueConstraint(fields=["merchant", "type", "value_hash"], name="merchants_handle_once"),
        ]
        indexes = [models.Index(fields=["value_hash"], name="merchants_handle_by_hash")]

    def __str__(self) -> str:
        return f"{HandleType(self.type).label} {masking.handle(self.value)}"
