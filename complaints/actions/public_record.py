"""Leaving a complaint out of its seller's public record: what was made up in bulk says nothing of the seller."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, SetApart
from complaints.selectors import set_apart_now
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.errors import Refusal
from microguard.core.reasons import in_words
from microguard.events import actions as events

LONGEST_REASON = LONGEST_OBJECTION = 500
SHORTEST_OBJECTION = 4


class NotApart(Refusal):
    """The complaint is set apart already, or is not, or has no seller in whose record it would count."""

    code = "not_apart"


class OddObjection(Refusal):
    """The words are too few or too many."""

    code = "odd_objection"


@transaction.atomic
def set_apart(*, complaint_id: int, reason: str, by: Actor, at: datetime) -> SetApart:
    """Leave a complaint out of the seller's public figures, with the reason its buyer reads.

    Nothing else changes: the case goes on, and a remark of a program is never enough (Order 121 art. 17 names
    circumstances that may be considered, none that decides).

    :raises microguard.core.errors.NotFound: as long as the complaint is a draft
    :raises microguard.core.reasons.ReasonMissing: when the reason is too short
    :raises NotApart: when it is set apart already, or no seller is linked
    """
    complaint: Complaint = Complaint.objects.filed().lock(pk=complaint_id)
    policies.require(by, "record.set_apart", complaint)
    words = in_words(reason)[:LONGEST_REASON]
    if complaint.merchant is None:
        raise NotApart(_("The complaint is not linked to a seller yet."), code="no_seller")
    if set_apart_now(complaint) is not None:
        raise NotApart(_("It is set apart already."), code="apart")
    apart: SetApart = SetApart.objects.create(
        complaint=complaint, reason=words, since_at=at, since_by=by.reference
    )
    events.record("record.set_apart", complaint, by=by, at=at, set_apart=apart.pk)
    return apart


@transaction.atomic
def object_to_setting_apart(*, complaint_id: int, text: str, by: Actor, at: datetime) -> SetApart:
    """Keep what the buyer says against it, in place of what was said before; every supervisor is told.

    :raises NotApart: when the complaint counts like any other
    :raises OddObjection: when the text is too short or too long
    """
    complaint: Complaint = Complaint.objects.filed().lock(pk=complaint_id)
    policies.require(by, "record.object", complaint)
    apart = _standing(complaint)
    text = text.strip().replace("\r\n", "\n")
    if not SHORTEST_OBJECTION <= len(text) <= LONGEST_OBJECTION:
        raise OddObjection(
            _("Write {least} to {most} characters."), least=SHORTEST_OBJECTION, most=LONGEST_OBJECTION
        )
    apart.objection = text
    apart.objected_at, apart.objected_by = at, complaint.named(by).reference
    apart.save(update_fields=["objection", "objected_at", "objected_by"])
    events.record("record.objected", complaint, by=complaint.named(by), at=at, set_apart=apart.pk)
    return apart


@transaction.atomic
def count_again(*, complaint_id: int, by: Actor, at: datetime) -> SetApart:
    """Let the complaint count again in the seller's public figures.

    :raises NotApart: when it counts already
    """
    complaint: Complaint = Complaint.objects.filed().lock(pk=complaint_id)
    policies.require(by, "record.set_apart", complaint)
    apart = _standing(complaint)
    apart.ended_at, apart.ended_by = at, by.reference
    apart.save(update_fields=["ended_at", "ended_by"])
    events.record("record.counts_again", complaint, by=by, at=at, set_apart=apart.pk)
    return apart


def _standing(complaint: Complaint) -> SetApart:
    apart = set_apart_now(complaint)
    if apart is None:
        raise NotApart(_("It counts like any other complaint."), code="counts")
    return apart
