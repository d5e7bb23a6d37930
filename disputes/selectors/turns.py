"""Whose turn it is: one function feeds the banner, the lists and the desk."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.states import Side
from complaints.states import State as ComplaintState
from disputes.models import Dispute, Obligation
from disputes.selectors.cases import CaseFile, settlement_in_force
from disputes.states import ObligationState, OfferState, Outcome, State
from microguard.deadlines.actions import RUNNING
from microguard.deadlines.models import Deadline

YOU, OTHER, US, DONE = "you", "other", "us", "done"


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, in one sentence; until when; and the page where the reader can act ("" when nobody can).

    `whose` is "you", "other", "us" or "done"; `due_at` is the exclusive end of the term, `clock` the term itself.
    """

    whose: str
    sentence: str | Promise
    rule: str = ""
    page: str = ""
    label: str | Promise = ""
    due_at: datetime | None = None
    clock: int | None = None


def next_action(case: CaseFile) -> Turn:
    """Return whose turn it is in this case, for this reader: the one answer that every page shows."""
    turn = _complaint_turn(case) if case.dispute is None else _TURNS[State(case.dispute.state)](case, case.dispute)
    if not turn.rule:
        return turn
    running = Deadline.objects.filter(RUNNING, case_id=case.complaint.pk, rule=turn.rule).order_by("due_at")
    due_at, clock = running.values_list("due_at", "pk").first() or (None, None)
    return replace(turn, due_at=due_at, clock=clock)


def _mine(case: CaseFile, side: str, *, mine: Turn, theirs: Turn) -> Turn:
    return mine if case.side == side else theirs


def _complaint_turn(case: CaseFile) -> Turn:
    state = case.complaint.state
    if state == ComplaintState.NEEDS_INFORMATION:
        return _mine(
            case,
            Side.COMPLAINANT,
            mine=Turn(YOU, _("We need one more thing from you."), "complaint.correction", "inform", _("Answer")),
            theirs=Turn(OTHER, _("Waiting for the buyer's answer."), "complaint.correction"),
        )
    ended = {
        ComplaintState.DECLINED: _("We cannot handle this. The reason and your other ways are below."),
        ComplaintState.WITHDRAWN: _("The complaint was withdrawn."),
        ComplaintState.REDIRECTED: _("The complaint was sent on."),
    }.get(ComplaintState(state))
    if ended:
        return Turn(DONE, ended)
    if state == ComplaintState.ACCEPTED:
        return Turn(US, _("Accepted. We are about to contact the seller."))
    if state == ComplaintState.TRACING_SELLER:
        return Turn(US, _("We are looking for the seller. What we did stands below."), "complaint.acceptance")
    return Turn(US, _("We tell you whether we take this on."), "complaint.acceptance")


def _awaiting(case: CaseFile, dispute: Dispute) -> Turn:
    if dispute.invited_at is None:
        return Turn(US, _("We are getting in touch with the seller."))
    return _mine(
        case,
        Side.RESPONDENT,
        mine=Turn(YOU, _("Answer the buyer."), "respondent.answer", "reply", _("Answer")),
        theirs=Turn(
            OTHER,
            _("The seller has to answer. If there is no answer, the case goes on by itself; you need do nothing."),
            "respondent.answer",
        ),
    )


def _negotiation(case: CaseFile, dispute: Dispute) -> Turn:
    live = {offer.side: offer for offer in dispute.offers.filter(state=OfferState.OPEN)}
    other = Side.COMPLAINANT if case.side == Side.RESPONDENT else Side.RESPONDENT
    if case.side == Side.OFFICE:
        return Turn(OTHER, _("Buyer and seller are negotiating."), "negotiation.term")
    newest = max(live.values(), key=lambda offer: offer.made_at, default=None)
    if newest is not None and newest.side == case.side:
        return Turn(
            OTHER,
            _("The other side has to answer your offer."),
            "negotiation.term",
            "offers",
            _("See the offers"),
        )
    if other in live:
        return Turn(YOU, _("Answer the other side's offer."), "negotiation.term", "offers", _("See the offer"))
    return Turn(
        YOU,
        _("Make an offer. Who offers first often settles sooner."),
        "negotiation.term",
        "offers",
        _("Make an offer"),
    )


def _mediation_offered(case: CaseFile, dispute: Dispute) -> Turn:
    answered = dict(dispute.mediation_consents.values_list("side", "consents"))
    if case.side != Side.OFFICE and case.side not in answered:
        return Turn(
            YOU,
            _("A mediator can help. Do you agree to mediation?"),
            "mediation.consent",
            "mediation",
            _("Answer"),
        )
    if len([side for side in answered.values() if side]) == 2:
        return Turn(US, _("Both agreed to mediation. We are assigning a mediator."), "mediator.declaration")
    if False in answered.values():
        return Turn(US, _("One side does not want mediation. A person at the office decides how to go on."))
    return Turn(OTHER, _("The other side has to say whether it agrees to mediation."), "mediation.consent")


def _mediation(case: CaseFile, dispute: Dispute) -> Turn:
    proposal = dispute.proposals.filter(ended_at__isnull=True).first()
    if proposal is None:
        return Turn(US, _("The mediator is working on it."), "mediation.term", "room", _("Go to the room"))
    if case.side != Side.OFFICE and not proposal.answers.filter(side=case.side).exists():
        return Turn(
            YOU, _("Answer the mediator's proposal."), "proposal.reflection", "room", _("See the proposal")
        )
    return Turn(
        OTHER,
        _("Waiting until both have answered the proposal."),
        "proposal.reflection",
        "room",
        _("Go to the room"),
    )


def _signing(case: CaseFile, dispute: Dispute) -> Turn:
    settlement = settlement_in_force(dispute)
    signed = {signature.side for signature in settlement.signatures.all()} if settlement else set()
    if case.side != Side.OFFICE and case.side not in signed:
        return Turn(YOU, _("Read the agreement and sign it."), "mediation.term", "settlement", _("Read and sign"))
    return Turn(OTHER, _("The other side has to sign."), "mediation.term", "settlement", _("Read the agreement"))


def _performance(case: CaseFile, dispute: Dispute) -> Turn:
    obligation = (
        Obligation.objects.filter(settlement__dispute=dispute, settlement__void_at__isnull=True)
        .exclude(state=ObligationState.CONFIRMED)
        .order_by("number")
        .first()
    )
    if obligation is None:
        return Turn(US, _("Nothing is open. We close the case."))
    rule = "settlement.performance"
    if obligation.state == ObligationState.CLAIMED_DONE:
        return _mine(
            case,
            Side.COMPLAINANT,
            mine=Turn(
                YOU,
                _("The seller says it has paid. Has the money arrived?"),
                rule,
                "performance",
                _("Answer"),
            ),
            theirs=Turn(
                OTHER, _("The buyer has to confirm that the money arrived."), rule, "performance", _("See")
            ),
        )
    return _mine(
        case,
        Side.RESPONDENT,
        mine=Turn(
            YOU, _("Pay what you agreed and add a screenshot of it."), rule, "performance", _("I have paid")
        ),
        theirs=Turn(OTHER, _("The seller has to pay."), rule, "performance", _("See")),
    )


def _suspended(case: CaseFile, dispute: Dispute) -> Turn:
    return Turn(US, _("The case is suspended."))


def _closed(case: CaseFile, dispute: Dispute) -> Turn:
    return Turn(DONE, Outcome(dispute.outcome).label)


_TURNS: dict[State, Callable[[CaseFile, Dispute], Turn]] = {
    State.AWAITING_ANSWER: _awaiting,
    State.NEGOTIATION: _negotiation,
    State.MEDIATION_OFFERED: _mediation_offered,
    State.MEDIATION: _mediation,
    State.SIGNING: _signing,
    State.COOLING_OFF: _performance,
    State.PERFORMANCE: _performance,
    State.SUSPENDED: _suspended,
    State.CLOSED: _closed,
}
