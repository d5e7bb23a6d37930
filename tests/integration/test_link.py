"""The seller's link into a case: for one phone, once, and it tells nobody whose case it is."""

from typing import Any

import pytest

from disputes.actions.opening import (
    LINK_LIFE,
    AnotherPhone,
    LinkDead,
    deny_identity,
    enter_by_link,
    make_link,
    note_invitation,
    open_link,
    renew_link,
)
from disputes.models import Dispute, Invitation
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.policies import NotAllowed
from microguard.deadlines.models import Deadline
from microguard.events.actions import deliver_next
from microguard.events.models import Event
from microguard.notifications.models import Dispatch
from tests.cases import an_invited_dispute, an_open_dispute
from tests.clock import A_SECOND, MONDAY_MORNING, MONDAY_NOON, TUESDAY_MORNING
from tests.people import CHEN_PHONE, LIN_PHONE, ZHANG_PHONE, Office, chen, hire_office, lin, zhang
from tests.threads import queued_up


def enter(token: str, phone: str = CHEN_PHONE, at: Any = MONDAY_NOON) -> Dispute:
    return enter_by_link(token=token, phone=phone, phone_hash=phone_hash(phone), language="zh-hans", at=at)


@pytest.fixture
def token(office: Office) -> str:
    """A link into a case whose seller nobody has met yet."""
    return make_link(dispute_id=an_open_dispute(officer=office.li).pk, by=office.li, at=MONDAY_MORNING)


def test_a_link_lets_one_phone_in_and_is_used_up(token: str) -> None:
    dispute = enter(token)

    assert dispute.side_of(chen()) == "RESPONDENT"
    with pytest.raises(LinkDead):
        enter(token)
    with pytest.raises(LinkDead):
        open_link(token=token, at=MONDAY_NOON)


def test_a_link_ends_at_its_exact_instant(token: str) -> None:
    with pytest.raises(LinkDead):
        open_link(token=token, at=MONDAY_MORNING + LINK_LIFE)

    assert open_link(token=token, at=MONDAY_MORNING + LINK_LIFE - A_SECOND)


def test_a_new_link_ends_the_old_one(office: Office, token: str) -> None:
    newer = make_link(dispute_id=Dispute.objects.get().pk, by=office.li, at=MONDAY_NOON)

    with pytest.raises(LinkDead):
        open_link(token=token, at=MONDAY_NOON)
    assert open_link(token=newer, at=MONDAY_NOON)


def test_a_token_is_stored_nowhere(token: str) -> None:
    assert token not in repr(list(Invitation.objects.values()))
    assert token not in repr(list(Event.objects.values()))


def test_the_first_opening_starts_the_sellers_terms_and_the_second_changes_nothing(token: str) -> None:
    open_link(token=token, at=MONDAY_NOON)
    open_link(token=token, at=TUESDAY_MORNING)

    assert Dispute.objects.get().invited_at == MONDAY_NOON
    assert Deadline.objects.get(rule="respondent.answer").started_at == MONDAY_NOON
    assert Event.objects.filter(name="respondent.invited").count() == 1


def test_the_buyer_cannot_enter_as_the_seller(token: str) -> None:
    with pytest.raises(AnotherPhone) as refused:
        enter(token, ZHANG_PHONE)

    assert refused.value.code == "seller_self"


def test_another_phone_than_the_known_one_stays_outside(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    fresh = make_link(dispute_id=dispute.pk, by=office.li, at=MONDAY_NOON)

    with pytest.raises(AnotherPhone):
        enter(fresh, LIN_PHONE)

    assert enter(fresh, CHEN_PHONE).respondent_phone == CHEN_PHONE


def test_a_renewed_link_goes_only_to_the_known_phone_and_says_the_same_to_all(office: Office) -> None:
    dispute = an_open_dispute(officer=office.li)
    first = make_link(dispute_id=dispute.pk, by=office.li, at=MONDAY_MORNING)
    enter(first)
    while deliver_next(at=MONDAY_NOON):
        continue
    before = Dispatch.objects.count()

    for token_, phone in ((first, LIN_PHONE), ("unknown", CHEN_PHONE), (first, CHEN_PHONE)):
        renew_link(token=token_, phone=phone, at=TUESDAY_MORNING)
    while deliver_next(at=TUESDAY_MORNING):
        continue

    sent = list(Dispatch.objects.order_by("pk"))[before:]
    assert [message.address for message in sent] == [CHEN_PHONE]
    assert Event.objects.filter(name="respondent.link_asked").count() == 1


def test_who_is_not_the_seller_says_so_and_the_link_is_dead(token: str) -> None:
    deny_identity(token=token, reason="我不是卖家", at=MONDAY_NOON)

    with pytest.raises(LinkDead):
        enter(token)
    with pytest.raises(LinkDead):
        deny_identity(token=token, reason="我不是卖家", at=MONDAY_NOON)


def test_of_three_phones_that_enter_by_one_link_at_once_one_is_the_seller(committed: None) -> None:
    office = hire_office()
    dispute = an_open_dispute(officer=office.li)
    link = make_link(dispute_id=dispute.pk, by=office.li, at=MONDAY_MORNING)

    outcomes = queued_up(
        dispute.chain,
        *[lambda phone=phone: enter(link, phone) for phone in (CHEN_PHONE, LIN_PHONE, "13600000009")],
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Dispute", "LinkDead", "LinkDead"]
    entered = next(outcome for outcome in outcomes if isinstance(outcome, Dispute))
    assert Dispute.by_pk(dispute.pk).respondent_phone_hash == entered.respondent_phone_hash
    assert Event.objects.filter(name="respondent.identified").count() == 1


def test_only_the_office_invites(office: Office) -> None:
    dispute = an_open_dispute(officer=office.li)

    for somebody in (zhang(), chen(), lin(), office.sun):
        with pytest.raises(NotAllowed):
            make_link(dispute_id=dispute.pk, by=somebody, at=MONDAY_NOON)
        with pytest.raises(NotAllowed):
            note_invitation(dispute_id=dispute.pk, by=somebody, at=MONDAY_NOON)
