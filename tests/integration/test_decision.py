"""What the office decides: who may, when, with which words, and that two decisions never both stand."""

from collections.abc import Callable
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
from complaints.models import Complaint
from complaints.states import State
from disputes.actions.opening import open_dispute
from disputes.models import Dispute
from merchants.actions.registry import register_merchant
from merchants.models import Handle, Merchant
from microguard.accounts.actors import SYSTEM, Actor
from microguard.accounts.policies import NotAllowed
from microguard.core.errors import NotFound, Refusal
from microguard.core.machine import NotPossible
from microguard.deadlines.actions import open_deadlines
from microguard.deadlines.models import Deadline
from microguard.events.actions import deliver_next, first_broken_link
from microguard.events.models import Event
from tests.cases import (
    a_draft,
    a_filed_complaint,
)
from tests.clock import MONDAY_MORNING, MONDAY_NOON, TUESDAY_MORNING
from tests.people import Office, chen, hire_office, lin, zhang
from tests.threads import queued_up

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
