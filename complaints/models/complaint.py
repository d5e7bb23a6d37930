"""A complaint: who complains about whom, what is alleged and what is wanted."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from complaints.rules.law_facts import LONGEST_TOLD
from complaints.states import (
    Certainty,
    Channel,
    ClaimKind,
    ConsentRecipient,
    DeclineGround,
    PaidBy,
    Problem,
    Relationship,
    Source,
    State,
)
from merchants.models import Merchant
from merchants.states import HandleType
from microguard.accounts.actors import Actor
from microguard.accounts.models import User
from microguard.accounts.roles import Role
from microguard.core.encryption import EncryptedTextField
from microguard.core.locks import hold
from microguard.core.models import LockingQuerySet, Record, one_of, paired
from microguard.jurisdictions.divisions import full_name

COMPLAINANT = Actor(reference="complainant")
TOLD_IN_CODES = r'^\{[a-z0-9_"\[\]:,. -]*\}$'


class ComplaintQuerySet(LockingQuerySet):
    """Complaints, by who may see them and where they stand."""

    def lock(self, **key: Any) -> Any:
        """Return the complaint, with its case held until the transaction ends.

        :raises microguard.core.errors.NotFound: when no row has this key
        """
        pk = key.get("pk") or self.filter(**key).values_list("pk", flat=True).first() or 0
        hold(f"case/{pk}")
        return super().lock(pk=pk)

    def filed(self) -> "ComplaintQuerySet":
        """Leave out drafts."""
        return self.exclude(state=State.DRAFT)

    def in_scope(self, scope: str) -> "ComplaintQuerySet":
        """Keep the complaints of divisions whose code begins with the scope of a regulator."""
        return self.filter(division__startswith=scope) if scope else self.none()


def _unless_draft(**columns: Any) -> Q:
    return Q(state=State.DRAFT) | Q(**columns)


class Complaint(Record):
    """One complaint; a draft until it is filed. Its primary key is the key of the case everywhere.

    Money is in fen. The phone is in normal form, its keyed hash says whose case it is.
    """

    number = models.CharField(_("case number"), max_length=12, unique=True, null=True)
    draft_key = models.UUIDField(default=uuid.uuid4, unique=True)
    state = models.CharField(_("stage"), max_length=20, choices=State, default=State.DRAFT)
    source = models.CharField(_("source"), max_length=12, choices=Source, default=Source.WEB)
    language = models.CharField(max_length=10, default="zh-hans")

    complainant_name = EncryptedTextField(blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True)
    email = EncryptedTextField(blank=True, default="")
    division = models.CharField(_("place"), max_length=6, blank=True)

    merchant = models.ForeignKey(Merchant, null=True, on_delete=models.PROTECT, related_name="complaints")
    channel = models.CharField(max_length=20, choices=Channel, blank=True)
    relationship = models.CharField(max_length=20, choices=Relationship, blank=True)

    item = models.CharField(_("goods"), max_length=80, blank=True)
    amount_fen = models.PositiveBigIntegerField(null=True)
    paid_date = models.DateField(null=True)
    paid_date_about = models.BooleanField(default=False)
    paid_by = models.CharField(max_length=20, choices=PaidBy, blank=True)
    order_number = models.CharField(max_length=64, blank=True)
    problem = models.CharField(_("problem"), max_length=20, choices=Problem, blank=True)
    story = models.TextField(max_length=2000, blank=True)
    told_facts = models.JSONField(
        blank=True, default=dict
    )  # answers of the law's vocabulary: codes and numbers only
    minimum_yuan = EncryptedTextField(blank=True, default="")  # least the buyer would take: for the mediator only

    begun_at = models.DateTimeField()
    filed_at = models.DateTimeField(_("filed"), null=True)
    filed_by = models.CharField(max_length=80, blank=True)
    officer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="complaints")
    information_asked_at = models.DateTimeField(null=True)
    information_asked_by = models.CharField(max_length=80, blank=True)
    information_asked = models.CharField(max_length=500, blank=True)
    information_given = models.TextField(max_length=2000, blank=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=80, blank=True)
    declined_at = models.DateTimeField(null=True)
    declined_by = models.CharField(max_length=80, blank=True)
    decline_ground = models.CharField(max_length=20, choices=DeclineGround, blank=True)
    decline_reason = models.CharField(max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    objects: ClassVar[Any] = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        constraints = [
            one_of("state", State),
            one_of("source", Source),
            paired("filed"),
            paired("information_asked"),
            paired("accepted"),
            paired("declined"),
            paired("withdrawn"),
            models.CheckConstraint(
                name="complaints_complaint_filed_is_complete",
                condition=_unless_draft(
                    number__isnull=False,
                    filed_at__isnull=False,
                    amount_fen__gt=0,
                    amount_fen__lte=100_000_000,
                    paid_date__isnull=False,
                    problem__in=Problem.values,
                    paid_by__in=PaidBy.values,
                )
                & (Q(state=State.DRAFT) | (~Q(item="") & ~Q(story="") & ~Q(phone_hash="") & ~Q(division=""))),
            ),
            models.CheckConstraint(
                name="complaints_complaint_accepted_names_seller",
                condition=~Q(state=State.ACCEPTED) | Q(accepted_at__isnull=False, merchant__isnull=False),
            ),
            models.CheckConstraint(
                name="complaints_complaint_declined_has_ground",
                condition=~Q(state=State.DECLINED)
                | (Q(declined_at__isnull=False, decline_ground__in=DeclineGround.values) & ~Q(decline_reason="")),
            ),
            models.CheckConstraint(
                name="complaints_complaint_told_in_codes",
                # An object of codes and numbers: no word that a person wrote finds room in it.
                condition=Q(told_facts__regex=TOLD_IN_CODES)
                & Q(LessThanOrEqual(Length(Cast("told_facts", models.TextField())), LONGEST_TOLD)),
            ),
            models.CheckConstraint(
                name="complaints_complaint_withdrawn_has_instant",
                condition=~Q(state=State.WITHDRAWN) | Q(withdrawn_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["-filed_at", "-id"], name="complaints_by_filing"),
            models.Index(fields=["phone_hash"], name="complaints_by_phone"),
            models.Index(fields=["division", "filed_at"], name="complaints_by_division"),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"

    @property
    def case_id(self) -> int:
        """The key of the case."""
        return self.pk

    @property
    def chain(self) -> str:
        """The chain of facts of the case."""
        return f"case/{self.pk}"

    @property
    def place(self) -> str:
        """Province and city of the complainant."""
        return full_name(self.division)

    def roles_of(self, actor: Actor) -> frozenset[Role]:
        """Return COMPLAINANT for whoever has proven the phone of this complaint."""
        own = bool(actor.phone_hash) and actor.phone_hash == self.phone_hash
        return frozenset({Role.COMPLAINANT}) if own else frozenset()

    def named(self, actor: Actor) -> Actor:
        """Return the actor as facts name it: a party by its part in the case, never by its phone."""
        return COMPLAINANT if Role.COMPLAINANT in self.roles_of(actor) else actor

    def relations_of(self, actor: Actor) -> frozenset[str]:
        """Return "consented" for the regulator of the complaint's place, if the complainant lets us show it."""
        in_scope = bool(actor.scope) and self.division.startswith(actor.scope) and self.state != State.DRAFT
        if in_scope and self.consents.filter(recipient=ConsentRecipient.REGULATOR).exists():
            return frozenset({"consented"})
        return frozenset()


class SellerMention(Record):
    """One handle by which the complaint names the seller, as it was typed.

    `traced` says how sure it is where the office found it and not the buyer named it: the buyer does not read it.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="mentions")
    type = models.CharField(max_length=20, choices=HandleType)
    value = EncryptedTextField()
    value_hash = models.CharField(max_length=64, db_index=True)
    traced = models.CharField(max_length=10, choices=Certainty, blank=True)

    class Meta:
        constraints = [
            one_of("type", HandleType),
            models.UniqueConstraint(fields=["complaint", "type", "value_hash"], name="complaints_mention_once"),
        ]

    def __str__(self) -> str:
        return str(HandleType(self.type).label)


class Claim(Record):
    """One thing the complainant wants; money in fen, or "as the law sets"."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="claims")
    kind = models.CharField(max_length=20, choices=ClaimKind)
    amount_fen = models.PositiveBigIntegerField(null=True)
    as_law_sets = models.BooleanField(default=False)
    wording = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            one_of("kind", ClaimKind),
            models.UniqueConstraint(fields=["complaint", "kind"], name="complaints_claim_once"),
            models.CheckConstraint(
                name="complaints_claim_law_or_amount",
                condition=Q(as_law_sets=False) | Q(amount_fen__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(ClaimKind(self.kind).label)


class Consent(Record):
    """The complainant's consent to pass the complaint on to one recipient, with the version of its wording."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="consents")
    recipient = models.CharField(max_length=10, choices=ConsentRecipient)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("recipient", ConsentRecipient),
            models.UniqueConstraint(fields=["complaint", "recipient"], name="complaints_consent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.version}"
