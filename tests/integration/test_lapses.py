"""What the end of a term sets in motion, at its exact instant."""

from datetime import datetime
from typing import Any

import pytest

from disputes.actions.mediation import propose
from disputes.actions.negotiation import contest, make_offer
from disputes.actions.settlement import rescind_settlement
from disputes.models import Dispute
from disputes.rules.terms import Terms
from disputes.states import State
from microguard.core.machine import NotPossible
from microguard.deadlines.actions import lapse_next, open_deadlines
from microguard.deadlines.models import Deadline
from microguard.events.models import Event
from tests.cases import a_signed_dispute, an_invited_dispute
from tests.clock import A_SECOND, MONDAY_MORNING, WEDNESDAY_MORNING
from tests.people import Office, chen, zhang
from tests.stages import a_mediation, a_negotiation


@pytest.fixture(autouse=True)
def _association(settings: Any) -> None:
    settings.OPERATOR = "consumer_association"


def sweep(at: datetime) -> None:
    while lapse_next(at=at):
        continue


def clock_of(rule: str) -> Deadline:
    return Deadline.objects.filter(rule=rule).latest("pk")


def facts(*names: str) -> list[str]:
    return list(Event.objects.filter(name__in=names).order_by("pk").values_list("name", flat=True))


def running(case: Any) -> set[str]:
    return set(open_deadlines(case).values_list("rule", flat=True))


def test_a_silent_seller_leads_to_mediation_at_the_instant_of_the_lapse(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    end = clock_of("respondent.answer").due_at

    sweep(end - A_SECOND)
    assert Dispute.by_pk(dispute.pk).state == State.AWAITING_ANSWER
    sweep(end)

    assert Dispute.by_pk(dispute.pk).state == State.MEDIATION_OFFERED
    assert facts("respondent.answer.lapsed", "mediation.offered") == [
        "respondent.answer.lapsed",
        "mediation.offered",
    ]
    assert clock_of("mediation.consent").started_at == end


def test_an_answer_a_second_before_the_end_opens_negotiation(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    end = clock_of("respondent.answer").due_at

    make_offer(dispute_id=dispute.pk, terms=Terms(1_000, 7), by=chen(), at=end - A_SECOND)
    sweep(end)

    assert Dispute.by_pk(dispute.pk).state == State.NEGOTIATION
    assert facts("respondent.answer.lapsed") == []


def test_an_answer_at_the_end_finds_mediation_offered_without_any_worker(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    end = clock_of("respondent.answer").due_at

    contest(dispute_id=dispute.pk, reason="鞋子是人为损坏的，不同意退款。", by=chen(), at=end)

    late = Dispute.by_pk(dispute.pk)
    assert (late.state, late.answered_at) == (State.MEDIATION_OFFERED, end)
    assert facts("respondent.answer.lapsed", "respondent.answered") == [
        "respondent.answer.lapsed",
        "respondent.answered",
    ]


def test_negotiation_that_leads_nowhere_ends_in_an_offer_of_mediation(office: Office) -> None:
    dispute = a_negotiation(office)
    end = clock_of("negotiation.term").due_at

    sweep(end - A_SECOND)
    assert Dispute.by_pk(dispute.pk).state == State.NEGOTIATION
    sweep(end)

    assert Dispute.by_pk(dispute.pk).state == State.MEDIATION_OFFERED
    assert "mediation.consent" in running(dispute)


def test_after_48_hours_to_reconsider_the_settlement_is_in_force(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)
    assert clock_of("settlement.cooling_off").due_at == WEDNESDAY_MORNING

    sweep(WEDNESDAY_MORNING - A_SECOND)
    assert Dispute.by_pk(dispute.pk).state == State.COOLING_OFF
    sweep(WEDNESDAY_MORNING)

    assert Dispute.by_pk(dispute.pk).state == State.PERFORMANCE


def test_in_the_last_second_the_buyer_may_take_the_agreement_back(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)

    rescind_settlement(dispute_id=dispute.pk, by=zhang(), at=WEDNESDAY_MORNING - A_SECOND)

    assert Dispute.by_pk(dispute.pk).state == State.NEGOTIATION
    assert {"settlement.cooling_off", "settlement.performance"} & running(dispute) == set()
    assert "negotiation.term" in running(dispute)


def test_at_the_end_of_the_48_hours_it_is_too_late_without_any_worker(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)

    with pytest.raises(NotPossible):
        rescind_settlement(dispute_id=dispute.pk, by=zhang(), at=WEDNESDAY_MORNING)
    sweep(WEDNESDAY_MORNING)

    assert Dispute.by_pk(dispute.pk).state == State.PERFORMANCE


def test_a_proposal_that_one_side_leaves_unanswered_ends_as_no_agreement(office: Office) -> None:
    dispute = a_mediation(office)
    proposal = propose(
        dispute_id=dispute.pk, terms=Terms(6_400, 7, note="双方各让一步。"), by=office.wang, at=MONDAY_MORNING
    )
    end = clock_of("proposal.reflection").due_at

    sweep(end - A_SECOND)
    proposal.refresh_from_db()
    assert (proposal.ended_at, proposal.accepted) == (None, None)
    sweep(end)

    proposal.refresh_from_db()
    assert (proposal.ended_at, proposal.accepted) == (end, False)
    assert Dispute.by_pk(dispute.pk).state == State.MEDIATION
    assert facts("proposal.reflection.lapsed", "proposal.not_agreed") == [
        "proposal.reflection.lapsed",
        "proposal.not_agreed",
    ]
