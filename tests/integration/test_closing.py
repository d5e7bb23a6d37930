"""How a case is closed: from any open stage, by a person, once."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from complaints.actions.decision import (
    accept_complaint,
    ask_information,
    decline_complaint,
    withdraw_complaint,
)
from complaints.actions.filing import StepAnswers
from complaints.models import Complaint
from complaints.states import State
from disputes.actions.outcome import (
    NoteMissing,
    TakenMatter,
    close_dispute,
    refund_wanted,
    settle_at_once,
    take_matter,
    withdraw_dispute,
)
from disputes.models import Dispute
from disputes.states import Outcome
from disputes.states import State as DisputeState
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.actors import SYSTEM, Actor
from microguard.accounts.policies import NotAllowed
from microguard.core.machine import NotPossible
from microguard.deadlines.actions import lapse_next, open_deadlines
from microguard.deadlines.models import Deadline
from microguard.events.actions import first_broken_link
from microguard.events.models import Event
from tests.cases import (
    a_dispute_to_sign,
    a_draft,
    a_filed_complaint,
    a_signed_dispute,
    an_invited_dispute,
    an_open_dispute,
)
from tests.clock import A_DAY, FRIDAY_NOON, MONDAY_NOON
from tests.people import ZHANG_PHONE, Office, chen, hire_office, lin, zhang
from tests.stages import a_mediation, a_negotiation, a_settlement_in_force, an_offered_mediation
from tests.threads import at_once

QUESTION = "请补充一张付款截图，谢谢。"
REASON = "我们处理不了这件事，请向12315反映。"


def accept(complaint: Complaint, by: Actor) -> Complaint:
    return accept_complaint(complaint_id=complaint.pk, by=by, at=MONDAY_NOON)


def decline(complaint: Complaint, by: Actor, ground: str = "NOT_OURS", reason: str = REASON) -> Complaint:
    return decline_complaint(complaint_id=complaint.pk, ground=ground, reason=reason, by=by, at=MONDAY_NOON)


def ask(complaint: Complaint, by: Actor, question: str = QUESTION) -> Complaint:
    return ask_information(complaint_id=complaint.pk, question=question, by=by, at=MONDAY_NOON)


def withdraw(complaint: Complaint, by: Actor) -> Complaint:
    return withdraw_complaint(complaint_id=complaint.pk, by=by, at=MONDAY_NOON)


STAGES: dict[str, Callable[[Office], Any]] = {
    "filed": lambda office: a_filed_complaint(),
    "more asked for": lambda office: ask(a_filed_complaint(), office.li),
    "accepted": lambda office: accept(a_filed_complaint(), office.li),
    "awaiting answer": lambda office: an_open_dispute(officer=office.li),
    "invited": lambda office: an_invited_dispute(officer=office.li),
    "negotiation": a_negotiation,
    "mediation offered": an_offered_mediation,
    "mediation": a_mediation,
    "signing": lambda office: a_dispute_to_sign(officer=office.li),
    "time to reconsider": lambda office: a_signed_dispute(officer=office.li),
    "in force": a_settlement_in_force,
}


def settle(case_id: int, by: Actor, at: datetime = FRIDAY_NOON, note: str = "电话中当场退款") -> Dispute:
    return settle_at_once(complaint_id=case_id, recovered_fen=12_800, note=note, by=by, at=at)


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES.keys())
def test_a_case_is_settled_at_once_from_any_open_stage(office: Office, stage: Callable[[Office], Any]) -> None:
    case = stage(office)

    closed = settle(case.case_id, office.wang)

    assert (closed.state, closed.outcome) == (DisputeState.CLOSED, Outcome.PERFORMED)
    assert (closed.recovered_fen, closed.closed_by) == (12_800, office.wang.reference)
    assert Complaint.by_pk(case.case_id).state == State.ACCEPTED
    assert [deadline.rule for deadline in open_deadlines(closed)] == ["case.evaluation"]
    assert not closed.offers.filter(state="OPEN").exists()
    assert Event.objects.filter(name="dispute.closed").count() == 1
    assert first_broken_link(closed.chain) is None


@pytest.mark.parametrize(
    "end",
    [
        lambda office: decline(a_filed_complaint(), office.li),
        lambda office: withdraw(a_filed_complaint(), zhang()),
        lambda office: a_draft(),
    ],
    ids=["declined", "withdrawn", "a draft"],
)
def test_what_was_never_taken_on_cannot_be_settled(office: Office, end: Callable[[Office], Complaint]) -> None:
    complaint = end(office)

    with pytest.raises(NotPossible):
        settle(complaint.pk, office.wang)

    assert Dispute.objects.count() == 0


def test_a_closed_case_stays_as_it_was_closed(office: Office) -> None:
    dispute = an_open_dispute(officer=office.li)
    close_dispute(
        dispute_id=dispute.pk, outcome=Outcome.NO_RESPONSE, note="卖家失联", by=office.li, at=MONDAY_NOON
    )

    with pytest.raises(NotPossible):
        settle(dispute.case_id, office.wang)
    with pytest.raises(NotPossible):
        close_dispute(
            dispute_id=dispute.pk, outcome=Outcome.PERFORMED, note="其实好了", by=office.li, at=FRIDAY_NOON
        )
    with pytest.raises(NotPossible):
        withdraw_dispute(dispute_id=dispute.pk, solved=True, recovered_fen=1, by=zhang(), at=FRIDAY_NOON)

    dispute.refresh_from_db()
    assert (dispute.outcome, dispute.recovered_fen, dispute.closed_at) == (Outcome.NO_RESPONSE, None, MONDAY_NOON)


def test_settling_at_once_does_not_hide_that_a_term_was_missed(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    missed = Deadline.objects.get(rule="respondent.answer")

    settle(dispute.case_id, office.wang, at=missed.due_at)

    missed.refresh_from_db()
    assert (missed.lapsed_at, missed.cancelled_at) == (missed.due_at, None)


@pytest.mark.parametrize("note", ["", "   ", "好的"])
def test_closing_needs_a_word_on_how_it_ended(office: Office, note: str) -> None:
    dispute = an_open_dispute(officer=office.li)

    with pytest.raises(NoteMissing):
        settle(dispute.case_id, office.wang, note=note)
    with pytest.raises(NoteMissing):
        close_dispute(dispute_id=dispute.pk, outcome=Outcome.NO_AGREEMENT, note=note, by=office.li, at=FRIDAY_NOON)


def test_neither_party_nor_outsider_closes_for_the_office(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)

    for somebody in (zhang(), chen(), lin(), office.sun, SYSTEM):
        with pytest.raises(NotAllowed):
            settle(dispute.case_id, somebody)
        with pytest.raises(NotAllowed):
            close_dispute(
                dispute_id=dispute.pk, outcome=Outcome.PERFORMED, note="已经退款了", by=somebody, at=FRIDAY_NOON
            )


def test_a_withdrawn_case_is_solved_only_if_the_buyer_says_so(office: Office) -> None:
    solved, other = an_open_dispute(officer=office.li), an_open_dispute(officer=office.li)

    withdraw_dispute(dispute_id=solved.pk, solved=True, recovered_fen=9_900, by=zhang(), at=MONDAY_NOON)
    withdraw_dispute(dispute_id=other.pk, solved=False, recovered_fen=9_900, by=zhang(), at=MONDAY_NOON)

    solved.refresh_from_db()
    other.refresh_from_db()
    assert (solved.outcome, solved.recovered_fen) == (Outcome.WITHDRAWN_SOLVED, 9_900)
    assert (other.outcome, other.recovered_fen) == (Outcome.WITHDRAWN_OTHER, None)


def test_after_the_closing_nothing_but_the_question_how_it_was_lapses(office: Office) -> None:
    dispute = a_mediation(office)
    settle(dispute.case_id, office.wang, at=MONDAY_NOON)

    while lapse_next(at=FRIDAY_NOON + 400 * A_DAY):
        continue

    dispute.refresh_from_db()
    assert (dispute.state, dispute.outcome) == (DisputeState.CLOSED, Outcome.PERFORMED)
    lapsed = Event.objects.filter(name__endswith=".lapsed").values_list("name", flat=True)
    assert list(lapsed) == ["case.evaluation.lapsed"]


# --- by phone -----------------------------------------------------------------------------------------------


def a_matter(note: str) -> TakenMatter:
    columns = {
        "item": "运动鞋",
        "amount_fen": 12_800,
        "paid_date": date(2026, 11, 20),
        "paid_by": "OTHER",
        "problem": "DEFECT",
        "story": "来电：鞋子开胶。",
        "complainant_name": "张三",
        "phone": ZHANG_PHONE,
        "phone_hash": phone_hash(ZHANG_PHONE),
        "division": "440300",
    }
    answers = StepAnswers(columns, [("wechat_id", "shoes_2026")], refund_wanted(12_800))
    return TakenMatter(answers, 12_800 if note else None, note)


def take(office: Office, note: str) -> str:
    return take_matter(matter=a_matter(note), key="call-1", by=office.wang, at=MONDAY_NOON)


def test_a_matter_settled_in_the_call_is_filed_accepted_and_closed_in_one_deed(office: Office) -> None:
    number = take(office, "卖家当场退款")

    complaint = Complaint.objects.get(number=number)
    assert (complaint.source, complaint.state) == ("PHONE", State.ACCEPTED)
    assert (complaint.dispute.state, complaint.dispute.outcome) == (DisputeState.CLOSED, Outcome.PERFORMED)


def test_a_matter_that_was_not_settled_waits_for_the_office(office: Office) -> None:
    complaint = Complaint.objects.get(number=take(office, ""))

    assert complaint.state == State.FILED
    assert Dispute.objects.count() == 0


def test_a_call_that_is_sent_twice_makes_one_case(committed: None) -> None:
    office = hire_office()

    numbers = at_once(*[lambda: take(office, "卖家当场退款")] * 3)

    assert set(numbers) == {Complaint.objects.get().number}
    assert Event.objects.filter(name="dispute.closed").count() == 1


def test_a_call_that_cannot_be_settled_leaves_nothing_behind(office: Office) -> None:
    with pytest.raises(NoteMissing):
        take(office, "好")

    assert Complaint.objects.count() == 0
