"""One message to one recipient over one channel, every attempt to send it, and the ways to offices outside."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from microguard.core.encryption import EncryptedTextField
from microguard.core.models import Record, one_of, paired
from microguard.events.models import Event
from microguard.jurisdictions.models import Office


class ChannelName(models.TextChoices):
    """How a message travels."""

    EMAIL = "EMAIL", _("e-mail")
    SMS = "SMS", _("text message")
    INBOX = "INBOX", _("inbox at MicroGuard")
    WEBHOOK = "WEBHOOK", _("webhook")
    LETTER = "LETTER", _("letter")


class DispatchState(models.TextChoices):
    """What becomes of a message."""

    DUE = "DUE", _("to be sent")
    SENT = "SENT", _("sent")
    EXPIRED = "EXPIRED", _("expired")
    TO_DELIVER = "TO_DELIVER", _("letter to print and deliver")
    MOVED = "MOVED", _("went on another way")
    DEAD = "DEAD", _("needs a person")


class Manner(models.TextChoices):
    """How a person brought a message to its recipient."""

    REGISTERED_POST = "REGISTERED_POST", _("Registered post or EMS")
    IN_PERSON = "IN_PERSON", _("Handed over in person")
    FAX = "FAX", _("Fax")
    PHONE = "PHONE", _("Told by phone")
    OTHER = "OTHER", _("Another way")


class Endpoint(Record):
    """One way to an office outside; `place` is the order in which its ways are tried, from one.

    The address is a mail address, a URL or a postal address; the inbox needs none. `secret` is what the
    office verifies webhooks by. A way that was stopped is passed over until a person starts it again.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="endpoints")
    place = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, choices=ChannelName)
    address = EncryptedTextField(blank=True, default="")
    secret = EncryptedTextField(blank=True, default="")
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=80, blank=True)
    stop_reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notifications_endpoint_channel_of_offices",
                condition=Q(channel__in=[name.value for name in ChannelName if name != ChannelName.SMS]),
            ),
            models.UniqueConstraint(fields=["office", "channel"], name="notifications_endpoint_once"),
            paired("stopped"),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.channel}"


class Circuit(Record):
    """How a server that takes our messages is doing.

    Open means that it failed several times in a row: only one message in a while tries it then, so that an
    outage uses up nobody's attempts and holds up no other server.
    """

    key = models.CharField(max_length=40, unique=True)  # "mail", "webhook/3"
    failures = models.PositiveIntegerField(default=0)  # in a row
    reason = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField(null=True)
    probe_at = models.DateTimeField(null=True)  # from when on one message may try again

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notifications_circuit_open_with_probe",
                condition=Q(opened_at__isnull=True, probe_at__isnull=True)
                | Q(opened_at__isnull=False, probe_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.key


class Dispatch(Record):
    """A message as it was written for its recipient; `effect_key` makes it one effect.

    Address and text are encrypted. A message that carries a code is erased once it has gone. A notice that
    cannot go one way is written anew for the recipient's next way; without one a person has to act.
    """

    effect_key = models.CharField(max_length=160, unique=True)
    chain = models.CharField(max_length=40, blank=True)
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="dispatches")
    notice = models.CharField(max_length=80)
    recipient = models.CharField(max_length=40, blank=True)  # "complainant", "user:3", "office:2"
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="dispatches")
    endpoint = models.ForeignKey(Endpoint, null=True, on_delete=models.PROTECT, related_name="dispatches")
    channel = models.CharField(max_length=10, choices=ChannelName)
    circuit = models.CharField(max_length=40, blank=True)
    address = EncryptedTextField()
    subject = EncryptedTextField()
    body = EncryptedTextField()
    secret = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=DispatchState, default=DispatchState.DUE)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lent_until = models.DateTimeField(null=True)  # a worker is sending it
    gives_up_at = models.DateTimeField(null=True)  # after which it goes another way, however few the attempts
    forgiven = models.PositiveIntegerField(default=0)  # attempts made before a person sent it again
    expires_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # opened by the office, in its inbox
    read_by = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name_plural = "dispatches"
        constraints = [
            one_of("channel", ChannelName),
            one_of("state", DispatchState),
            paired("read"),
            models.CheckConstraint(
                name="notifications_dispatch_sent_with_instant",
                condition=Q(state="SENT", sent_at__isnull=False) | (~Q(state="SENT") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="notifications_dispatch_only_letters_are_delivered_by_hand",
                condition=~Q(state="TO_DELIVER") | Q(channel="LETTER"),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="DUE"), name="notifications_dispatch_due"),
            models.Index(fields=["chain"], name="notifications_by_chain"),
            models.Index(
                fields=["-id"], condition=Q(state__in=("DEAD", "TO_DELIVER")), name="notifications_for_a_person"
            ),
            models.Index(
                fields=["office", "-id"], condition=Q(office__isnull=False), name="notifications_by_office"
            ),
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


class Letter(Record):
    """The number of a message on paper: counted through each year without a gap."""

    dispatch = models.OneToOneField(Dispatch, on_delete=models.PROTECT, related_name="letter")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "serial"], name="notifications_letter_numbered")]

    def __str__(self) -> str:
        return f"〔{self.year}〕{self.serial}"


class HandDelivery(Record):
    """How a person brought a letter, or a message that could not be sent, to its recipient."""

    dispatch = models.OneToOneField(Dispatch, on_delete=models.PROTECT, related_name="hand_delivery")
    manner = models.CharField(max_length=20, choices=Manner)
    delivered_date = models.DateField()
    reference = models.CharField(max_length=80, blank=True)  # number of the parcel, name of the receiving desk
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)

    class Meta:
        constraints = [one_of("manner", Manner)]

    def __str__(self) -> str:
        return f"{self.dispatch} {self.manner} {self.delivered_date}"
