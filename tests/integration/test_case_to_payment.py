"""One complaint from filing to money paid back, by the actions alone."""

from complaints.models import Complaint
from complaints.states import State as ComplaintState
from disputes.actions.performance import confirm_performance, report_performance
from disputes.states import Outcome, State
from microguard.core.clock import CHINA
from microguard.deadlines.actions import open_deadlines
from microguard.events.actions import first_broken_link
from microguard.events.models import Event
from tests.cases import a_picture, a_signed_dispute, an_invited_dispute
from tests.clock import MONDAY_NOON, TUESDAY_MORNING
from tests.people import Office, chen, zhang


def test_a_signed_agreement_that_is_kept_closes_the_case_as_performed(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)

    report_performance(dispute_id=dispute.pk, proof=a_picture(), by=chen(), at=MONDAY_NOON)
    closed = confirm_performance(dispute_id=dispute.pk, by=zhang(), at=TUESDAY_MORNING)

    assert (closed.state, closed.outcome) == (State.CLOSED, Outcome.PERFORMED)
    assert closed.recovered_fen == 6_400
    assert [deadline.rule for deadline in open_deadlines(closed)] == ["case.evaluation"]
    assert first_broken_link(closed.chain) is None


def test_acceptance_registers_an_unclaimed_seller_with_the_handle(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)

    complaint = Complaint.by_pk(dispute.complaint_id)

    assert complaint.state == ComplaintState.ACCEPTED
    assert complaint.merchant is not None
    assert [handle.value for handle in complaint.merchant.handles.all()] == ["shoes_2026"]
    assert complaint.merchant.state == "UNCLAIMED"


def test_every_step_left_one_event_in_the_chain_of_the_case(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)

    names = list(Event.objects.filter(chain=dispute.chain).order_by("number").values_list("name", flat=True))

    assert names == [
        "complaint.filed",
        "complaint.accepted",
        "dispute.opened",
        "respondent.invited",
        "respondent.identified",
        "respondent.answered",
        "offer.made",
        "offer.accepted",
        "settlement.drafted",
        "settlement.signed",
        "settlement.signed",
        "settlement.concluded",
    ]
    assert dispute.settlements.get().signed_at.astimezone(CHINA).hour == 9
