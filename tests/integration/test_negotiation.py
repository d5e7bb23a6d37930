"""Talks between the two: the link, the answer, offers, and that only one of two deeds at once stands."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from complaints.models import Claim
from disputes.actions.negotiation import (
    OFFER_LIFE,
    BadOffer,
    OfferGone,
    accept_offer,
    agree_to_claim,
    contest,
    make_offer,
)
from disputes.actions.outcome import withdraw_dispute
from disputes.models import Dispute, Offer, Settlement
from disputes.rules.terms import Terms
from disputes.states import OfferState, State
from microguard.accounts.actors import Actor
from microguard.accounts.policies import NotAllowed
from microguard.core.errors import Refusal
from microguard.core.machine import NotPossible
from microguard.deadlines.actions import lapse_next
from microguard.deadlines.models import Deadline
from microguard.events.actions import first_broken_link
from microguard.events.models import Event
from tests.cases import an_invited_dispute
from tests.clock import A_DAY, A_SECOND, MONDAY_NOON
from tests.people import Office, chen, hire_office, lin, zhang
from tests.stages import a_mediation, a_negotiation
from tests.threads import at_once, queued_up

HALF = Terms(6_400, 7)


def offer(dispute: Dispute, by: Actor, terms: Terms = HALF, at: Any = MONDAY_NOON) -> Offer:
    return make_offer(dispute_id=dispute.pk, terms=terms, by=by, at=at)


def accept(dispute: Dispute, made: Offer, by: Actor, at: Any = MONDAY_NOON) -> Dispute:
    return accept_offer(dispute_id=dispute.pk, offer_id=made.pk, by=by, at=at)


def states(dispute: Dispute) -> list[str]:
    return list(dispute.offers.order_by("pk").values_list("state", flat=True))


# --- the seller's answer ------------------------------------------------------------------------------------


def test_only_the_seller_answers(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)

    for somebody in (zhang(), lin(), office.li, office.wang):
        with pytest.raises(NotAllowed):
            contest(dispute_id=dispute.pk, reason="不是我的问题，不退款。", by=somebody, at=MONDAY_NOON)
        with pytest.raises(NotAllowed):
            agree_to_claim(dispute_id=dispute.pk, pay_within_days=7, by=somebody, at=MONDAY_NOON)


@pytest.mark.parametrize("reason", ["", "不同意", "         不同意        "])
def test_who_contests_says_why(office: Office, reason: str) -> None:
    dispute = an_invited_dispute(officer=office.li)

    with pytest.raises(BadOffer) as refused:
        contest(dispute_id=dispute.pk, reason=reason, by=chen(), at=MONDAY_NOON)

    assert refused.value.code == "answer_reason"
    assert Dispute.by_pk(dispute.pk).answered_at is None


def test_agreeing_to_the_claim_drafts_the_agreement_at_once(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)

    agreed = agree_to_claim(dispute_id=dispute.pk, pay_within_days=3, by=chen(), at=MONDAY_NOON)

    assert agreed.state == State.SIGNING
    assert Settlement.objects.get().terms["amount_fen"] == 12_800
    assert Deadline.objects.get(rule="respondent.answer").met_at == MONDAY_NOON


@pytest.mark.parametrize("days", [0, 61])
def test_a_refused_agreement_leaves_the_case_as_it_was(office: Office, days: int) -> None:
    dispute = an_invited_dispute(officer=office.li)

    with pytest.raises(BadOffer):
        agree_to_claim(dispute_id=dispute.pk, pay_within_days=days, by=chen(), at=MONDAY_NOON)

    dispute.refresh_from_db()
    assert (dispute.state, dispute.answered_at, Settlement.objects.count()) == (State.AWAITING_ANSWER, None, 0)


def test_a_claim_without_a_sum_cannot_be_agreed_to_in_money(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    Claim.objects.update(kind="APOLOGY", amount_fen=None)

    with pytest.raises(BadOffer):
        agree_to_claim(dispute_id=dispute.pk, pay_within_days=7, by=chen(), at=MONDAY_NOON)


# --- offers -------------------------------------------------------------------------------------------------


def test_only_the_parties_make_and_accept_offers(office: Office) -> None:
    dispute = a_negotiation(office)
    made = offer(dispute, chen())

    for somebody in (lin(), office.li, office.wang, office.sun):
        with pytest.raises(NotAllowed):
            offer(dispute, somebody)
        with pytest.raises(NotAllowed):
            accept(dispute, made, somebody)


def test_the_buyer_offers_nothing_before_the_seller_has_answered(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)

    with pytest.raises(NotPossible):
        offer(dispute, zhang())

    assert Offer.objects.count() == 0


def test_the_sellers_first_offer_is_the_answer(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)

    offer(dispute, chen())

    answered = Dispute.by_pk(dispute.pk)
    assert (answered.state, answered.answered_at, answered.answered_by) == (
        State.NEGOTIATION,
        MONDAY_NOON,
        "respondent",
    )


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (Terms(0, 7), "bad_offer"),
        (Terms(0, 7, note="   "), "bad_offer"),
        (Terms(-1, 7), "bad_offer"),
        (Terms(12_801, 7), "offer_over"),
        (Terms(6_400, 0), "bad_offer"),
        (Terms(6_400, 61), "bad_offer"),
    ],
)
def test_an_offer_that_cannot_be_is_refused(office: Office, terms: Terms, code: str) -> None:
    dispute = a_negotiation(office)

    with pytest.raises(BadOffer) as refused:
        offer(dispute, chen(), terms)

    assert refused.value.code == code
    assert Offer.objects.count() == 0


@pytest.mark.parametrize(
    "terms",
    [Terms(1, 1), Terms(12_800, 60), Terms(0, 7, goods_returned=True), Terms(0, 7, note="换一双新的")],
)
def test_an_offer_at_the_edge_is_taken(office: Office, terms: Terms) -> None:
    assert offer(a_negotiation(office), chen(), terms).state == OfferState.OPEN


def test_a_new_offer_replaces_ones_own_and_leaves_the_others(office: Office) -> None:
    dispute = a_negotiation(office)

    offer(dispute, chen(), Terms(1_000, 7))
    offer(dispute, zhang(), Terms(12_800, 7))
    offer(dispute, chen(), Terms(5_000, 7))

    assert states(dispute) == [OfferState.REPLACED, OfferState.OPEN, OfferState.OPEN]


def test_what_is_accepted_is_the_offer_exactly_as_it_stood(office: Office) -> None:
    dispute = a_negotiation(office)
    made = offer(dispute, chen(), Terms(5_000, 9, goods_returned=True, note="顺丰到付"))
    offer(dispute, zhang(), Terms(12_800, 7))

    accepted = accept(dispute, made, zhang())

    terms = Settlement.objects.get().terms
    assert accepted.state == State.SIGNING
    assert [terms[name] for name in ("amount_fen", "pay_within_days", "goods_returned", "note")] == [
        *(5_000, 9, True, "顺丰到付")
    ]
    assert states(dispute) == [OfferState.ACCEPTED, OfferState.ENDED]


def test_nobody_accepts_an_own_offer(office: Office) -> None:
    dispute = a_negotiation(office)

    with pytest.raises(OfferGone):
        accept(dispute, offer(dispute, chen()), chen())


def test_a_replaced_offer_is_gone(office: Office) -> None:
    dispute = a_negotiation(office)
    old = offer(dispute, chen(), Terms(1_000, 7))
    offer(dispute, chen(), Terms(5_000, 7))

    with pytest.raises(OfferGone):
        accept(dispute, old, zhang())


def test_an_offer_of_another_case_is_gone(office: Office) -> None:
    mine, other = a_negotiation(office), a_negotiation(office)

    with pytest.raises(OfferGone):
        accept(mine, offer(other, chen()), zhang())


def test_an_offer_runs_out_at_its_exact_instant(office: Office) -> None:
    dispute = a_negotiation(office)
    made = offer(dispute, chen())

    with pytest.raises(OfferGone):
        accept(dispute, made, zhang(), at=MONDAY_NOON + OFFER_LIFE)
    accepted = accept(dispute, made, zhang(), at=MONDAY_NOON + OFFER_LIFE - A_SECOND)

    assert accepted.state == State.SIGNING


def test_an_accepted_offer_is_not_accepted_twice(office: Office) -> None:
    dispute = a_negotiation(office)
    made = offer(dispute, chen())
    accept(dispute, made, zhang())

    with pytest.raises(OfferGone):
        accept(dispute, made, zhang())
    with pytest.raises(NotPossible):
        offer(dispute, chen())


def test_after_a_withdrawal_nothing_can_be_offered_or_accepted(office: Office) -> None:
    dispute = a_negotiation(office)
    made = offer(dispute, chen())
    withdraw_dispute(dispute_id=dispute.pk, solved=False, recovered_fen=None, by=zhang(), at=MONDAY_NOON)

    with pytest.raises(OfferGone):
        accept(dispute, made, zhang())
    with pytest.raises(NotPossible):
        offer(dispute, chen())
    assert states(dispute) == [OfferState.ENDED]


def test_the_two_may_still_agree_between_themselves_during_mediation(office: Office) -> None:
    dispute = a_mediation(office)

    accepted = accept(dispute, offer(dispute, chen()), zhang())

    assert accepted.state == State.SIGNING
    assert Settlement.objects.get().mediated is False


# --- at the same moment -------------------------------------------------------------------------------------


@pytest.fixture
def talks(committed: None) -> tuple[Dispute, Offer, Offer]:
    """A negotiation in which both have an open offer: the seller's and the buyer's."""
    dispute = a_negotiation(hire_office())
    return dispute, offer(dispute, chen(), Terms(5_000, 7)), offer(dispute, zhang(), Terms(9_000, 7))


def race(dispute: Dispute, *deeds: Callable[[], Any]) -> tuple[list[Any], list[Refusal]]:
    outcomes = queued_up(dispute.chain, *deeds)
    lost = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert first_broken_link(dispute.chain) is None
    return [outcome for outcome in outcomes if not isinstance(outcome, Refusal)], lost


def test_when_each_accepts_the_others_offer_at_once_one_agreement_comes_about(
    talks: tuple[Dispute, Offer, Offer],
) -> None:
    dispute, sellers, buyers = talks

    won, lost = race(dispute, lambda: accept(dispute, sellers, zhang()), lambda: accept(dispute, buyers, chen()))

    assert (len(won), [type(refusal) for refusal in lost]) == (1, [OfferGone])
    (settlement,) = Settlement.objects.all()
    (accepted,) = dispute.offers.filter(state=OfferState.ACCEPTED)
    assert settlement.terms["amount_fen"] == accepted.amount_fen


def test_a_double_tap_on_accept_makes_one_agreement(talks: tuple[Dispute, Offer, Offer]) -> None:
    dispute, sellers, _buyers = talks

    won, lost = race(dispute, *[lambda: accept(dispute, sellers, zhang())] * 5)

    assert (len(won), len(lost)) == (1, 4)
    assert Settlement.objects.count() == 1


def test_of_an_acceptance_and_a_withdrawal_at_once_one_comes_first_and_both_agree_on_it(
    talks: tuple[Dispute, Offer, Offer],
) -> None:
    dispute, _sellers, buyers = talks

    race(
        dispute,
        lambda: accept(dispute, buyers, chen()),
        lambda: withdraw_dispute(
            dispute_id=dispute.pk, solved=False, recovered_fen=None, by=zhang(), at=MONDAY_NOON
        ),
    )

    dispute.refresh_from_db()
    assert dispute.state == State.CLOSED  # a signature is not given yet: a withdrawal is possible on either side
    names = list(Event.objects.filter(chain=dispute.chain).order_by("number").values_list("name", flat=True))
    assert names[-1] == "dispute.closed"
    assert ("offer.accepted" in names) == (OfferState.ACCEPTED in states(dispute))


def test_an_offer_that_is_replaced_while_it_is_accepted_is_either_accepted_or_gone(
    talks: tuple[Dispute, Offer, Offer],
) -> None:
    dispute, sellers, _buyers = talks

    won, lost = race(
        dispute,
        lambda: accept(dispute, sellers, zhang()),
        lambda: offer(dispute, chen(), Terms(1_000, 7)),
    )

    assert (len(won), len(lost)) == (1, 1)
    assert type(lost[0]) in (OfferGone, NotPossible)
    amounts = [settlement.terms["amount_fen"] for settlement in Settlement.objects.all()]
    assert amounts == ([5_000] if isinstance(won[0], Dispute) else [])


def test_two_offers_of_one_side_at_once_leave_one_open(talks: tuple[Dispute, Offer, Offer]) -> None:
    dispute, _sellers, _buyers = talks

    won, lost = race(dispute, *[lambda n=n: offer(dispute, chen(), Terms(n, 7)) for n in (1_000, 2_000, 3_000)])

    assert (len(won), lost) == (3, [])
    assert dispute.offers.filter(side="RESPONDENT", state=OfferState.OPEN).count() == 1


def test_an_acceptance_and_the_sweep_at_the_end_of_the_talks_agree(talks: tuple[Dispute, Offer, Offer]) -> None:
    dispute, _sellers, _buyers = talks
    end = Deadline.objects.get(rule="negotiation.term").due_at
    fresh = offer(dispute, chen(), Terms(7_000, 7), at=end - A_DAY)

    def sweep() -> None:
        while lapse_next(at=end):
            continue

    # The sweep leaves a case out that somebody holds, and comes back to it.
    at_once(sweep, lambda: accept(dispute, fresh, zhang(), at=end + timedelta(seconds=1)))
    sweep()

    dispute.refresh_from_db()
    assert dispute.state == State.SIGNING  # agreed during the offer of mediation
    assert Event.objects.filter(name="negotiation.term.lapsed").count() == 1
    assert Event.objects.filter(name="mediation.offered").count() == 1
