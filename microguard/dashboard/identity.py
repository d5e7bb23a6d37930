"""Showing a hidden phone number at the desk: a fact like any other."""

from datetime import datetime

from django.db import transaction

from complaints.models import Complaint
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.events import actions as events


@transaction.atomic
def reveal_identity(*, complaint_id: int, by: Actor, at: datetime) -> Complaint:
    """Record that this person has seen the phone numbers of the case; the caller may show them now.

    :raises microguard.core.errors.NotFound: when there is no such case
    :raises microguard.accounts.policies.NotAllowed: when the actor may not
    """
    complaint: Complaint = Complaint.objects.lock(pk=complaint_id)
    policies.require(by, "complaint.see_identity", complaint)
    events.record("identity.revealed", complaint, by=by, at=at)
    return complaint
