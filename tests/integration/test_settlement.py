"""An agreement is signed by both or by nobody, taken back or put into force, and kept."""

from collections.abc import Callable
from typing import Any

import pytest

from disputes.actions.negotiation import accept_offer, make_offer
from disputes.actions.performance import (
    NothingDue,
    ProofMissing,
    confirm_performance,
    dispute_performance,
    report_performance,
)
from disputes.actions.settlement import (
    AlreadySigned,
    NameMissing,
    SettlementChanged,
    refuse_to_sign,
    rescind_settlement,
    sign_settlement,
)
from disputes.models import Dispute, Obligation, Settlement, Signature
from disputes.rules.terms import Terms
from disputes.states import ObligationState, Outcome, State
from microguard.accounts.actors import Actor
from microguard.accounts.policies import NotAllowed
from microguard.core.digests import digest_of
from microguard.core.errors import Refusal
from microguard.core.files import FileRefused
from microguard.core.machine import NotPossible
from microguard.deadlines.actions import due, open_deadlines
from microguard.events.actions import first_broken_link
from microguard.events.models import Event
from tests.cases import a_dispute_to_sign, a_picture, a_signed_dispute, an_invited_dispute
from tests.clock import MONDAY_MORNING, MONDAY_NOON, TUESDAY_MORNING
from tests.people import Office, chen, hire_office, lin, zhang
from tests.stages import a_settlement_in_force
from tests.threads import queued_up


def sign(dispute: Dispute, by: Actor, name: str = "张三", digest: str | None = None) -> Settlement:
    wanted = digest or dispute.settlements.get(void_at__isnull=True).digest
    return sign_settlement(dispute_id=dispute.pk, digest=wanted, name=name, by=by, at=MONDAY_NOON)


def pay(dispute: Dispute, shade: int = 200, at: Any = MONDAY_NOON) -> Obligation:
    return report_performance(dispute_id=dispute.pk, proof=a_picture(shade=shade), by=chen(), at=at)


def confirm(dispute: Dispute, by: Actor | None = None) -> Dispute:
    return confirm_performance(dispute_id=dispute.pk, by=by or zhang(), at=TUESDAY_MORNING)


def rescind(dispute: Dispute) -> Dispute:
    return rescind_settlement(dispute_id=dispute.pk, by=zhang(), at=MONDAY_NOON)


def refuse(dispute: Dispute, by: Actor) -> Dispute:
    return refuse_to_sign(dispute_id=dispute.pk, by=by, at=MONDAY_NOON)


def state_of(dispute: Dispute) -> str:
    return Dispute.by_pk(dispute.pk).state


# --- the text -----------------------------------------------------------------------------------------------


def test_the_agreement_says_the_same_in_both_languages_and_its_digest_covers_every_word(office: Office) -> None:
    settlement = a_dispute_to_sign(officer=office.li).settlements.get()

    chinese, english = settlement.terms["sentences"]["zh-hans"], settlement.terms["sentences"]["en"]
    assert len(chinese) == len(english) == 4
    assert "¥64.00" in chinese[0]
    assert "¥64.00" in english[0]
    assert settlement.digest == digest_of(settlement.terms)
    changed = {**settlement.terms, "amount_fen": 6_401}
    assert digest_of(changed) != settlement.digest


def test_words_of_the_seller_cannot_change_a_sentence(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    note = "{amount} {0.__class__} %(x)s {{ url }}"
    made = make_offer(dispute_id=dispute.pk, terms=Terms(100, 7, note=note), by=chen(), at=MONDAY_MORNING)

    accept_offer(dispute_id=dispute.pk, offer_id=made.pk, by=zhang(), at=MONDAY_MORNING)

    assert note in dispute.settlements.get().terms["sentences"]["en"][1]


# --- signing ------------------------------------------------------------------------------------------------


def test_only_the_parties_sign(office: Office) -> None:
    dispute = a_dispute_to_sign(officer=office.li)

    for somebody in (lin(), office.li, office.wang, office.sun):
        with pytest.raises(NotAllowed):
            sign(dispute, somebody)
        with pytest.raises(NotAllowed):
            refuse(dispute, somebody)


@pytest.mark.parametrize("name", ["", " ", "张", " 张 "])
def test_a_signature_needs_a_name(office: Office, name: str) -> None:
    with pytest.raises(NameMissing):
        sign(a_dispute_to_sign(officer=office.li), zhang(), name)


def test_another_version_than_the_one_in_force_is_not_signed(office: Office) -> None:
    dispute = a_dispute_to_sign(officer=office.li)

    with pytest.raises(SettlementChanged):
        sign(dispute, zhang(), digest="0" * 64)

    assert Signature.objects.count() == 0


def test_one_signature_binds_nobody(office: Office) -> None:
    dispute = a_dispute_to_sign(officer=office.li)

    sign(dispute, chen(), "陈四")

    assert (state_of(dispute), Obligation.objects.count()) == (State.SIGNING, 0)
    assert Dispute.by_pk(dispute.pk).respondent_name == "陈四"


def test_a_second_signature_of_one_side_is_refused(office: Office) -> None:
    dispute = a_dispute_to_sign(officer=office.li)
    sign(dispute, zhang())

    with pytest.raises(AlreadySigned):
        sign(dispute, zhang())

    assert state_of(dispute) == State.SIGNING


def test_with_both_signatures_the_money_is_owed_and_the_buyer_may_reconsider(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)

    obligation = Obligation.objects.get()
    assert (obligation.amount_fen, obligation.obligor, obligation.state) == (6_400, "RESPONDENT", "PENDING")
    assert due("settlement.performance", dispute, subject=obligation.key) == obligation.due_at
    assert {deadline.rule for deadline in open_deadlines(dispute)} >= {
        "settlement.performance",
        "settlement.cooling_off",
    }
    with pytest.raises(AlreadySigned):
        sign(dispute, zhang())


def test_who_refuses_to_sign_is_offered_mediation_and_a_new_answer_is_awaited(office: Office) -> None:
    dispute = a_dispute_to_sign(officer=office.li)
    sign(dispute, chen(), "陈四")

    refused = refuse(dispute, zhang())

    assert refused.state == State.MEDIATION_OFFERED
    assert refused.settlements.get().void_at == MONDAY_NOON
    assert refused.mediation_consents.count() == 0
    assert due("mediation.consent", dispute) is not None
    with pytest.raises(SettlementChanged):
        sign(dispute, zhang(), digest=refused.settlements.get().digest)


def test_an_old_signature_does_not_count_under_a_new_version(office: Office) -> None:
    dispute = a_dispute_to_sign(officer=office.li)
    old = dispute.settlements.get().digest
    sign(dispute, chen(), "陈四")
    refuse(dispute, zhang())
    made = make_offer(dispute_id=dispute.pk, terms=Terms(9_000, 7), by=chen(), at=MONDAY_NOON)
    accept_offer(dispute_id=dispute.pk, offer_id=made.pk, by=zhang(), at=MONDAY_NOON)

    with pytest.raises(SettlementChanged):
        sign(dispute, zhang(), digest=old)
    sign(dispute, zhang())

    assert state_of(dispute) == State.SIGNING
    assert list(dispute.settlements.order_by("version").values_list("version", flat=True)) == [1, 2]


# --- taken back ---------------------------------------------------------------------------------------------


def test_only_the_buyer_takes_the_agreement_back(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)

    for somebody in (chen(), lin(), office.li):
        with pytest.raises(NotAllowed):
            rescind_settlement(dispute_id=dispute.pk, by=somebody, at=MONDAY_NOON)


def test_an_agreement_taken_back_is_void_and_nothing_is_owed(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)

    rescinded = rescind(dispute)

    assert rescinded.state == State.NEGOTIATION
    assert rescinded.settlements.get().void_at == MONDAY_NOON
    assert {deadline.rule for deadline in open_deadlines(dispute)} == {"mediation.term", "negotiation.term"}
    with pytest.raises(NothingDue):
        pay(dispute)
    with pytest.raises(NotPossible):
        rescind(dispute)


def test_once_payment_is_reported_the_agreement_cannot_be_taken_back(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)
    pay(dispute)

    with pytest.raises(NotPossible):
        rescind(dispute)

    assert state_of(dispute) == State.COOLING_OFF
    assert dispute.settlements.get().void_at is None


def test_once_in_force_it_cannot_be_taken_back(office: Office) -> None:
    with pytest.raises(NotPossible):
        rescind(a_settlement_in_force(office))


# --- kept ---------------------------------------------------------------------------------------------------


def test_payment_is_reported_by_the_seller_with_a_picture(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)

    with pytest.raises(ProofMissing):
        report_performance(dispute_id=dispute.pk, proof=None, by=chen(), at=MONDAY_NOON)
    for somebody in (zhang(), lin(), office.wang):
        with pytest.raises(NotAllowed):
            report_performance(dispute_id=dispute.pk, proof=a_picture(), by=somebody, at=MONDAY_NOON)

    assert pay(dispute).state == ObligationState.CLAIMED_DONE


def test_a_proof_that_is_no_picture_reports_nothing(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)
    fake = a_picture()
    fake.file.write(b"MZ\x90\x00" + bytes(4_000))
    fake.file.seek(0)

    with pytest.raises(FileRefused):
        report_performance(dispute_id=dispute.pk, proof=fake, by=chen(), at=MONDAY_NOON)

    assert Obligation.objects.get().state == ObligationState.PENDING
    assert Event.objects.filter(name="obligation.reported").count() == 0


def test_only_the_buyer_confirms(office: Office) -> None:
    dispute = a_settlement_in_force(office)

    for somebody in (chen(), lin(), office.wang):
        with pytest.raises(NotAllowed):
            confirm(dispute, somebody)


def test_a_confirmed_payment_closes_the_case_once(office: Office) -> None:
    dispute = a_settlement_in_force(office)
    pay(dispute, at=TUESDAY_MORNING)

    closed = confirm(dispute)

    assert (closed.state, closed.outcome, closed.recovered_fen) == (State.CLOSED, Outcome.PERFORMED, 6_400)
    for deed in (confirm, pay):
        with pytest.raises(NothingDue):
            deed(dispute)


def test_a_disputed_payment_is_proved_again(office: Office) -> None:
    dispute = a_settlement_in_force(office)
    pay(dispute)

    disputed = dispute_performance(dispute_id=dispute.pk, by=zhang(), at=TUESDAY_MORNING)
    with pytest.raises(NothingDue):
        dispute_performance(dispute_id=dispute.pk, by=zhang(), at=TUESDAY_MORNING)
    again = pay(dispute, shade=100, at=TUESDAY_MORNING)

    assert (disputed.state, again.state) == (ObligationState.DISPUTED, ObligationState.CLAIMED_DONE)
    assert confirm(dispute).state == State.CLOSED


def test_a_payment_that_was_not_reported_cannot_be_disputed(office: Office) -> None:
    with pytest.raises(NothingDue):
        dispute_performance(dispute_id=a_settlement_in_force(office).pk, by=zhang(), at=MONDAY_NOON)


# --- at the same moment -------------------------------------------------------------------------------------


def race(dispute: Dispute, *deeds: Callable[[], Any]) -> tuple[int, list[type]]:
    """How many deeds stood, and as what the others were refused."""
    outcomes = queued_up(dispute.chain, *deeds)
    assert first_broken_link(dispute.chain) is None
    lost = [type(outcome) for outcome in outcomes if isinstance(outcome, Refusal)]
    return len(deeds) - len(lost), lost


@pytest.fixture
def to_sign(committed: None) -> Dispute:
    return a_dispute_to_sign(officer=hire_office().li)


@pytest.fixture
def signed(committed: None) -> Dispute:
    return a_signed_dispute(officer=hire_office().li)


def test_both_sign_at_once_and_the_agreement_is_concluded_once(to_sign: Dispute) -> None:
    stood, lost = race(to_sign, lambda: sign(to_sign, zhang()), lambda: sign(to_sign, chen(), "陈四"))

    assert (stood, lost) == (2, [])
    assert state_of(to_sign) == State.COOLING_OFF
    assert Obligation.objects.count() == 1
    assert Event.objects.filter(name="settlement.concluded").count() == 1


def test_a_double_tap_on_sign_signs_once(to_sign: Dispute) -> None:
    stood, lost = race(to_sign, *[lambda: sign(to_sign, zhang())] * 4)

    assert (stood, lost) == (1, [AlreadySigned] * 3)
    assert Signature.objects.count() == 1
    assert Event.objects.filter(name="settlement.signed").count() == 1


def test_of_the_second_signature_and_a_refusal_at_once_one_stands(to_sign: Dispute) -> None:
    sign(to_sign, chen(), "陈四")
    digest = to_sign.settlements.get().digest

    stood, lost = race(to_sign, lambda: sign(to_sign, zhang(), digest=digest), lambda: refuse(to_sign, chen()))

    assert stood == 1
    concluded = state_of(to_sign) == State.COOLING_OFF
    assert lost == ([NotPossible] if concluded else [SettlementChanged])
    assert Obligation.objects.count() == (1 if concluded else 0)


def test_of_a_report_of_payment_and_a_rescission_at_once_one_stands(signed: Dispute) -> None:
    stood, lost = race(signed, lambda: pay(signed), lambda: rescind(signed))

    assert stood == 1
    paid = Obligation.objects.get().state == ObligationState.CLAIMED_DONE
    assert lost == ([NotPossible] if paid else [NothingDue])
    assert (signed.settlements.get().void_at is None) == paid


def test_of_a_confirmation_and_a_complaint_that_nothing_came_at_once_one_stands(signed: Dispute) -> None:
    pay(signed)

    race(
        signed,
        lambda: confirm(signed),
        lambda: dispute_performance(dispute_id=signed.pk, by=zhang(), at=TUESDAY_MORNING),
    )

    # Whichever came first: a confirmation ends it, and what was disputed may still be confirmed.
    assert state_of(signed) == State.CLOSED
    assert Event.objects.filter(name="dispute.closed").count() == 1


def test_a_double_tap_on_confirm_closes_once(signed: Dispute) -> None:
    pay(signed)

    stood, lost = race(signed, *[lambda: confirm(signed)] * 3)

    assert (stood, lost) == (1, [NothingDue] * 2)
    assert Event.objects.filter(name="dispute.closed").count() == 1
