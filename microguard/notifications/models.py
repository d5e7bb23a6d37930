"""One message to one recipient over one channel, and every attempt to send it."""

from django.db import models
from django.db.models import Q

from microguard.core.encryption import EncryptedTextField
from microguard.core.models import Record, one_of


class ChannelName(models.TextChoices):
    """How a message travels."""

    EMAIL = "EMAIL"
    SMS = "SMS"


class DispatchState(models.TextChoices):
    """Whether a message still has to go."""

    DUE = "DUE"
    SENT = "SENT"
    EXPIRED = "EXPIRED"


class Dispatch(Record):
    """A message as it was written for its recipient; `effect_key` makes it one effect.

    Address and text are encrypted. A message that carries a code is erased once it has gone.
    """

    effect_key = models.CharField(max_length=160, unique=True)
    chain = models.CharField(max_length=40, blank=True)
    notice = models.CharField(max_length=80)
    channel = models.CharField(max_length=10, choices=ChannelName)
    address = EncryptedTextField()
    subject = EncryptedTextField()
    body = EncryptedTextField()
    secret = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=DispatchState, default=DispatchState.DUE)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "dispatches"
        constraints = [
            one_of("channel", ChannelName),
            one_of("state", DispatchState),
            models.CheckConstraint(
                name="notifications_dispatch_sent_with_instant",
                condition=Q(state="SENT", sent_at__isnull=False) | (~Q(state="SENT") & Q(sent_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="DUE"), name="notifications_dispatch_due"),
            models.Index(fields=["chain"], name="notifications_by_chain"),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.channel} {self.pk}"


class Attempt(Record):
    """One try to hand a message over; written before the network is touched."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    outcome = models.CharField(max_length=80, blank=True)  # empty: not known (the worker died)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "number"], name="notifications_attempt_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.dispatch} attempt {self.number}: {self.outcome or '?'}"
