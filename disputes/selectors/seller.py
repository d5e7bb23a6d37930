"""Reading the cases of a seller."""

from django.db.models import F, OuterRef, QuerySet, Subquery

from disputes.models import Dispute
from disputes.states import State
from microguard.deadlines.actions import RUNNING
from microguard.deadlines.models import Deadline

# Clocks that the seller sees run; the term of mediation is the office's.
SHOWN = (
    "respondent.answer",
    "negotiation.term",
    "mediation.consent",
    "proposal.reflection",
    "settlement.performance",
)
MOST = 100


def waiting_for_seller(phone_hash: str) -> QuerySet[Dispute]:
    """Return the open cases of whoever proved this phone as the seller, the most pressing first.

    `next_due_at` is the end of the clock that ends first, None where none of the seller's runs.
    """
    running = Deadline.objects.filter(RUNNING, case_id=OuterRef("complaint_id"), rule__in=SHOWN)
    first = running.order_by("due_at").values("due_at")[:1]
    mine: QuerySet[Dispute] = Dispute.objects.filter(respondent_phone_hash=phone_hash).exclude(state=State.CLOSED)
    due = mine.select_related("complaint").annotate(next_due_at=Subquery(first))
    return due.order_by(F("next_due_at").asc(nulls_last=True), "pk")[:MOST]
