"""A complaint is linked to another seller, and back."""

from collections.abc import Callable

import pytest

from complaints.actions.decision import accept_complaint, decline_complaint
from complaints.actions.linking import NotLinked, link_complaint
from complaints.models import Complaint
from merchants.models import Merchant
from microguard.accounts.policies import NotAllowed
from microguard.core.reasons import ReasonMissing
from microguard.events.models import Event
from tests.cases import a_filed_complaint, a_seller
from tests.clock import MONDAY_MORNING, TUESDAY_MORNING, WEDNESDAY_MORNING
from tests.people import Office, zhang

OTHER_SHOP = "寄件人电话是另一家店的，买家也确认了。"


@pytest.fixture
def accepted(office: Office) -> Complaint:
    """Zhang's complaint, accepted for a new profile."""
    return accept_complaint(complaint_id=a_filed_complaint().pk, by=office.li, at=MONDAY_MORNING)


@pytest.fixture
def li_links(office: Office) -> Callable[..., Complaint]:
    def links(complaint: Complaint, merchant: Merchant, reason: str = OTHER_SHOP) -> Complaint:
        return link_complaint(
            complaint_id=complaint.pk, merchant_id=merchant.pk, reason=reason, by=office.li, at=TUESDAY_MORNING
        )

    return links


def seen(merchant: Merchant) -> list[str]:
    """The cases whose word for a handle of this seller stands."""
    sightings = [
        sighting.seen_in
        for handle in merchant.handles.all()
        for sighting in handle.sightings.filter(withdrawn_at__isnull=True)
    ]
    return sorted(sightings)


def test_what_was_named_in_the_case_goes_along_and_comes_back(
    accepted: Complaint, li_links: Callable[..., Complaint]
) -> None:
    before, shop = accepted.merchant, a_seller(("payment_qr", "wxp://shop"))
    assert before is not None

    linked = li_links(accepted, shop)

    assert linked.merchant == shop
    assert (seen(before), seen(shop)) == ([], ["case/0", accepted.chain])
    assert li_links(accepted, before).merchant == before
    assert (seen(before), seen(shop)) == ([accepted.chain], ["case/0"])


def test_the_old_link_stays_in_the_story_of_case_and_sellers(
    office: Office, accepted: Complaint, li_links: Callable[..., Complaint]
) -> None:
    before, shop = accepted.merchant, a_seller()
    assert before is not None

    li_links(accepted, shop)

    told = Event.objects.filter(name="complaint.linked").order_by("pk")
    assert {event.chain for event in told} == {accepted.chain, shop.chain, before.chain}
    assert told[0].facts == {"case": accepted.pk, "merchant": shop.pk, "other": before.pk}
    assert (told[0].chain, told[0].remark.words, told[0].actor) == (
        accepted.chain,
        OTHER_SHOP,
        office.li.reference,
    )


def test_a_complaint_that_waits_for_a_decision_is_linked_too_and_accepted_for_whom_the_officer_chooses(
    office: Office, li_links: Callable[..., Complaint]
) -> None:
    complaint, shop, cousin = a_filed_complaint(), a_seller(), a_seller()
    li_links(complaint, shop)

    accept_complaint(complaint_id=complaint.pk, merchant_id=cousin.pk, by=office.li, at=WEDNESDAY_MORNING)

    assert (seen(shop), seen(cousin)) == ([], [complaint.chain])


def test_it_needs_a_reason_another_seller_and_a_complaint_that_is_not_over(
    office: Office, accepted: Complaint, li_links: Callable[..., Complaint]
) -> None:
    shop = a_seller()
    with pytest.raises(ReasonMissing):
        li_links(accepted, shop, reason="弄错了")
    assert accepted.merchant is not None
    with pytest.raises(NotLinked) as refused:
        li_links(accepted, accepted.merchant)
    assert refused.value.code == "linked"

    declined = a_filed_complaint()
    decline_complaint(
        complaint_id=declined.pk,
        ground="NOT_OURS",
        reason="看不出发生了什么事情。",
        by=office.li,
        at=MONDAY_MORNING,
    )
    with pytest.raises(NotLinked) as refused:
        li_links(declined, shop)
    assert refused.value.code == "ended"


def test_the_buyer_links_nothing(accepted: Complaint) -> None:
    with pytest.raises(NotAllowed):
        link_complaint(
            complaint_id=accepted.pk,
            merchant_id=a_seller().pk,
            reason=OTHER_SHOP,
            by=zhang(),
            at=TUESDAY_MORNING,
        )
