"""Saying which seller a complaint is about, after that was said before."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.actions.standing import keep_standing
from complaints.models import Complaint
from complaints.states import UNDECIDED, State
from merchants.actions.registry import add_handles, withdraw_sightings
from merchants.models import Merchant
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.clock import day_of
from microguard.core.errors import Refusal
from microguard.core.locks import hold
from microguard.core.reasons import in_words
from microguard.events import actions as events
from microguard.events.actions import Chained, Fact
from microguard.events.remarks import remark

LINKABLE = UNDECIDED | {State.ACCEPTED}


class NotLinked(Refusal):
    """The complaint cannot be linked to this profile."""

    code = "not_linked"


@transaction.atomic
def link_complaint(*, complaint_id: int, merchant_id: int, reason: str, by: Actor, at: datetime) -> Complaint:
    """Say that the complaint is about this seller; linking it back undoes it.

    What was named in the case counts for this seller and no longer for the one before.

    :raises microguard.core.errors.NotFound: when there is no such complaint or profile
    :raises microguard.core.reasons.ReasonMissing: when the reason is too short
    :raises NotLinked: when it is linked so already, or the complaint has ended without a decision for it
    """
    merchant = Merchant.by_pk(merchant_id)
    before = Complaint.by_pk(complaint_id).merchant
    holders = [merchant] if before is None else [merchant, before]
    hold(f"case/{complaint_id}", *(holder.chain for holder in holders))
    complaint: Complaint = Complaint.objects.lock(pk=complaint_id)
    policies.require(by, "registry.link", complaint)
    words = in_words(reason)
    if complaint.state not in LINKABLE:
        raise NotLinked(_("Only a complaint that is under way or accepted can be linked."), code="ended")
    if complaint.merchant != before:
        raise NotLinked(_("Somebody else has just linked this complaint. Load the page again."), code="moved_on")
    if before == merchant:
        raise NotLinked(_("The complaint is linked to this seller already."), code="linked")
    complaint.merchant = merchant
    complaint.save(update_fields=["merchant"])
    keep_standing(complaint, on=day_of(at))  # another seller has promised other things
    if before is not None:
        withdraw_sightings(merchant=before, seen_in=complaint.chain, by=by, at=at)
    mentions = [(mention.type, mention.value) for mention in complaint.mentions.all()]
    add_handles(merchant=merchant, mentions=mentions, seen_in=complaint.chain, by=by, at=at)
    old = None if before is None else before.pk
    told: list[Chained] = [complaint, *holders]
    linked = [Fact("complaint.linked", each, case=complaint.pk, merchant=merchant.pk, other=old) for each in told]
    remark(events.record_all(linked, by=by, at=at)[0], words)
    return complaint
