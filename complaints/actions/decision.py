"""What the office decides on a filed complaint, and what the complainant answers."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.actions.standing import keep_standing
from complaints.models import Complaint
from complaints.states import MACHINE, DeclineGround
from merchants.actions.registry import add_handles, register_merchant, withdraw_sightings
from merchants.models import Merchant
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.clock import CHINA, day_of
from microguard.core.reasons import ReasonMissing, in_words
from microguard.deadlines import actions as deadlines
from microguard.deadlines.loaded_years import work_calendar
from microguard.events import actions as events


@transaction.atomic
def ask_information(*, complaint_id: int, question: str, by: Actor, at: datetime) -> Complaint:
    """Ask the complainant for one thing more and start the term for it.

    :raises microguard.core.machine.NotPossible: unless the complaint waits for a decision
    :raises ReasonMissing: when the question is too short to be understood
    """
    complaint = _open(complaint_id, "complaint.decide", by, at)
    complaint.state = MACHINE.after("ask_information", complaint.state)
    complaint.information_asked = in_words(question)
    complaint.information_asked_at, complaint.information_asked_by = at, by.reference
    complaint.save()
    _meet_first_contact(complaint, by, at)
    decision_due = deadlines.due("complaint.acceptance", complaint)
    latest = working_day_before(decision_due) if decision_due else None
    deadlines.start("complaint.correction", complaint, at=at, not_after=latest)
    events.record("complaint.information_asked", complaint, by=by, at=at)
    return complaint


def working_day_before(decision_due: datetime) -> datetime:
    """Return the end of the last working day before the day on which acceptance must be decided."""
    day = day_of(decision_due - timedelta(microseconds=1)) - timedelta(days=1)
    while not work_calendar().is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time.min, CHINA)


@transaction.atomic
def give_information(*, complaint_id: int, answer: str, by: Actor, at: datetime) -> Complaint:
    """Answer what the office asked; files go in by add_evidence.

    :raises microguard.core.machine.NotPossible: when nothing is asked any more
    """
    complaint = _open(complaint_id, "complaint.answer_office", by, at)
    complaint.state = MACHINE.after("give_information", complaint.state)
    complaint.information_given = answer.strip()
    complaint.save()
    deadlines.meet("complaint.correction", complaint, at=at)
    events.record("complaint.information_given", complaint, by=complaint.named(by), at=at)
    return complaint


@transaction.atomic
def accept_complaint(*, complaint_id: int, merchant_id: int | None = None, by: Actor, at: datetime) -> Complaint:
    """Accept the complaint and start the mediation term.

    The seller is the registry's `merchant_id`, chosen by the officer among candidates, or a new unclaimed
    profile with the handles of the complaint.

    :raises microguard.core.machine.NotPossible: when it was decided already
    """
    complaint = _open(complaint_id, "complaint.decide", by, at)
    complaint.state = MACHINE.after("accept", complaint.state)
    mentions = [(mention.type, mention.value) for mention in complaint.mentions.all()]
    if complaint.merchant is not None and complaint.merchant.pk != merchant_id:  # it was linked before
        withdraw_sightings(merchant=complaint.merchant, seen_in=complaint.chain, by=by, at=at)
    if merchant_id is None:
        complaint.merchant = register_merchant(mentions=mentions, seen_in=complaint.chain, by=by, at=at)
    else:
        complaint.merchant = Merchant.by_pk(merchant_id)
        add_handles(merchant=complaint.merchant, mentions=mentions, seen_in=complaint.chain, by=by, at=at)
    complaint.accepted_at, complaint.accepted_by = at, by.reference
    complaint.save()
    keep_standing(complaint, on=day_of(at))  # the seller is known now, and what it had promised
    _decided(complaint, by, at)
    deadlines.start("mediation.term", complaint, at=at)
    events.record("complaint.accepted", complaint, by=by, at=at, merchant=complaint.merchant.pk)
    return complaint


@transaction.atomic
def decline_complaint(*, complaint_id: int, ground: str, reason: str, by: Actor, at: datetime) -> Complaint:
    """Decline the complaint on a published ground, with the reason in words.

    :raises microguard.core.machine.NotPossible: when it was decided already
    :raises ReasonMissing: without ground or reason
    """
    complaint = _open(complaint_id, "complaint.decide", by, at)
    complaint.state = MACHINE.after("decline", complaint.state)
    if ground not in DeclineGround.values:
        raise ReasonMissing(_("Choose why it is not accepted."))
    complaint.decline_ground, complaint.decline_reason = ground, in_words(reason)
    complaint.declined_at, complaint.declined_by = at, by.reference
    complaint.save()
    _decided(complaint, by, at)
    events.record("complaint.declined", complaint, by=by, at=at, ground=ground)
    return complaint


@transaction.atomic
def withdraw_complaint(*, complaint_id: int, by: Actor, at: datetime) -> Complaint:
    """Withdraw a complaint that is not decided yet.

    :raises microguard.core.machine.NotPossible: when it was decided already
    """
    complaint = _open(complaint_id, "complaint.withdraw", by, at)
    complaint.state = MACHINE.after("withdraw", complaint.state)
    complaint.withdrawn_at, complaint.withdrawn_by = at, complaint.named(by).reference
    complaint.save()
    deadlines.cancel(complaint, at=at)
    events.record("complaint.withdrawn", complaint, by=complaint.named(by), at=at)
    return complaint


def _open(complaint_id: int, action: str, by: Actor, at: datetime) -> Complaint:
    complaint: Complaint = Complaint.objects.lock(pk=complaint_id)
    policies.require(by, action, complaint)
    deadlines.catch_up(complaint, at=at)
    complaint.refresh_from_db()
    return complaint


def _meet_first_contact(complaint: Complaint, by: Actor, at: datetime) -> None:
    if complaint.officer_id is None and by.user_id is not None:
        complaint.officer_id = by.user_id
        complaint.save(update_fields=["officer"])
    deadlines.meet("first.contact", complaint, at=at)
    deadlines.meet("safety.triage", complaint, at=at)


def _decided(complaint: Complaint, by: Actor, at: datetime) -> None:
    _meet_first_contact(complaint, by, at)
    for rule in ("complaint.acceptance", "complaint.acceptance.target"):
        deadlines.meet(rule, complaint, at=at)
    deadlines.cancel(complaint, "complaint.correction", at=at)
