"""What a side answers to a mediator's proposal makes no difference to what anybody else can see."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from disputes.actions.mediation import (
    NoProposal,
    answer_mediation,
    answer_proposal,
    propose,
)
from disputes.actions.negotiation import accept_offer, make_offer
from disputes.actions.outcome import settle_at_once
from disputes.actions.settlement import refuse_to_sign
from disputes.models import Dispute, Proposal
from disputes.rules.terms import Terms
from disputes.states import State
from microguard.accounts.actors import Actor
from microguard.accounts.middleware import PROVEN_PHONE
from microguard.accounts.models import User
from microguard.deadlines.actions import due
from microguard.events.actions import deliver_next
from microguard.events.models import Event
from microguard.notifications.models import Dispatch
from tests.clock import FRIDAY_NOON, MONDAY_NOON
from tests.people import Office, chen, zhang
from tests.stages import a_mediation

HALF = Terms(6_400, 7, note="双方各让一步。")


def a_proposal(dispute: Dispute, office: Office, terms: Terms = HALF) -> Proposal:
    return propose(dispute_id=dispute.pk, terms=terms, by=office.wang, at=MONDAY_NOON)


def answer(
    dispute: Dispute, by: Actor, *, accepts: bool, waives: bool = True, at: datetime = MONDAY_NOON
) -> Proposal:
    return answer_proposal(dispute_id=dispute.pk, accepts=accepts, waives_reflection=waives, by=by, at=at)


def state_of(dispute: Dispute) -> str:
    return Dispute.by_pk(dispute.pk).state


def consent(dispute: Dispute, by: Actor, *, consents: bool = True) -> Dispute:
    return answer_mediation(dispute_id=dispute.pk, consents=consents, by=by, at=MONDAY_NOON)


def stored_answers() -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM disputes_proposalanswer ORDER BY id")
        return [bytes(value) for (value,) in cursor.fetchall()]


def test_a_sealed_answer_cannot_be_told_from_its_row(office: Office) -> None:
    dispute = a_mediation(office)
    a_proposal(dispute, office)
    lengths = set()
    for accepts in (True, False):
        answer(dispute, zhang(), accepts=accepts)
        (sealed,) = stored_answers()
        assert b"accept" not in sealed
        assert b"refuse" not in sealed
        lengths.add(len(sealed))

    assert len(lengths) == 1


SETTLED_OTHERWISE: dict[str, Callable[[Dispute, Office], object]] = {
    "between the two": lambda dispute, office: accept_offer(
        dispute_id=dispute.pk,
        offer_id=make_offer(dispute_id=dispute.pk, terms=Terms(5_000, 7), by=chen(), at=MONDAY_NOON).pk,
        by=zhang(),
        at=MONDAY_NOON,
    ),
    "by phone": lambda dispute, office: settle_at_once(
        complaint_id=dispute.case_id, recovered_fen=1, note="电话中当场退款", by=office.wang, at=MONDAY_NOON
    ),
}


@pytest.mark.parametrize("settle", SETTLED_OTHERWISE.values(), ids=SETTLED_OTHERWISE.keys())
def test_a_case_settled_otherwise_takes_the_proposal_back_and_destroys_the_answers(
    office: Office, settle: Callable[[Dispute, Office], object]
) -> None:
    dispute = a_mediation(office)
    proposal = a_proposal(dispute, office)
    answer(dispute, zhang(), accepts=True)

    settle(dispute, office)

    proposal.refresh_from_db()
    assert (proposal.accepted, stored_answers()) == (False, [b""])
    assert due("proposal.reflection", dispute) is None
    with pytest.raises(NoProposal):
        answer(dispute, chen(), accepts=True)


@dataclass(frozen=True)
class Sight:
    """All that there is to see of a case: pages as one reader gets them, facts, and messages sent."""

    pages: list[str]
    facts: list[tuple[str, str, Any]]
    messages: list[tuple[str, str, str]]


# What differs between any two readings of a page.
PASSING = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"')
PAGES = ("disputes:case", "disputes:room", "disputes:offers", "disputes:mediation", "disputes:settlement")


def sight_after(reader: Client, dispute: Dispute, addresses: list[str], by: Actor, *, accepts: bool) -> Sight:
    """Let one side answer, look, and undo it."""
    with transaction.atomic():
        answer(dispute, by, accepts=accepts)
        while deliver_next(at=FRIDAY_NOON):
            continue
        answers = [reader.get(address, follow=True) for address in addresses]
        assert {page.status_code for page in answers} == {200}
        seen = Sight(
            pages=[PASSING.sub("", page.content.decode()) for page in answers],
            facts=list(Event.objects.order_by("pk").values_list("name", "actor", "facts")),
            messages=list(Dispatch.objects.order_by("pk").values_list("notice", "subject", "body")),
        )
        transaction.set_rollback(True)
    return seen


def as_party(actor: Actor) -> Client:
    reader = Client()
    session = reader.session
    session[PROVEN_PHONE] = actor.phone_hash
    session.save()
    return reader


def as_staff(user: User) -> Client:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    reader = Client()
    reader.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return reader


@pytest.fixture
def sealed(office: Office, clock_at: Callable[[datetime], None], settings: Any) -> Dispute:
    """A mediation with an open proposal that nobody has answered; pages are read on Monday noon."""
    settings.DEMO = False
    clock_at(MONDAY_NOON)
    dispute = a_mediation(office)
    a_proposal(dispute, office)
    while deliver_next(at=FRIDAY_NOON):  # messages that hold random links are written before anybody answers
        continue
    return dispute


@pytest.mark.parametrize(
    ("reader", "answering"), [(chen, zhang), (zhang, chen)], ids=["the seller reads", "the buyer reads"]
)
def test_what_one_side_answers_makes_no_difference_to_what_the_other_can_see(
    sealed: Dispute, reader: Callable[[], Actor], answering: Callable[[], Actor]
) -> None:
    addresses = [reverse(page, args=[sealed.complaint.number]) for page in PAGES]
    browser = as_party(reader())

    accepted = sight_after(browser, sealed, addresses, answering(), accepts=True)
    refused = sight_after(browser, sealed, addresses, answering(), accepts=False)

    assert accepted == refused
    assert HALF.note in accepted.pages[1]
    assert "proposal.answered" in [name for name, _actor, _facts in accepted.facts]


def test_not_even_the_mediator_sees_how_a_side_answered(sealed: Dispute, office: Office) -> None:
    browser = as_staff(office.wang_mediator)
    addresses = [reverse("admin:complaints_complaint_change", args=[sealed.case_id])]
    browser.get(addresses[0])  # the desk writes its colours differently the first time

    accepted = sight_after(browser, sealed, addresses, zhang(), accepts=True)
    refused = sight_after(browser, sealed, addresses, zhang(), accepts=False)

    assert accepted == refused
    assert HALF.note in accepted.pages[0]


def test_the_way_of_looking_would_see_a_difference(sealed: Dispute) -> None:
    """The comparison above can fail: one's own answer is confirmed on one's own page."""
    browser = as_party(zhang())
    address = reverse("disputes:room", args=[sealed.complaint.number])

    before = PASSING.sub("", browser.get(address).content.decode())
    after = sight_after(browser, sealed, [address], zhang(), accepts=True).pages[0]

    assert PASSING.sub("", browser.get(address).content.decode()) == before
    assert after != before


def test_a_refused_draft_of_a_mediator_can_be_mediated_again(office: Office) -> None:
    dispute = a_mediation(office)
    a_proposal(dispute, office)
    answer(dispute, zhang(), accepts=True)
    answer(dispute, chen(), accepts=True)

    refuse_to_sign(dispute_id=dispute.pk, by=chen(), at=MONDAY_NOON)
    assert state_of(dispute) == State.MEDIATION_OFFERED
    consent(dispute, zhang())
    assert state_of(dispute) == State.MEDIATION_OFFERED
    consent(dispute, chen())

    assert state_of(dispute) == State.MEDIATION
    assert a_proposal(dispute, office).accepted is None
