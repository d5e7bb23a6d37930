"""A person of the office notes that a seller did not keep a promise in a case, or takes that back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.models import Breach, Complaint
from complaints.selectors import promises_in
from merchants.models import Commitment
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.errors import Refusal
from microguard.core.locks import hold
from microguard.core.reasons import in_words
from microguard.events import actions as events
from microguard.events.actions import Chained, Fact

LONGEST_REASON = 500


class NotABreach(Refusal):
    """The promise was none for this deal, or it is noted already, or the note has been withdrawn."""

    code = "not_a_breach"


@transaction.atomic
def note_breach(*, complaint_id: int, commitment_id: int, reason: str, by: Actor, at: datetime) -> Breach:
    """Note that the seller did not keep what it had promised for this deal, with the reason both sides read.

    :raises microguard.core.errors.NotFound: as long as the complaint is a draft
    :raises microguard.core.reasons.ReasonMissing: when the reason is too short
    :raises NotABreach: when the promise did not bind for this deal, or the breach is noted already
    """
    commitment = Commitment.by_pk(commitment_id)
    hold(f"case/{complaint_id}", commitment.merchant.chain)
    complaint: Complaint = Complaint.objects.filed().lock(pk=complaint_id)
    policies.require(by, "breach.note", complaint)
    words = in_words(reason)[:LONGEST_REASON]
    if commitment not in promises_in(complaint):
        raise NotABreach(_("The seller had not promised this for this deal."))
    if complaint.breaches.filter(commitment=commitment, withdrawn_at__isnull=True).exists():
        raise NotABreach(_("It is noted already."), code="noted")
    breach: Breach = Breach.objects.create(
        complaint=complaint, commitment=commitment, reason=words, noted_at=at, noted_by=by.reference
    )
    told: list[Chained] = [complaint, commitment.merchant]
    facts = [
        Fact("breach.noted", each, case=complaint.pk, commitment=commitment.pk, breach=breach.pk) for each in told
    ]
    events.record_all(facts, by=by, at=at)
    return breach


@transaction.atomic
def withdraw_breach(*, breach_id: int, by: Actor, at: datetime) -> Breach:
    """Take back that a promise was not kept: the note says nothing from then on.

    :raises microguard.core.errors.NotFound: when there is no such note
    :raises NotABreach: when it was withdrawn before
    """
    noted = Breach.by_pk(breach_id)
    hold(noted.complaint.chain, noted.commitment.merchant.chain)
    breach: Breach = Breach.objects.lock(pk=breach_id)
    policies.require(by, "breach.note", breach.complaint)
    if breach.withdrawn_at is not None:
        raise NotABreach(_("It has been taken back already."), code="withdrawn")
    breach.withdrawn_at, breach.withdrawn_by = at, by.reference
    breach.save(update_fields=["withdrawn_at", "withdrawn_by"])
    told: list[Chained] = [breach.complaint, breach.commitment.merchant]
    facts = [
        Fact("breach.withdrawn", each, case=breach.complaint_id, commitment=breach.commitment_id, breach=breach.pk)
        for each in told
    ]
    events.record_all(facts, by=by, at=at)
    return breach
