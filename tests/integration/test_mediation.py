"""Mediation: both consent, one mediator, a joint room, and sealed answers that neither side ever sees."""

from collections.abc import Callable
from datetime import datetime

import pytest

from disputes.actions.mediation import (
    LONGEST_MESSAGE,
    NoProposal,
    NotAMediator,
    NothingToSend,
    NotYet,
    answer_mediation,
    answer_proposal,
    ask_for_mediation,
    assign_mediator,
    declare_impartiality,
    post_message,
    propose,
)
from disputes.actions.negotiation import accept_offer, make_offer
from disputes.actions.settlement import rescind_settlement, sign_settlement
from disputes.models import Assignment, Dispute, Message, Proposal
from disputes.rules.terms import REFLECTION, Terms
from disputes.states import State
from microguard.accounts.actors import Actor, actor_of
from microguard.accounts.models import Membership, User
from microguard.accounts.policies import NotAllowed
from microguard.core.machine import NotPossible
from microguard.deadlines.actions import due, open_deadlines
from microguard.deadlines.models import Deadline
from microguard.events.models import Event
from tests.clock import A_SECOND, MONDAY_NOON, TUESDAY_MORNING
from tests.people import Office, chen, hire_office, lin, zhang
from tests.stages import a_mediation, a_negotiation, an_offered_mediation
from tests.threads import at_once, queued_up

HALF = Terms(6_400, 7, note="双方各让一步。")


def consent(dispute: Dispute, by: Actor, *, consents: bool = True) -> Dispute:
    return answer_mediation(dispute_id=dispute.pk, consents=consents, by=by, at=MONDAY_NOON)


def assign(dispute: Dispute, mediator: User, by: Actor) -> Assignment:
    return assign_mediator(dispute_id=dispute.pk, mediator_id=mediator.pk, by=by, at=MONDAY_NOON)


def declare(dispute: Dispute, by: Actor) -> Assignment:
    return declare_impartiality(dispute_id=dispute.pk, by=by, at=MONDAY_NOON)


def post(dispute: Dispute, by: Actor, text: str = "您好", key: str = "k-1") -> Message:
    return post_message(dispute_id=dispute.pk, text=text, key=key, by=by, at=MONDAY_NOON)


def a_proposal(dispute: Dispute, office: Office, terms: Terms = HALF) -> Proposal:
    return propose(dispute_id=dispute.pk, terms=terms, by=office.wang, at=MONDAY_NOON)


def answer(
    dispute: Dispute, by: Actor, *, accepts: bool, waives: bool = True, at: datetime = MONDAY_NOON
) -> Proposal:
    return answer_proposal(dispute_id=dispute.pk, accepts=accepts, waives_reflection=waives, by=by, at=at)


def a_second_mediator() -> User:
    ma = User.objects.create(username="ma_mediator", name="马", email="ma@office.invalid", landline="0755-2")
    Membership.objects.create(user=ma, role="mediator")
    return ma


def state_of(dispute: Dispute) -> str:
    return Dispute.by_pk(dispute.pk).state


# --- consent and mediator -----------------------------------------------------------------------------------


def test_only_the_parties_ask_for_mediation_and_consent(office: Office) -> None:
    dispute = a_negotiation(office)

    for somebody in (lin(), office.li, office.wang, office.sun):
        with pytest.raises(NotAllowed):
            ask_for_mediation(dispute_id=dispute.pk, by=somebody, at=MONDAY_NOON)
        with pytest.raises(NotAllowed):
            consent(dispute, somebody)


def test_who_asks_has_consented_and_the_talks_are_over(office: Office) -> None:
    dispute = an_offered_mediation(office)

    assert list(dispute.mediation_consents.values_list("side", "consents")) == [("COMPLAINANT", True)]
    assert {deadline.rule for deadline in open_deadlines(dispute)} == {"mediation.term", "mediation.consent"}
    with pytest.raises(NotPossible):
        ask_for_mediation(dispute_id=dispute.pk, by=chen(), at=MONDAY_NOON)


def test_consent_is_asked_for_only_while_mediation_is_on_offer(office: Office) -> None:
    with pytest.raises(NotPossible):
        consent(a_negotiation(office), chen())


def test_a_refusal_may_be_thought_over(office: Office) -> None:
    dispute = an_offered_mediation(office)

    consent(dispute, chen(), consents=False)
    assert due("mediation.consent", dispute) is not None
    consent(dispute, chen())

    assert dispute.mediation_consents.filter(consents=True).count() == 2
    assert Deadline.objects.get(rule="mediation.consent").met_at == MONDAY_NOON


CONSENT_LAST = ("assign", "declare", "consent")
DECLARE_LAST = ("consent", "assign", "declare")


@pytest.mark.parametrize("order", [CONSENT_LAST, DECLARE_LAST], ids=["consent last", "declaration last"])
def test_mediation_begins_when_both_consent_and_the_mediator_has_declared(
    office: Office, order: tuple[str]
) -> None:
    dispute = an_offered_mediation(office)
    steps: dict[str, Callable[[], object]] = {
        "consent": lambda: consent(dispute, chen()),
        "assign": lambda: assign(dispute, office.wang_mediator, office.zhao),
        "declare": lambda: declare(dispute, office.wang),
    }

    seen = []
    for step in order:
        steps[step]()
        seen.append(state_of(dispute))

    assert seen == [State.MEDIATION_OFFERED, State.MEDIATION_OFFERED, State.MEDIATION]
    assert Event.objects.filter(name="mediation.begun").count() == 1


def test_consent_alone_does_not_begin_it_before_the_mediator_has_declared(office: Office) -> None:
    dispute = an_offered_mediation(office)
    assign(dispute, office.wang_mediator, office.zhao)

    consent(dispute, chen())

    assert state_of(dispute) == State.MEDIATION_OFFERED


def test_only_a_mediator_is_assigned_and_only_by_those_who_may(office: Office) -> None:
    dispute = an_offered_mediation(office)

    with pytest.raises(NotAMediator):
        assign(dispute, office.li_officer, office.zhao)
    with pytest.raises(NotAMediator):
        assign_mediator(dispute_id=dispute.pk, mediator_id=4711, by=office.zhao, at=MONDAY_NOON)
    for somebody in (zhang(), chen(), office.sun):
        with pytest.raises(NotAllowed):
            assign(dispute, office.wang_mediator, somebody)
    with pytest.raises(NotAllowed):
        assign(dispute, a_second_mediator(), office.wang)


def test_no_mediator_is_assigned_before_mediation_is_offered(office: Office) -> None:
    with pytest.raises(NotYet):
        assign(a_negotiation(office), office.wang_mediator, office.zhao)


def test_a_mediator_takes_a_free_case_but_not_another_ones(office: Office) -> None:
    dispute = an_offered_mediation(office)
    assign(dispute, a_second_mediator(), office.zhao)

    with pytest.raises(NotAMediator):
        assign(dispute, office.wang_mediator, office.wang)

    assert Assignment.objects.get(ended_at=None).mediator.username == "ma_mediator"


def test_the_case_can_go_to_another_mediator_again_and_again(office: Office) -> None:
    dispute, ma = a_mediation(office), a_second_mediator()

    for mediator, actor in ((ma, None), (office.wang_mediator, office.wang), (office.wang_mediator, office.wang)):
        assign(dispute, mediator, office.zhao)
        if actor is not None:
            declare(dispute, actor)

    assert Assignment.objects.get(ended_at=None).mediator == office.wang_mediator
    assert Assignment.objects.count() == 4
    assert Deadline.objects.filter(rule="mediator.objection", cancelled_at=None, met_at=None).count() == 1


def test_a_relieved_mediator_conducts_nothing_any_more(office: Office) -> None:
    dispute = a_mediation(office)
    assign(dispute, a_second_mediator(), office.zhao)

    with pytest.raises(NotAllowed):
        post(dispute, office.wang)
    with pytest.raises(NotAllowed):
        a_proposal(dispute, office)


def test_of_two_mediators_who_take_a_case_at_once_one_has_it(committed: None) -> None:
    office = hire_office()
    dispute, ma = an_offered_mediation(office), a_second_mediator()

    outcomes = queued_up(
        dispute.chain,
        lambda: assign(dispute, office.wang_mediator, office.wang),
        lambda: assign(dispute, ma, actor_of(ma)),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Assignment", "NotAMediator"]
    assert Assignment.objects.count() == 1


def test_both_consent_at_once_and_mediation_begins_once(committed: None) -> None:
    office = hire_office()
    dispute = an_offered_mediation(office)
    assign(dispute, office.wang_mediator, office.zhao)
    declare(dispute, office.wang)

    queued_up(dispute.chain, lambda: consent(dispute, chen()), lambda: consent(dispute, zhang()))

    assert state_of(dispute) == State.MEDIATION
    assert Event.objects.filter(name="mediation.begun").count() == 1


def test_consents_of_an_earlier_round_do_not_count_again(office: Office) -> None:
    dispute = a_mediation(office)
    made = make_offer(dispute_id=dispute.pk, terms=Terms(6_400, 7), by=chen(), at=MONDAY_NOON)
    accept_offer(dispute_id=dispute.pk, offer_id=made.pk, by=zhang(), at=MONDAY_NOON)
    digest = dispute.settlements.get().digest
    for by, name in ((zhang(), "张三"), (chen(), "陈四")):
        sign_settlement(dispute_id=dispute.pk, digest=digest, name=name, by=by, at=MONDAY_NOON)
    rescind_settlement(dispute_id=dispute.pk, by=zhang(), at=MONDAY_NOON)

    ask_for_mediation(dispute_id=dispute.pk, by=zhang(), at=TUESDAY_MORNING)

    assert state_of(dispute) == State.MEDIATION_OFFERED
    assert list(dispute.mediation_consents.values_list("side", flat=True)) == ["COMPLAINANT"]


# --- the joint room -----------------------------------------------------------------------------------------


def test_the_room_is_closed_to_strangers_and_to_staff_who_do_not_mediate(office: Office) -> None:
    dispute = a_mediation(office)

    for somebody in (lin(), office.li, office.zhao, office.sun):
        with pytest.raises(NotAllowed):
            post(dispute, somebody)


def test_the_room_opens_with_mediation(office: Office) -> None:
    with pytest.raises(NotYet):
        post(an_offered_mediation(office), zhang())


@pytest.mark.parametrize("text", ["", "  \n ", "字" * (LONGEST_MESSAGE + 1)])
def test_a_message_without_words_or_with_too_many_is_refused(office: Office, text: str) -> None:
    with pytest.raises(NothingToSend):
        post(a_mediation(office), zhang(), text)


def test_messages_stand_in_their_order_with_their_side(office: Office) -> None:
    dispute = a_mediation(office)

    post(dispute, office.wang, "两位好", key="1")
    post(dispute, chen(), " 我只能退一半 ", key="2")
    post(dispute, zhang(), "字" * LONGEST_MESSAGE, key="3")

    rows = list(dispute.messages.order_by("pk").values_list("side", "author__username"))
    assert rows == [("OFFICE", "wang_mediator"), ("RESPONDENT", None), ("COMPLAINANT", None)]
    assert dispute.messages.get(key="2").text == "我只能退一半"


def test_a_message_sent_twice_at_once_stands_there_once(committed: None) -> None:
    dispute = a_mediation(hire_office())

    outcomes = at_once(*[lambda: post(dispute, zhang())] * 4)

    assert {message.pk for message in outcomes} == {Message.objects.get().pk}
    assert Event.objects.filter(name="message.posted").count() == 1


# --- proposals ----------------------------------------------------------------------------------------------


def test_only_the_assigned_mediator_proposes_and_only_the_parties_answer(office: Office) -> None:
    dispute = a_mediation(office)
    for somebody in (zhang(), chen(), office.li, office.zhao):
        with pytest.raises(NotAllowed):
            propose(dispute_id=dispute.pk, terms=HALF, by=somebody, at=MONDAY_NOON)
    a_proposal(dispute, office)

    for somebody in (lin(), office.wang, office.li):
        with pytest.raises(NotAllowed):
            answer(dispute, somebody, accepts=True)


@pytest.mark.parametrize("terms", [Terms(6_400, 7), Terms(6_400, 7, note=" "), Terms(0, 7, note="道歉")])
def test_a_proposal_needs_terms_and_reasons(office: Office, terms: Terms) -> None:
    with pytest.raises(NothingToSend):
        a_proposal(a_mediation(office), office, terms)


def test_one_proposal_at_a_time(office: Office) -> None:
    dispute = a_mediation(office)
    a_proposal(dispute, office)

    with pytest.raises(NotYet):
        a_proposal(dispute, office)
    answer(dispute, chen(), accepts=False)
    answer(dispute, zhang(), accepts=True)

    assert a_proposal(dispute, office).ended_at is None


def test_without_a_proposal_there_is_nothing_to_answer(office: Office) -> None:
    with pytest.raises(NoProposal):
        answer(a_mediation(office), chen(), accepts=True)


def test_a_day_to_think_it_over_unless_it_is_waived(office: Office) -> None:
    dispute = a_mediation(office)
    a_proposal(dispute, office)

    with pytest.raises(NotYet):
        answer(dispute, zhang(), accepts=True, waives=False, at=MONDAY_NOON + REFLECTION - A_SECOND)
    answer(dispute, zhang(), accepts=True, waives=False, at=MONDAY_NOON + REFLECTION)
    answer(dispute, chen(), accepts=True, waives=True, at=MONDAY_NOON + REFLECTION)

    assert state_of(dispute) == State.SIGNING


def test_a_refusal_need_not_wait(office: Office) -> None:
    dispute = a_mediation(office)
    a_proposal(dispute, office)

    assert answer(dispute, zhang(), accepts=False, waives=False).ended_at is None


@pytest.mark.parametrize(
    ("buyer", "seller", "agreed"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_what_is_recorded_is_the_joint_result(office: Office, *, buyer: bool, seller: bool, agreed: bool) -> None:
    dispute = a_mediation(office)
    a_proposal(dispute, office)

    answer(dispute, zhang(), accepts=buyer)
    proposal = answer(dispute, chen(), accepts=seller)

    assert (proposal.accepted, state_of(dispute)) == (agreed, State.SIGNING if agreed else State.MEDIATION)
    assert [sealed.answer for sealed in proposal.answers.all()] == ["", ""]
    assert due("proposal.reflection", dispute) is None


def test_an_answer_may_be_changed_until_both_are_in(office: Office) -> None:
    dispute = a_mediation(office)
    a_proposal(dispute, office)
    answer(dispute, zhang(), accepts=False)
    answer(dispute, zhang(), accepts=True)

    assert answer(dispute, chen(), accepts=True).accepted is True
    with pytest.raises(NoProposal):
        answer(dispute, zhang(), accepts=False)


def test_an_agreement_found_with_a_mediator_is_in_force_with_the_second_signature(office: Office) -> None:
    dispute = a_mediation(office)
    a_proposal(dispute, office)
    answer(dispute, zhang(), accepts=True)
    answer(dispute, chen(), accepts=True)
    digest = dispute.settlements.get().digest

    for by, name in ((zhang(), "张三"), (chen(), "陈四")):
        sign_settlement(dispute_id=dispute.pk, digest=digest, name=name, by=by, at=MONDAY_NOON)

    assert state_of(dispute) == State.PERFORMANCE
    assert due("settlement.cooling_off", dispute) is None
    with pytest.raises(NotPossible):
        rescind_settlement(dispute_id=dispute.pk, by=zhang(), at=MONDAY_NOON)


def test_both_answer_at_once_and_one_agreement_is_drafted(committed: None) -> None:
    office = hire_office()
    dispute = a_mediation(office)
    a_proposal(dispute, office)

    queued_up(
        dispute.chain,
        lambda: answer(dispute, zhang(), accepts=True),
        lambda: answer(dispute, chen(), accepts=True),
    )

    assert state_of(dispute) == State.SIGNING
    assert dispute.settlements.count() == 1
    assert Event.objects.filter(name="proposal.accepted").count() == 1
