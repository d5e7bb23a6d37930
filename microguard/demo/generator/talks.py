"""What happens in a dispute until the two agree: the effects of disputes.actions, in memory."""

import secrets
from datetime import datetime, timedelta

from complaints.states import ClaimKind, Side
from disputes.actions.mediation import ACCEPTED, REFUSED
from disputes.actions.negotiation import OFFER_LIFE
from disputes.actions.opening import LINK_LIFE
from disputes.models import Assignment, Invitation, MediationConsent, Message, Offer, Proposal, ProposalAnswer
from disputes.rules.terms import Terms
from disputes.states import TALKING, OfferState, State
from microguard.accounts.actions.codes import phone_hash
from microguard.core.machine import NotPossible
from microguard.demo.generator import trades
from microguard.demo.generator.course import BUYER, SELLER, SYSTEM, Course, on_lapse
from microguard.demo.generator.settling import draft

ACTOR_OF: dict[str, str] = {Side.COMPLAINANT: BUYER, Side.RESPONDENT: SELLER}


# --- the seller comes in ---


def invite(case: Course, at: datetime) -> None:
    """Make a link and note that it reached the seller."""
    case.require(State.AWAITING_ANSWER)
    case.keep(
        Invitation,
        dispute_id=case.dispute["id"],
        token_hash=secrets.token_hex(32),  # of a token that nobody holds
        created_at=at - timedelta(minutes=case.rng.uniform(1, 40)),
        expires_at=at + LINK_LIFE,
    )
    case.dispute.update(invited_at=at, invited_by=case.staff)
    case.start("respondent.answer", at)
    case.start("respondent.reminder", at)
    case.record("respondent.invited", case.staff, at)


def enter(case: Course, at: datetime) -> None:
    """Let the seller in by the link, with his phone proven."""
    case.require(State.AWAITING_ANSWER)
    phone = case.dispute["respondent_phone"] or case.matter.seller.phone
    case.kept(Invitation)[-1].update(opened_at=at - timedelta(minutes=case.rng.uniform(1, 20)), used_at=at)
    case.dispute.update(respondent_phone=phone, respondent_phone_hash=phone_hash(phone))
    case.record("respondent.identified", SELLER, at)


def _answered(case: Course, at: datetime) -> None:
    if case.dispute["answered_at"] is not None:
        return
    case.dispute.update(answered_at=at, answered_by=SELLER)
    case.meet("respondent.answer", at)
    case.cancel("respondent.reminder", at=at)
    if case.dispute["state"] == State.AWAITING_ANSWER:
        case.move("answer")
        case.start("negotiation.term", at)
    case.record("respondent.answered", SELLER, at)


def contest(case: Course, at: datetime) -> None:
    """Answer as the seller that the claim is contested."""
    case.require(State.AWAITING_ANSWER)
    case.dispute["answer_text"] = case.rng.choice(trades.CONTESTED)
    _answered(case, at)


def agree(case: Course, at: datetime) -> None:
    """Answer as the seller that the whole claim is agreed to.  :raises NotPossible: when it is no sum of money"""
    case.require(State.AWAITING_ANSWER)
    if not case.matter.claimed_fen:
        raise NotPossible("no sum")
    _answered(case, at)
    case.move("agree")
    _end_talks(case, at)
    back = any(kind == ClaimKind.RETURN_AND_REFUND for kind, _fen, _law in case.matter.wishes)
    draft(case, Terms(case.matter.claimed_fen, _days(case), goods_returned=back), mediated=False, by=SELLER, at=at)


def _days(case: Course) -> int:
    return case.pay_days or case.rng.choice((3, 5, 7, 7, 10, 15))


def _offer(case: Course, side: str, share: float, at: datetime) -> None:
    """Offer a share of the price, in whole yuan."""
    for row in case.kept(Offer, side=side, state=OfferState.OPEN):
        row.update(state=OfferState.REPLACED, ended_at=at)
    amount_fen = max(int(case.matter.amount_fen * share) // 100 * 100, 100)
    offer = case.keep(
        Offer,
        dispute_id=case.dispute["id"],
        side=side,
        amount_fen=min(amount_fen, case.matter.amount_fen),
        goods_returned=case.rng.random() < 0.3,
        pay_within_days=_days(case),
        made_at=at,
        valid_until=at + OFFER_LIFE,
    )
    case.record("offer.made", ACTOR_OF[side], at, offer=offer["id"], side=side, amount_fen=offer["amount_fen"])


def seller_offers(case: Course, at: datetime) -> None:
    """Offer as the seller; his first offer is his answer."""
    case.require(State.AWAITING_ANSWER, *TALKING)
    first = case.dispute["answered_at"] is None
    _answered(case, at)
    _offer(case, Side.RESPONDENT, case.rng.uniform(0.2, 0.6) if first else case.rng.uniform(0.55, 0.85), at)


def buyer_offers(case: Course, at: datetime) -> None:
    """Offer as the buyer."""
    case.require(*TALKING)
    _offer(case, Side.COMPLAINANT, case.rng.uniform(0.75, 1), at)


def buyer_accepts(case: Course, at: datetime) -> None:
    """Accept the seller's offer as it stands.  :raises NotPossible: when none is open any more"""
    open_offers = case.kept(Offer, side=Side.RESPONDENT, state=OfferState.OPEN)
    if not open_offers or at >= open_offers[-1]["valid_until"]:
        raise NotPossible("no offer")
    offer = open_offers[-1]
    case.move("agree")
    offer.update(state=OfferState.ACCEPTED, ended_at=at)
    _end_talks(case, at)
    case.record("offer.accepted", BUYER, at, offer=offer["id"])
    terms = Terms(offer["amount_fen"], offer["pay_within_days"], offer["goods_returned"], offer["note"])
    draft(case, terms, mediated=False, by=BUYER, at=at)


def _end_talks(case: Course, at: datetime) -> None:
    for row in case.kept(Offer, state=OfferState.OPEN):
        row.update(state=OfferState.ENDED, ended_at=at)
    case.cancel("negotiation.term", "mediation.consent", at=at)


# --- mediation ---


def _offer_mediation(case: Course, by: str, at: datetime) -> None:
    case.move("offer_mediation")
    case.cancel("negotiation.term", "respondent.reminder", at=at)
    case.start("mediation.consent", at)
    case.record("mediation.offered", by, at)


@on_lapse("respondent.answer", "negotiation.term")
def go_on_to_mediation(case: Course, at: datetime) -> None:
    """Offer mediation when a term of the seller, or of both, has run out."""
    if case.dispute["state"] in {State.AWAITING_ANSWER, State.NEGOTIATION}:
        _offer_mediation(case, SYSTEM, at)


def ask_mediation(case: Course, at: datetime) -> None:
    """Ask for mediation as the buyer, who thereby consents."""
    case.require(State.NEGOTIATION)
    _offer_mediation(case, BUYER, at)
    _consent(case, Side.COMPLAINANT, at, consents=True)


def _consent(case: Course, side: str, at: datetime, *, consents: bool) -> None:
    case.require(State.MEDIATION_OFFERED)
    if case.kept(MediationConsent, side=side):
        raise NotPossible("answered")
    case.keep(MediationConsent, dispute_id=case.dispute["id"], side=side, consents=consents, answered_at=at)
    word = "mediation.consented" if consents else "mediation.refused"
    case.record(word, ACTOR_OF[side], at, side=side)
    if _both_consent(case):
        case.meet("mediation.consent", at)


def _both_consent(case: Course) -> bool:
    return len(case.kept(MediationConsent, consents=True)) == 2


def buyer_consents(case: Course, at: datetime) -> None:
    """Consent to mediation as the buyer."""
    _consent(case, Side.COMPLAINANT, at, consents=True)


def seller_consents(case: Course, at: datetime) -> None:
    """Consent to mediation as the seller."""
    _consent(case, Side.RESPONDENT, at, consents=True)


def seller_refuses(case: Course, at: datetime) -> None:
    """Refuse mediation as the seller."""
    _consent(case, Side.RESPONDENT, at, consents=False)


def take(case: Course, at: datetime) -> None:
    """Take the case as a mediator.  :raises NotPossible: when the office has none"""
    case.require(State.MEDIATION_OFFERED)
    if not case.books.staff.mediators:
        raise NotPossible("no mediator")
    case.mediator = case.rng.choice(case.books.staff.mediators)
    by = f"user:{case.mediator}"
    case.keep(
        Assignment,
        dispute_id=case.dispute["id"],
        mediator_id=case.mediator,
        assigned_at=at,
        assigned_by=by,
    )
    case.start("mediator.declaration", at)
    case.record("mediator.assigned", by, at, mediator=case.mediator)


def declare(case: Course, at: datetime) -> None:
    """Declare to be impartial; mediation begins, as both have consented."""
    case.require(State.MEDIATION_OFFERED)
    case.kept(Assignment)[-1]["declared_at"] = at
    case.meet("mediator.declaration", at)
    case.start("mediator.objection", at)
    case.record("mediator.declared", f"user:{case.mediator}", at)
    if _both_consent(case):
        case.move("begin_mediation")
        case.record("mediation.begun", SYSTEM, at)


def _post(case: Course, side: str, at: datetime) -> None:
    case.require(State.MEDIATION)
    office = side == Side.OFFICE
    message = case.keep(
        Message,
        dispute_id=case.dispute["id"],
        side=side,
        author_id=case.mediator if office else None,
        text=case.rng.choice(trades.MESSAGES[side]),
        posted_at=at,
        key=f"message-{len(case.kept(Message)) + 1}",
    )
    by = f"user:{case.mediator}" if office else ACTOR_OF[side]
    case.record("message.posted", by, at, message=message["id"], side=side)


def mediator_writes(case: Course, at: datetime) -> None:
    """Write as the mediator."""
    _post(case, Side.OFFICE, at)


def buyer_writes(case: Course, at: datetime) -> None:
    """Write as the buyer."""
    _post(case, Side.COMPLAINANT, at)


def seller_writes(case: Course, at: datetime) -> None:
    """Write as the seller."""
    _post(case, Side.RESPONDENT, at)


def propose(case: Course, at: datetime) -> None:
    """Propose terms as the mediator."""
    case.require(State.MEDIATION)
    proposal = case.keep(
        Proposal,
        dispute_id=case.dispute["id"],
        mediator_id=case.mediator,
        amount_fen=max(int(case.matter.amount_fen * case.rng.uniform(0.5, 0.9)) // 100 * 100, 100),
        goods_returned=case.rng.random() < 0.3,
        pay_within_days=_days(case),
        reasons=case.rng.choice(trades.REASONS),
        made_at=at,
    )
    case.start("proposal.reflection", at)
    case.record("proposal.made", f"user:{case.mediator}", at, proposal=proposal["id"])


def _answer_proposal(case: Course, side: str, at: datetime, *, accepts: bool) -> None:
    case.require(State.MEDIATION)
    proposals = case.kept(Proposal, ended_at=None)
    if not proposals:
        raise NotPossible("no proposal")
    case.keep(
        ProposalAnswer,
        proposal_id=proposals[0]["id"],
        side=side,
        answer=ACCEPTED if accepts else REFUSED,
        answered_at=at,
    )
    case.record("proposal.answered", ACTOR_OF[side], at, side=side)
    answers = [row["answer"] for row in case.kept(ProposalAnswer, proposal_id=proposals[0]["id"])]
    if len(answers) == 2:
        _end_proposal(case, accepted=answers == [ACCEPTED, ACCEPTED], at=at)


def buyer_agrees(case: Course, at: datetime) -> None:
    """Accept the proposal as the buyer."""
    _answer_proposal(case, Side.COMPLAINANT, at, accepts=True)


def seller_agrees(case: Course, at: datetime) -> None:
    """Accept the proposal as the seller."""
    _answer_proposal(case, Side.RESPONDENT, at, accepts=True)


def seller_declines(case: Course, at: datetime) -> None:
    """Refuse the proposal as the seller."""
    _answer_proposal(case, Side.RESPONDENT, at, accepts=False)


def _end_proposal(case: Course, *, accepted: bool, at: datetime) -> None:
    proposal = case.kept(Proposal, ended_at=None)[0]
    drop_proposal(case, at)
    proposal["accepted"] = accepted
    name = "proposal.accepted" if accepted else "proposal.not_agreed"
    case.record(name, SYSTEM, at, proposal=proposal["id"])
    if accepted:
        case.move("agree")
        for row in case.kept(Offer, state=OfferState.OPEN):
            row.update(state=OfferState.ENDED, ended_at=at)
        terms = Terms(proposal["amount_fen"], proposal["pay_within_days"], proposal["goods_returned"])
        draft(case, terms, mediated=True, by=SYSTEM, at=at)


@on_lapse("proposal.reflection")
def end_unanswered(case: Course, at: datetime) -> None:
    """End a proposal that was not answered by both."""
    if case.kept(Proposal, ended_at=None):
        _end_proposal(case, accepted=False, at=at)


def drop_proposal(case: Course, at: datetime) -> None:
    """End an open proposal without agreement; single answers are destroyed."""
    for proposal in case.kept(Proposal, ended_at=None):
        proposal.update(ended_at=at, accepted=False)
        for answer in case.kept(ProposalAnswer, proposal_id=proposal["id"]):
            answer["answer"] = ""
    case.cancel("proposal.reflection", at=at)
