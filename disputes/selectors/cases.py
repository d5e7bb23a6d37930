"""Reading a case as one reader may see it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from complaints.models import Complaint
from complaints.selectors import complaint_by_number
from complaints.states import Side
from disputes.models import Dispute, Offer, Settlement
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.errors import NotFound
from microguard.core.references import read_case_number
from microguard.deadlines.actions import OPEN, STOPPED
from microguard.deadlines.models import Deadline

# The clocks whose ends the pages of a case tell its readers outside the desk.
SHOWN_TO_BOTH = (
    *("respondent.answer", "negotiation.term", "negotiation.term.extended", "mediation.consent"),
    *("mediator.declaration", "mediation.term", "proposal.reflection"),
    *("settlement.cooling_off", "settlement.performance"),
)
SHOWN_BEFORE_ACCEPTANCE = ("first.contact", "complaint.acceptance", "complaint.correction")
SHOWN_TO: dict[str, tuple[str, ...]] = {
    Side.RESPONDENT: SHOWN_TO_BOTH,
    Side.COMPLAINANT: (*SHOWN_BEFORE_ACCEPTANCE, *SHOWN_TO_BOTH),
    Side.OFFICE: (*SHOWN_BEFORE_ACCEPTANCE, *SHOWN_TO_BOTH),
}


@dataclass(frozen=True)
class CaseFile:
    """A case as one reader may see it."""

    complaint: Complaint
    dispute: Dispute | None
    side: str


def case_file(number: str, *, viewer: Actor) -> CaseFile:
    """Return the case for a reader who may open it.

    :raises NotFound: when there is none, and just so when it is not the reader's
    """
    dispute: Dispute | None = (
        Dispute.objects.filter(complaint__number=read_case_number(number) or "")
        .select_related("complaint", "complaint__officer", "complaint__merchant")
        .first()
    )
    if dispute is None:
        complaint = complaint_by_number(number, viewer=viewer)
        side = Side.COMPLAINANT if complaint.roles_of(viewer) else Side.OFFICE
        return CaseFile(complaint, None, side)
    if not policies.can(viewer, "case.read", dispute):
        raise NotFound("not found")
    return CaseFile(dispute.complaint, dispute, dispute.side_of(viewer))


def dispute_of(number: str, *, viewer: Actor) -> Dispute:
    """Return the dispute of a case for a reader who may open it.

    :raises NotFound: when there is none, and just so when it is not the reader's
    """
    case = case_file(number, viewer=viewer)
    if case.dispute is None:
        raise NotFound("not found")
    return case.dispute


def settlement_in_force(dispute: Dispute) -> Settlement | None:
    """Return the settlement that is not void, with its signatures, or None."""
    found: Settlement | None = (
        dispute.settlements.filter(void_at__isnull=True).prefetch_related("signatures", "obligations").first()
    )
    return found


def offers_of(dispute: Dispute) -> QuerySet[Offer]:
    """Return all offers of the case, newest first."""
    offers: QuerySet[Offer] = dispute.offers.order_by("-made_at", "-pk")
    return offers


def reconsideration(dispute: Dispute) -> Deadline | None:
    """Return the clock until whose end the buyer may take the agreement back, or None."""
    return Deadline.objects.filter(OPEN, case_id=dispute.complaint_id, rule="settlement.cooling_off").first()


def clock_of(case: CaseFile, key: int, *, viewer: Actor) -> Deadline:
    """Return a clock of the case, one that this reader is shown.

    :raises NotFound: when there is none, and just so when it is one of the office's own
    """
    clocks = Deadline.objects.filter(case_id=case.complaint.pk, pk=key)
    if not policies.can(viewer, "desk.cases"):
        clocks = clocks.filter(rule__in=SHOWN_TO[case.side])
    found = clocks.first()
    if found is None:
        raise NotFound("not found")
    return found


def mediation_stopped_since(complaint: Complaint) -> date | None:
    """Return since when the term of mediation stands still, or None."""
    term = Deadline.objects.filter(OPEN, STOPPED, case_id=complaint.pk, rule="mediation.term").first()
    return term.stopped_since if term else None


def may_accept_from(made_at: datetime) -> datetime:
    """Return from when a proposal may be accepted without waiving the day of reflection."""
    return made_at + timedelta(hours=24)
