"""A party's word against a signal that is about it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, SignalContest
from complaints.models.signals import LONGEST_CONTEST
from complaints.states import Side
from disputes.models import Dispute
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.errors import Refusal
from microguard.events import actions as events
from microguard.law.signals import About, signals

ABOUT = {Side.COMPLAINANT: About.COMPLAINANT, Side.RESPONDENT: About.SELLER}
SHORTEST_CONTEST = 4


class NoSuchSignal(Refusal):
    """No signal about this party has this name."""

    code = "no_such_signal"


class OddContest(Refusal):
    """The words are too few or too many."""

    code = "odd_contest"


@transaction.atomic
def contest_signal(*, complaint_id: int, signal: str, text: str, by: Actor, at: datetime) -> SignalContest:
    """Keep what a party says against a signal about it, in place of what it said before.

    Nothing else changes: a signal decides nothing, so its denial does not either.

    :raises NoSuchSignal: when no signal about this side has this key
    :raises OddContest: when the text is too short or too long
    """
    complaint: Complaint = Complaint.objects.lock(pk=complaint_id)
    dispute = Dispute.objects.filter(complaint_id=complaint_id).select_related("complaint").first()
    policies.require(by, "signal.contest", dispute or complaint)
    side = dispute.side_of(by) if dispute else Side.COMPLAINANT
    known = signals().get(signal)
    if known is None or known.about != ABOUT.get(Side(side)):
        raise NoSuchSignal(_("There is no such remark about you. Load the page again."))
    text = text.strip().replace("\r\n", "\n")
    if len(text) < SHORTEST_CONTEST or len(text) > LONGEST_CONTEST:
        raise OddContest(_("Write {least} to {most} characters."), least=SHORTEST_CONTEST, most=LONGEST_CONTEST)
    named = (dispute or complaint).named(by)
    contest, _created = SignalContest.objects.update_or_create(
        complaint=complaint,
        side=side,
        signal=signal,
        defaults={"text": text, "contested_at": at, "contested_by": named.reference},
    )
    events.record("signal.contested", complaint, by=named, at=at, signal=signal, contest=contest.pk)
    return contest
