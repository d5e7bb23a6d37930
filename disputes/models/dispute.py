"""A dispute: an accepted complaint on its way to a settlement; and the seller's link into it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from complaints.states import Side
from disputes.states import Outcome, State
from microguard.accounts.actors import Actor
from microguard.accounts.roles import Role
from microguard.core.encryption import EncryptedTextField
from microguard.core.locks import hold
from microguard.core.models import LockingQuerySet, Record, one_of, paired

RESPONDENT = Actor(reference="respondent")


class DisputeQuerySet(LockingQuerySet):
    """Disputes, held case by case."""

    def lock(self, **key: Any) -> Any:
        """Return the dispute, with its case held until the transaction ends.

        :raises microguard.core.errors.NotFound: when no row has this key
        """
        case_id = self.filter(**key).values_list("complaint_id", flat=True).first() or 0
        hold(f"case/{case_id}")
        return super().lock(complaint_id=case_id)


class Dispute(Record):
    """The resolution of one complaint. The respondent is whoever proved a phone through the link."""

    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, related_name="dispute")
    state = models.CharField(_("stage"), max_length=20, choices=State, default=State.AWAITING_ANSWER)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    opened_at = models.DateTimeField()
    respondent_name = EncryptedTextField(blank=True, default="")
    respondent_phone = EncryptedTextField(blank=True, default="")
    respondent_phone_hash = models.CharField(max_length=64, blank=True)
    respondent_language = models.CharField(max_length=10, default="zh-hans")
    invited_at = models.DateTimeField(null=True)  # the invitation reached the seller: its clock starts
    invited_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answer_text = models.CharField(max_length=2000, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    closing_note = models.CharField(max_length=500, blank=True)
    recovered_fen = models.PositiveBigIntegerField(null=True)  # money that reached the buyer, in fen

    objects: ClassVar[Any] = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            one_of("state", State),
            paired("invited"),
            paired("answered"),
            paired("closed"),
            models.CheckConstraint(
                name="disputes_dispute_closed_has_outcome",
                condition=Q(state=State.CLOSED, closed_at__isnull=False, outcome__in=Outcome.values)
                | (~Q(state=State.CLOSED) & Q(closed_at__isnull=True, outcome="")),
            ),
        ]
        indexes = [models.Index(fields=["closed_at"], name="disputes_by_closing")]

    def __str__(self) -> str:
        return str(self.complaint)

    @property
    def case_id(self) -> int:
        """The key of the case: that of its complaint."""
        return self.complaint_id

    @property
    def chain(self) -> str:
        """The chain of facts of the case."""
        return f"case/{self.complaint_id}"

    def roles_of(self, actor: Actor) -> frozenset[Role]:
        """Return the part of whoever has proven the phone of the buyer or of the seller."""
        roles = self.complaint.roles_of(actor)
        if actor.phone_hash and actor.phone_hash == self.respondent_phone_hash:
            roles |= {Role.RESPONDENT}
        return roles

    def relations_of(self, actor: Actor) -> frozenset[str]:
        """Return "consented" for the regulator, "assigned" for the mediator of this dispute."""
        relations = self.complaint.relations_of(actor)
        if actor.user_id and self.assignments.filter(mediator_id=actor.user_id, ended_at__isnull=True).exists():
            relations |= {"assigned"}
        return relations

    def named(self, actor: Actor) -> Actor:
        """Return the actor as facts name it: a party by its part in the case, never by its phone."""
        return RESPONDENT if Role.RESPONDENT in self.roles_of(actor) else self.complaint.named(actor)

    def side_of(self, actor: Actor) -> str:
        """Return the side the actor is on: buyer, seller, or the office."""
        roles = self.roles_of(actor)
        if Role.COMPLAINANT in roles:
            return Side.COMPLAINANT
        return Side.RESPONDENT if Role.RESPONDENT in roles else Side.OFFICE


class Invitation(Record):
    """A link by which the seller enters the case: kept as a keyed hash, used once, with an end."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    denial = models.CharField(max_length=300, blank=True)  # what somebody wrote who is not the seller

    def __str__(self) -> str:
        return f"{self.dispute} {self.created_at:%Y-%m-%d}"
