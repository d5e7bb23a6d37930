"""What the office decides: who may, when, with which words, and that two decisions never both stand."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from complaints.actions.decision import (
    ReasonMissing,
    accept_complaint,
    ask_information,
    decline_complaint,
    give_information,
    withdraw_complaint,
)
from complaints.actions.filing import StepAnswers
from complaints.models import Complaint
from complaints.states import State
from disputes.actions.opening import open_dispute
from disputes.actions.outcome import (
    NoteMissing,
    PhoneMatter,
    close_dispute,
    refund_wanted,
    settle_at_once,
    take_by_phone,
    withdraw_dispute,
)
from disputes.models import Dispute
from disputes.states import Outcome
from disputes.states import State as DisputeState
from merchants.actions.registry import register_merchant
from merchants.models import Handle, Merchant
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.actors import SYSTEM, Actor
from microguard.accounts.policies import NotAllowed
from microguard.core.errors import NotFound, Refusal
from microguard.core.machine import NotPossible
from microguard.deadlines.actions import lapse_next, open_deadlines
from microguard.deadlines.models import Deadline
from microguard.events.actions import deliver_next, first_broken_link
from microguard.events.models import Event
from tests.cases import (
    a_dispute_to_sign,
    a_draft,
    a_filed_complaint,
    a_signed_dispute,
    an_invited_dispute,
    an_open_dispute,
)
from tests.clock import A_DAY, FRIDAY_NOON, MONDAY_MORNING, MONDAY_NOON, TUESDAY_MORNING
from tests.people import ZHANG_PHONE, Office, chen, hire_office, lin, zhang
from tests.stages import a_mediation, a_negotiation, a_settlement_in_force, an_offered_mediation
from tests.threads import at_once, queued_up

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


DECISIONS: dict[str, Callable[[Complaint, Actor], Complaint]] = {"accept": accept, "decline": decline, "ask": ask}


# --- who ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", DECISIONS.values(), ids=DECISIONS.keys())
def test_only_the_office_decides(office: Office, decision: Callable[[Complaint, Actor], Complaint]) -> None:
    complaint = a_filed_complaint()

    for outsider in (zhang(), chen(), lin(), office.sun, SYSTEM):
        with pytest.raises(NotAllowed):
            decision(complaint, outsider)

    complaint.refresh_from_db()
    assert complaint.state == State.FILED
    assert list(Event.objects.values_list("name", flat=True)) == ["complaint.filed"]


def test_only_the_buyer_answers_and_withdraws(office: Office) -> None:
    complaint = a_filed_complaint()
    ask(complaint, office.li)

    for somebody in (chen(), lin(), office.wang, office.sun):
        with pytest.raises(NotAllowed):
            give_information(complaint_id=complaint.pk, answer="是我", by=somebody, at=MONDAY_NOON)
    for somebody in (chen(), lin(), office.li, office.zhao):
        with pytest.raises(NotAllowed):
            withdraw(complaint, somebody)


def test_a_complaint_that_does_not_exist_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        accept_complaint(complaint_id=4711, by=office.li, at=MONDAY_NOON)


# --- when ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", DECISIONS.values(), ids=DECISIONS.keys())
@pytest.mark.parametrize("first", ["accept", "decline", "withdraw"])
def test_what_is_decided_is_not_decided_again(
    office: Office, first: str, decision: Callable[[Complaint, Actor], Complaint]
) -> None:
    complaint = a_filed_complaint()
    {"accept": accept, "decline": decline, "withdraw": withdraw}[first](
        complaint, zhang() if first == "withdraw" else office.li
    )
    complaint.refresh_from_db()
    before = complaint.state

    with pytest.raises(NotPossible):
        decision(complaint, office.li)
    with pytest.raises(NotPossible):
        withdraw(complaint, zhang())

    complaint.refresh_from_db()
    assert complaint.state == before


def test_a_draft_is_not_decided(office: Office) -> None:
    draft = a_draft()

    for decision in DECISIONS.values():
        with pytest.raises(NotPossible):
            decision(draft, office.li)


def test_an_answer_that_nobody_asked_for_is_refused(office: Office) -> None:
    complaint = a_filed_complaint()

    with pytest.raises(NotPossible):
        give_information(complaint_id=complaint.pk, answer="补充", by=zhang(), at=MONDAY_NOON)


def test_a_question_and_its_answer_bring_the_complaint_back_to_the_office(office: Office) -> None:
    complaint = a_filed_complaint()

    asked = ask(complaint, office.li)
    assert (asked.state, asked.information_asked, asked.officer_id) == (
        State.NEEDS_INFORMATION,
        QUESTION,
        office.li_officer.pk,
    )
    answered = give_information(complaint_id=complaint.pk, answer=" 已上传。 ", by=zhang(), at=TUESDAY_MORNING)

    assert (answered.state, answered.information_given) == (State.FILED, "已上传。")
    assert Deadline.objects.get(rule="complaint.correction").met_at == TUESDAY_MORNING
    assert Deadline.objects.get(rule="first.contact").met_at == MONDAY_NOON


def test_a_second_question_starts_a_second_term(office: Office) -> None:
    complaint = a_filed_complaint()
    ask(complaint, office.li)
    give_information(complaint_id=complaint.pk, answer="已上传。", by=zhang(), at=MONDAY_NOON)

    ask(complaint, office.li)

    assert Deadline.objects.filter(rule="complaint.correction").count() == 2


# --- in which words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["", "   ", "不行", "123456789", " 123456789 "])
def test_a_decision_needs_its_reason_in_words(office: Office, words: str) -> None:
    complaint = a_filed_complaint()

    with pytest.raises(ReasonMissing):
        ask(complaint, office.li, words)
    with pytest.raises(ReasonMissing):
        decline(complaint, office.li, reason=words)

    complaint.refresh_from_db()
    assert complaint.state == State.FILED


@pytest.mark.parametrize("ground", ["", "BORED", "not_ours"])
def test_a_decline_needs_a_published_ground(office: Office, ground: str) -> None:
    with pytest.raises(ReasonMissing):
        decline(a_filed_complaint(), office.li, ground=ground)


def test_a_decline_says_why_and_ends_every_clock(office: Office) -> None:
    complaint = decline(a_filed_complaint(), office.li)

    assert (complaint.state, complaint.decline_ground, complaint.decline_reason) == (
        State.DECLINED,
        "NOT_OURS",
        REASON,
    )
    assert complaint.declined_by == office.li.reference
    assert list(open_deadlines(complaint)) == []
    assert Deadline.objects.get(rule="complaint.acceptance").met_at == MONDAY_NOON


def test_a_withdrawal_ends_every_clock_and_names_the_buyer_by_role(office: Office) -> None:
    complaint = withdraw(a_filed_complaint(), zhang())

    assert (complaint.state, complaint.withdrawn_by) == (State.WITHDRAWN, "complainant")
    assert list(open_deadlines(complaint)) == []


def test_an_accepted_complaint_belongs_to_the_chosen_seller_who_gets_its_handles(office: Office) -> None:
    known = register_merchant(
        mentions=[("phone", "13600000009")], seen_in="case/0", by=office.li, at=MONDAY_MORNING
    )
    complaint = a_filed_complaint()

    accepted = accept_complaint(complaint_id=complaint.pk, merchant_id=known.pk, by=office.li, at=MONDAY_NOON)
    other = a_filed_complaint()
    accept_complaint(complaint_id=other.pk, merchant_id=known.pk, by=office.li, at=MONDAY_NOON)

    assert accepted.merchant == known
    assert Merchant.objects.count() == 1
    assert sorted(Handle.objects.values_list("type", flat=True)) == ["phone", "wechat_id"]


# --- at the same moment -------------------------------------------------------------------------------------


def winners(outcomes: list[Any]) -> int:
    assert {type(outcome) for outcome in outcomes if isinstance(outcome, Refusal)} <= {NotPossible}
    return sum(not isinstance(outcome, Refusal) for outcome in outcomes)


def test_of_an_acceptance_and_a_withdrawal_at_once_one_stands(committed: None) -> None:
    office = hire_office()
    complaint = a_filed_complaint()

    outcomes = queued_up(
        complaint.chain, lambda: accept(complaint, office.li), lambda: withdraw(complaint, zhang())
    )

    complaint.refresh_from_db()
    assert winners(outcomes) == 1
    assert Event.objects.filter(name__in=("complaint.accepted", "complaint.withdrawn")).count() == 1
    assert bool(complaint.accepted_at) != bool(complaint.withdrawn_at)
    assert first_broken_link(complaint.chain) is None


def test_of_four_acceptances_at_once_one_stands_and_one_seller_is_registered(committed: None) -> None:
    office = hire_office()
    complaint = a_filed_complaint()

    outcomes = queued_up(complaint.chain, *[lambda: accept(complaint, office.li)] * 4)

    assert winners(outcomes) == 1
    assert Merchant.objects.count() == 1
    assert Deadline.objects.filter(rule="mediation.term").count() == 1


def test_of_an_acceptance_and_a_decline_at_once_one_stands(committed: None) -> None:
    office = hire_office()
    complaint = a_filed_complaint()

    outcomes = queued_up(
        complaint.chain, lambda: accept(complaint, office.li), lambda: decline(complaint, office.zhao)
    )

    assert winners(outcomes) == 1


# --- opening the dispute ------------------------------------------------------------------------------------


def test_acceptance_opens_the_dispute_by_its_delivery_and_only_once(office: Office) -> None:
    complaint = accept(a_filed_complaint(), office.li)

    while deliver_next(at=MONDAY_NOON):
        continue
    found = open_dispute(complaint_id=complaint.pk, by=SYSTEM, at=TUESDAY_MORNING)

    assert Dispute.objects.get() == found
    assert found.opened_at == MONDAY_NOON
    assert Event.objects.filter(name="dispute.opened").count() == 1


def test_five_who_open_the_dispute_at_once_find_the_same(committed: None) -> None:
    office = hire_office()
    complaint = accept(a_filed_complaint(), office.li)

    opened = queued_up(
        complaint.chain, *[lambda: open_dispute(complaint_id=complaint.pk, by=SYSTEM, at=MONDAY_NOON)] * 5
    )

    assert {dispute.pk for dispute in opened} == {Dispute.objects.get().pk}
    assert Event.objects.filter(name="dispute.opened").count() == 1


# --- closing ------------------------------------------------------------------------------------------------

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


def a_matter(note: str) -> PhoneMatter:
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
    return PhoneMatter(answers, 12_800 if note else None, note)


def take(office: Office, note: str) -> str:
    return take_by_phone(matter=a_matter(note), key="call-1", by=office.wang, at=MONDAY_NOON)


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
