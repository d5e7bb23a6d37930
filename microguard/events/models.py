"""Facts in one chain per case, and who still has to be handed each of them."""

from django.db import models
from django.db.models import Q

from microguard.core.encryption import EncryptedTextField
from microguard.core.models import Record

GENESIS = "0" * 64


class Event(Record):
    """One fact: what happened to a case, when, by whom. Never changed, never deleted (trigger).

    `facts` holds ids and codes only, no personal data: a chained record cannot be edited later.
    """

    chain = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    facts = models.JSONField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="events_event_numbered_once"),
            models.CheckConstraint(name="events_event_numbers_from_one", condition=Q(number__gte=1)),
        ]
        indexes = [models.Index(fields=["name", "at"], name="events_event_by_name")]

    def __str__(self) -> str:
        return f"{self.chain} #{self.number} {self.name}"


class Remark(Record):
    """What a person wrote about a fact, such as the reason for it: beside the chain, which takes no words."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="remark")
    words = EncryptedTextField()

    def __str__(self) -> str:
        return str(self.event)


class Delivery(Record):
    """One event that one subscriber has to be handed; written with the event, done exactly once."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="events_delivery_once")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(done_at__isnull=True), name="events_delivery_due")
        ]

    def __str__(self) -> str:
        return f"{self.event} -> {self.subscriber}"
