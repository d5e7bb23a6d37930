"""What a seller says of its own identity, and what was looked at to prove it: facts with history.

A fact is current from `stated_at` until `ended_at`. A new one ends the old; none is overwritten.
"""

from django.db import models
from django.db.models import Q

from merchants.models.registry import Merchant
from merchants.states import (
    CHECKED_LEVELS,
    ChangeKind,
    CorrectionResult,
    Exemption,
    IdentityLevel,
    LegalForm,
    LicenceKind,
    ObjectionKind,
)
from microguard.core.encryption import EncryptedTextField
from microguard.core.models import Record, one_of, paired

CURRENT = Q(ended_at__isnull=True)


class OwnFact(Record):
    """Base of what a seller says of itself."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="%(class)ss")
    stated_at = models.DateTimeField()
    stated_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.merchant} {self.stated_at:%Y-%m-%d}"


class Registration(OwnFact):
    """Either that a seller is registered, with its credit code, or why it need not be (`exemption`).

    Both are one kind of fact, so that the database keeps only one of them current. Of the ID number of the
    responsible person nothing is kept but that it was checked (`has_checked_person`). `end_reason` is why the
    office ended a statement that was not proven; "" while it stands or when the seller's next word ended it.
    """

    exemption = models.CharField(max_length=20, choices=[("", ""), *Exemption.choices], blank=True)
    code = EncryptedTextField(blank=True, default="")
    code_hash = models.CharField(max_length=64, blank=True)
    name = EncryptedTextField(blank=True, default="")  # as it is registered; of a sole trader it may be a person's
    legal_form = models.CharField(max_length=20, choices=[("", ""), *LegalForm.choices], blank=True)
    needs_licence = models.BooleanField()  # the seller says that it sells what by law needs a licence
    has_checked_person = models.BooleanField(default=False)
    end_reason = EncryptedTextField(blank=True, default="")

    class Meta:
        constraints = [
            paired("ended"),
            models.CheckConstraint(
                name="merchants_registration_one_of_two",
                condition=Q(exemption="", legal_form__in=LegalForm.values, code_hash__gt="")
                | Q(exemption__in=Exemption.values, legal_form="", code_hash=""),
            ),
            models.UniqueConstraint(
                fields=["merchant"], condition=CURRENT, name="merchants_registration_one_current"
            ),
            models.UniqueConstraint(
                fields=["code_hash"],
                condition=CURRENT & ~Q(code_hash=""),
                name="merchants_registration_one_shop",
            ),
        ]

    @property
    def subject(self) -> str:
        """The name under which the clock of its update runs on the seller's chain."""
        return f"registration/{self.pk}"


class Licence(OwnFact):
    """A licence or filing for goods that by law need one; `valid_until` is its last day, if it names one."""

    kind = models.CharField(max_length=20, choices=LicenceKind)
    licence_number = EncryptedTextField()
    number_hash = models.CharField(max_length=64)
    holder = EncryptedTextField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            paired("ended"),
            one_of("kind", LicenceKind),
            models.UniqueConstraint(
                fields=["merchant", "kind", "number_hash"], condition=CURRENT, name="merchants_licence_once"
            ),
        ]

    @property
    def subject(self) -> str:
        """The name under which the clock of its update runs on the seller's chain."""
        return f"licence/{self.pk}"


class IdentityChange(OwnFact):
    """That a registration, exemption or licence has ended or changed on a day, as the seller says.

    It is current until the seller states what holds now, or takes it back.
    """

    registration = models.ForeignKey(Registration, null=True, on_delete=models.PROTECT, related_name="changes")
    licence = models.ForeignKey(Licence, null=True, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind)
    changed_date = models.DateField()

    class Meta:
        constraints = [
            paired("ended"),
            one_of("kind", ChangeKind),
            models.CheckConstraint(
                name="merchants_identitychange_of_one",
                condition=Q(registration__isnull=True) ^ Q(licence__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["registration"], condition=CURRENT, name="merchants_identitychange_one_of_registration"
            ),
            models.UniqueConstraint(
                fields=["licence"], condition=CURRENT, name="merchants_identitychange_one_of_licence"
            ),
        ]


class Turnover(OwnFact):
    """What one shop or account of the seller turned over in a calendar year, in fen."""

    year = models.PositiveSmallIntegerField()
    shop = EncryptedTextField()
    shop_hash = models.CharField(max_length=64)
    amount_fen = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            paired("ended"),
            models.UniqueConstraint(
                fields=["merchant", "year", "shop_hash"], condition=CURRENT, name="merchants_turnover_once"
            ),
        ]


class IdentityCheck(Record):
    """That a person of the office looked at something that proves a fact.

    It is in force as long as the fact is, unless it was a mistake and was taken back.
    """

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="checks")
    level = models.CharField(max_length=20, choices=IdentityLevel)
    looked_at = EncryptedTextField()  # what was looked at, in words
    looked_date = models.DateField()
    checked_at = models.DateTimeField()
    checked_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            paired("withdrawn"),
            one_of("level", IdentityLevel),
            models.CheckConstraint(
                name="merchants_identitycheck_by_a_person", condition=Q(level__in=CHECKED_LEVELS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration} {self.level}"


class IdentityObjection(Record):
    """A seller's words against a statement on a registration, for a person of the office to answer.

    Either another profile states the code that is the seller's own, or the office ended what the seller stated.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="identity_objections")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="objections")
    kind = models.CharField(max_length=20, choices=ObjectionKind)
    explanation = EncryptedTextField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    result = models.CharField(max_length=10, choices=CorrectionResult, blank=True)
    answer = EncryptedTextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            one_of("kind", ObjectionKind),
            paired("made"),
            paired("answered"),
            models.CheckConstraint(
                name="merchants_identityobjection_answered_with_result",
                condition=Q(answered_at__isnull=True, result="")
                | Q(answered_at__isnull=False, result__in=CorrectionResult.values),
            ),
            models.UniqueConstraint(
                fields=["merchant", "registration"],
                condition=Q(answered_at__isnull=True),
                name="merchants_identityobjection_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant} {self.kind}"

    @property
    def subject(self) -> str:
        """The name under which the clock of its answer runs on the seller's chain."""
        return f"objection/{self.pk}"
