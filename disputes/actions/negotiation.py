"""The seller's answer, offers to and fro, and their acceptance."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.states import Side
from disputes.actions.access import held
from disputes.actions.mediation import drop_proposal
from disputes.actions.settlement import draft_settlement
from disputes.models import Dispute, Offer
from disputes.rules.terms import LONGEST_PAYMENT_DAYS, SHORTEST_PAYMENT_DAYS, Terms
from disputes.states import MACHINE, TALKING, OfferState, State
from microguard.accounts.actors import Actor
from microguard.core.errors import Refusal
from microguard.core.money import yuan
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events

OFFER_LIFE = timedelta(days=7)
SHORTEST_REASON = 10


class BadOffer(Refusal):
    """The offer cannot be made as it stands."""

    code = "bad_offer"


class OfferGone(Refusal):
    """The offer was replaced, has run out, or was accepted already."""

    code = "offer_gone"

    def __init__(self) -> None:
        super().__init__(_("This offer is no longer valid. Load the page again to see the present one."))


@transaction.atomic
def contest(*, dispute_id: int, reason: str, by: Actor, at: datetime) -> Dispute:
    """Answer as the seller that the claim is contested, with the reason in words.

    :raises BadOffer: when the reason is too short
    """
    dispute = held(dispute_id, "dispute.answer", by, at)
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadOffer(_("Say why you disagree, in at least 10 characters."), code="answer_reason")
    dispute.answer_text = reason.strip()
    _answered(dispute, at)
    dispute.save()
    return dispute


@transaction.atomic
def agree_to_claim(*, dispute_id: int, pay_within_days: int, by: Actor, at: datetime) -> Dispute:
    """Answer as the seller that the whole money claim is agreed to: a settlement is drafted at once.

    :raises BadOffer: when the complaint claims no sum of money
    """
    dispute = held(dispute_id, "dispute.answer", by, at)
    claimed = claimed_fen(dispute)
    if not claimed:
        raise BadOffer(_("The buyer asks for no sum of money. Make an offer in your own words instead."))
    goods_back = dispute.complaint.claims.filter(kind="RETURN_AND_REFUND").exists()
    _answered(dispute, at)
    dispute.state = MACHINE.after("agree", dispute.state)
    dispute.save()
    _end_talks(dispute, at)
    terms = Terms(claimed, pay_within_days, goods_returned=goods_back)
    _check(dispute, terms)
    draft_settlement(dispute, terms=terms, mediated=False, by=dispute.named(by), at=at)
    return dispute


def claimed_fen(dispute: Dispute) -> int:
    """Return the sum of money that the complaint claims, in fen."""
    return sum(claim.amount_fen or 0 for claim in dispute.complaint.claims.all())


@transaction.atomic
def make_offer(*, dispute_id: int, terms: Terms, by: Actor, at: datetime) -> Offer:
    """Offer terms to the other side; an own offer that is still open is replaced.

    The seller's first offer is also the answer to the complaint.

    :raises BadOffer: when the amount is none or too much, or the days for payment out of range
    :raises microguard.core.machine.NotPossible: when the case is not being talked about
    """
    dispute = held(dispute_id, "offer.make", by, at)
    _check(dispute, terms)
    side = dispute.side_of(by)
    if side == Side.RESPONDENT:
        _answered(dispute, at)
        dispute.save()
    if dispute.state not in TALKING:
        MACHINE.after("agree", dispute.state)  # refuses with the sentence for a case that has moved on
    dispute.offers.filter(side=side, state=OfferState.OPEN).update(state=OfferState.REPLACED, ended_at=at)
    offer: Offer = Offer.objects.create(
        dispute=dispute,
        side=side,
        amount_fen=terms.amount_fen,
        goods_returned=terms.goods_returned,
        pay_within_days=terms.pay_within_days,
        note=terms.note.strip(),
        made_at=at,
        valid_until=at + OFFER_LIFE,
    )
    events.record(
        "offer.made",
        dispute,
        by=dispute.named(by),
        at=at,
        offer=offer.pk,
        side=side,
        amount_fen=offer.amount_fen,
    )
    return offer


def _check(dispute: Dispute, terms: Terms) -> None:
    paid = dispute.complaint.amount_fen or 0
    most = max(paid, claimed_fen(dispute))
    if terms.amount_fen <= 0 and not terms.goods_returned and not terms.note.strip():
        raise BadOffer(_("An offer needs at least one thing: money, exchange, resend, apology or other."))
    if terms.amount_fen > most:
        raise BadOffer(_("That is more than the {most} the buyer asks for."), code="offer_over", most=yuan(most))
    if not SHORTEST_PAYMENT_DAYS <= terms.pay_within_days <= LONGEST_PAYMENT_DAYS:
        raise BadOffer(_("Choose a day for payment within 60 days."))


def _answered(dispute: Dispute, at: datetime) -> None:
    """Note the seller's first answer: its term is met and negotiation begins, unless it came too late."""
    if dispute.answered_at is not None:
        return
    dispute.answered_at, dispute.answered_by = at, "respondent"
    deadlines.meet("respondent.answer", dispute, at=at)
    deadlines.cancel(dispute, "respondent.reminder", at=at)
    if dispute.state == State.AWAITING_ANSWER:
        dispute.state = MACHINE.after("answer", dispute.state)
        deadlines.start("negotiation.term", dispute, at=at)
    events.record("respondent.answered", dispute, by=Actor(reference="respondent"), at=at)


@transaction.atomic
def accept_offer(*, dispute_id: int, offer_id: int, by: Actor, at: datetime) -> Dispute:
    """Accept the other side's offer exactly as it stands; a settlement is drafted for both to sign.

    :raises OfferGone: when it was replaced, has run out or was accepted already
    """
    dispute = held(dispute_id, "offer.accept", by, at)
    offer: Offer | None = dispute.offers.filter(pk=offer_id, state=OfferState.OPEN).first()
    if offer is None or at >= offer.valid_until or offer.side == dispute.side_of(by):
        raise OfferGone
    if dispute.side_of(by) == Side.RESPONDENT:
        _answered(dispute, at)
    dispute.state = MACHINE.after("agree", dispute.state)
    dispute.save()
    offer.state, offer.ended_at = OfferState.ACCEPTED, at
    offer.save(update_fields=["state", "ended_at"])
    _end_talks(dispute, at)
    events.record("offer.accepted", dispute, by=dispute.named(by), at=at, offer=offer.pk)
    terms = Terms(offer.amount_fen, offer.pay_within_days, offer.goods_returned, offer.note)
    draft_settlement(dispute, terms=terms, mediated=False, by=dispute.named(by), at=at)
    return dispute


def _end_talks(dispute: Dispute, at: datetime) -> None:
    drop_proposal(dispute, at=at)
    dispute.offers.filter(state=OfferState.OPEN).update(state=OfferState.ENDED, ended_at=at)
    deadlines.cancel(dispute, "negotiation.term", "mediation.consent", at=at)
