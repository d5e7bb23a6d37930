"""Claiming a profile: proof, a cooling period with notice to the old contacts, one owner at a time."""

from datetime import datetime, timedelta

import pytest

from disputes.selectors.sellers import SellerOfCases
from merchants.actions.claiming import (
    ContestDead,
    NotClaimable,
    begin_claim,
    bring_proof,
    contest_claim,
    make_contest_link,
    withdraw_claim,
)
from merchants.actions.linking import merge_profiles, unmerge_profile
from merchants.actions.ownership import NotDecidable, accept_proof, grant_claim, refuse_claim, release_profile
from merchants.actions.public_page import publish_name
from merchants.actions.registry import add_handles
from merchants.actions.shared import mark_shared
from merchants.actions.statements import offer_statement
from merchants.models import Merchant, Ownership, ProfileClaim
from microguard.accounts.actors import SYSTEM, Actor
from microguard.accounts.policies import NotAllowed
from microguard.core.errors import NotFound
from microguard.core.files import FileRefused
from microguard.core.machine import NotPossible
from microguard.core.reasons import ReasonMissing
from microguard.deadlines.actions import due, lapse_next
from microguard.deadlines.models import Deadline
from microguard.events.actions import deliver_next
from microguard.events.models import Event
from microguard.notifications.models import Dispatch
from tests.cases import a_picture, a_seller, an_invited_dispute
from tests.clock import MONDAY_MORNING, TUESDAY_MORNING
from tests.people import CHEN_PHONE, LIN_PHONE, ZHANG_PHONE, Office, chen, lin, zhang

REASON = "营业执照和店铺名称一致，电话核实过。"
SAME = "收款码和寄件人都一样，买家确认是同一人。"


def the_shop(phone: str = CHEN_PHONE) -> Merchant:
    """A shop known by a WeChat ID and one phone."""
    return a_seller(("wechat_id", "shoes_2026"), ("phone", phone))


def claim_by_phone(shop: Merchant, phone: str, by: Actor, *, at: datetime = MONDAY_MORNING) -> ProfileClaim:
    return begin_claim(merchant_id=shop.pk, proof="PHONE", phone=phone, language="zh-hans", by=by, at=at)


def claim_by_licence(shop: Merchant, phone: str, by: Actor, *, at: datetime = MONDAY_MORNING) -> ProfileClaim:
    claim = begin_claim(merchant_id=shop.pk, proof="LICENCE", phone=phone, language="en", by=by, at=at)
    return bring_proof(claim_id=claim.pk, uploads=[a_picture()], by=by, at=at)


def after_cooling(claim: ProfileClaim) -> datetime:
    """The instant at which the cooling period has run out, and the sweep has passed."""
    ends = due("claim.cooling", claim.merchant, subject=claim.subject)
    assert ends is not None
    while lapse_next(at=ends):
        continue
    return ends


def owned(shop: Merchant) -> list[str]:
    """The phones of whoever owns the shop now."""
    return [str(owner.phone) for owner in Ownership.objects.filter(merchant=shop, ended_at__isnull=True)]


def texts_to(phone: str) -> list[str]:
    while deliver_next(at=MONDAY_MORNING + timedelta(days=60)):
        continue
    return [str(sent.body) for sent in Dispatch.objects.order_by("pk") if sent.address == phone]


@pytest.fixture
def chens_shop(office: Office) -> Merchant:
    """The shop, owned by Chen since the end of the cooling period."""
    shop = the_shop()
    after_cooling(claim_by_phone(shop, CHEN_PHONE, chen()))
    shop.refresh_from_db()
    return shop


def test_a_phone_by_which_the_seller_is_known_is_proof_and_time_in_silence_makes_the_owner(office: Office) -> None:
    shop = the_shop()

    claim = claim_by_phone(shop, CHEN_PHONE, chen())

    assert (claim.state, owned(shop)) == ("COOLING", [])
    ended = after_cooling(claim)
    claim.refresh_from_db()
    shop.refresh_from_db()
    assert (claim.state, claim.decided_by, shop.state, owned(shop)) == (
        "GRANTED",
        "system",
        "CLAIMED",
        [CHEN_PHONE],
    )
    assert ended == datetime.fromisoformat("2026-12-01T00:00:00+08:00")


def test_a_phone_by_which_the_seller_is_not_known_proves_nothing_and_leaves_no_claim(office: Office) -> None:
    with pytest.raises(NotClaimable) as refused:
        claim_by_phone(the_shop(), LIN_PHONE, lin())

    assert refused.value.code == "other_proof"
    assert not ProfileClaim.objects.exists()


def test_a_phone_that_several_people_use_proves_nothing(office: Office) -> None:
    shop = the_shop()
    handle = shop.handles.get(type="phone")
    mark_shared(handle_id=handle.pk, because="FAMILY", by=office.li, at=MONDAY_MORNING)

    with pytest.raises(NotClaimable):
        claim_by_phone(shop, CHEN_PHONE, chen())


def test_a_phone_named_in_one_complaint_alone_goes_to_a_person(office: Office) -> None:
    """Lin complains about Chen's shop under her own number, so that the number becomes a handle."""
    shop = a_seller(("wechat_id", "shoes_2026"))
    add_handles(merchant=shop, mentions=[("phone", LIN_PHONE)], seen_in="case/9", by=SYSTEM, at=MONDAY_MORNING)

    claim = claim_by_phone(shop, LIN_PHONE, lin())

    assert claim.state == "UNDER_REVIEW"


def test_a_licence_is_looked_at_by_an_officer_before_the_cooling_period(office: Office) -> None:
    shop = the_shop()
    claim = claim_by_licence(shop, LIN_PHONE, lin())

    assert claim.state == "UNDER_REVIEW"
    assert due("claim.review", shop, subject=claim.subject) == datetime.fromisoformat("2026-11-26T00:00:00+08:00")
    claim = accept_proof(claim_id=claim.pk, by=office.li, at=TUESDAY_MORNING)
    assert (claim.state, claim.proven_by, owned(shop)) == ("COOLING", office.li.reference, [])
    assert Deadline.objects.get(rule="claim.review").met_at == TUESDAY_MORNING
    after_cooling(claim)
    assert owned(shop) == [LIN_PHONE]


def test_a_review_that_nobody_does_grants_nothing(office: Office) -> None:
    shop = the_shop()
    claim_by_licence(shop, LIN_PHONE, lin())

    while lapse_next(at=MONDAY_MORNING + timedelta(days=60)):
        continue

    assert owned(shop) == []
    assert ProfileClaim.objects.get().state == "UNDER_REVIEW"


def test_a_refused_claim_says_why_and_may_be_made_again(office: Office) -> None:
    shop = the_shop()
    claim = claim_by_licence(shop, LIN_PHONE, lin())

    with pytest.raises(ReasonMissing):
        refuse_claim(claim_id=claim.pk, reason="不行", by=office.li, at=TUESDAY_MORNING)
    claim = refuse_claim(claim_id=claim.pk, reason="照片上看不清信用代码。", by=office.li, at=TUESDAY_MORNING)

    assert (claim.state, claim.decision_reason) == ("REFUSED", "照片上看不清信用代码。")
    assert claim_by_licence(shop, LIN_PHONE, lin(), at=TUESDAY_MORNING).state == "UNDER_REVIEW"


def test_a_file_that_is_no_picture_is_refused_and_proof_is_still_awaited(office: Office) -> None:
    claim = begin_claim(
        merchant_id=the_shop().pk, proof="SIGNATURE", phone=LIN_PHONE, language="en", by=lin(), at=MONDAY_MORNING
    )
    broken = a_picture()
    broken.file.seek(0)
    broken.file.truncate(40)

    with pytest.raises(FileRefused):
        bring_proof(claim_id=claim.pk, uploads=[broken], by=lin(), at=MONDAY_MORNING)
    claim.refresh_from_db()
    assert claim.state == "AWAITING_PROOF"
    assert len(claim.placed_code) == 9


def test_the_old_contacts_are_told_with_a_link_and_one_objection_brings_a_person(office: Office) -> None:
    shop = the_shop()
    claim = accept_proof(claim_id=claim_by_licence(shop, LIN_PHONE, lin()).pk, by=office.li, at=TUESDAY_MORNING)

    (text,) = texts_to(CHEN_PHONE)
    token = text.rstrip("/").rsplit("/", 1)[-1]
    assert "/m/contest/" in text
    claim = contest_claim(token=token, at=TUESDAY_MORNING)

    assert (claim.state, claim.contested_by) == ("CONTESTED", "old_contact")
    assert contest_claim(token=token, at=TUESDAY_MORNING).contested_at == claim.contested_at
    while lapse_next(at=TUESDAY_MORNING + timedelta(days=60)):
        continue
    assert owned(shop) == []


def test_whoever_answered_as_the_seller_in_a_case_is_told_too(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    shop = dispute.complaint.merchant
    assert not shop.handles.filter(type="phone").exists()

    accept_proof(claim_id=claim_by_licence(shop, LIN_PHONE, lin()).pk, by=office.li, at=TUESDAY_MORNING)

    assert any("/m/contest/" in text for text in texts_to(CHEN_PHONE))


def test_an_officer_grants_or_refuses_a_contested_claim_for_a_reason(office: Office, chens_shop: Merchant) -> None:
    claim = accept_proof(
        claim_id=claim_by_licence(chens_shop, LIN_PHONE, lin()).pk, by=office.li, at=TUESDAY_MORNING
    )
    contest_claim(token=make_contest_link(claim, at=TUESDAY_MORNING), at=TUESDAY_MORNING)

    with pytest.raises(ReasonMissing):
        grant_claim(claim_id=claim.pk, reason="可以", by=office.li, at=TUESDAY_MORNING)
    grant_claim(claim_id=claim.pk, reason=REASON, by=office.li, at=TUESDAY_MORNING)

    assert owned(chens_shop) == [LIN_PHONE]
    before = Ownership.objects.get(phone_hash=chen().phone_hash)
    assert (before.ended_at, before.ended_by) == (TUESDAY_MORNING, office.li.reference)


def test_a_claim_that_nobody_contests_is_granted_by_time_and_not_by_an_officer(office: Office) -> None:
    claim = claim_by_phone(the_shop(), CHEN_PHONE, chen())

    with pytest.raises(NotDecidable):
        grant_claim(claim_id=claim.pk, reason=REASON, by=office.li, at=TUESDAY_MORNING)


def test_an_objection_after_the_end_comes_too_late_even_before_the_sweep(office: Office) -> None:
    shop = the_shop()
    claim = claim_by_phone(shop, CHEN_PHONE, chen())
    token = make_contest_link(claim, at=MONDAY_MORNING)
    ends = due("claim.cooling", shop, subject=claim.subject)

    with pytest.raises(ContestDead):
        contest_claim(token=token, at=ends)
    with pytest.raises(ContestDead):
        contest_claim(token="no-such-token", at=MONDAY_MORNING)


def test_a_seller_merged_in_the_meantime_has_contacts_who_are_told_first(office: Office) -> None:
    """Lin claims a small account; it is merged into Chen's shop before her period ends."""
    small, shop = a_seller(("phone", LIN_PHONE)), the_shop()
    after_cooling(claim_by_phone(shop, CHEN_PHONE, chen()))
    claim = claim_by_phone(small, LIN_PHONE, lin())
    first_end = due("claim.cooling", small, subject=claim.subject)
    merge_profiles(merchant_id=small.pk, into_id=shop.pk, reason=SAME, by=office.li, at=TUESDAY_MORNING)
    assert not any("/m/contest/" in text for text in texts_to(CHEN_PHONE))

    after_cooling(claim)

    claim.refresh_from_db()
    assert (claim.state, owned(shop), owned(small)) == ("COOLING", [CHEN_PHONE], [])
    assert any("/m/contest/" in text for text in texts_to(CHEN_PHONE))
    assert due("claim.cooling", small, subject=claim.subject) > first_end
    after_cooling(claim)
    assert (owned(shop), owned(small)) == ([LIN_PHONE], [])


def test_a_phone_that_left_with_an_unmerged_profile_is_no_proof_any_more(office: Office) -> None:
    small, shop = a_seller(("phone", LIN_PHONE)), the_shop()
    merge_profiles(merchant_id=small.pk, into_id=shop.pk, reason=SAME, by=office.li, at=MONDAY_MORNING)
    claim = claim_by_phone(shop, LIN_PHONE, lin())
    unmerge_profile(merchant_id=small.pk, by=office.li, at=TUESDAY_MORNING)

    end = due("claim.cooling", claim.merchant, subject=claim.subject)
    while lapse_next(at=end):
        continue

    claim.refresh_from_db()
    assert (claim.state, claim.proven_at, owned(shop)) == ("UNDER_REVIEW", None, [])


def test_the_owner_gives_the_profile_up_and_nobody_else_can(office: Office, chens_shop: Merchant) -> None:
    for stranger in (lin(), office.li):
        with pytest.raises(NotAllowed):
            release_profile(merchant_id=chens_shop.pk, by=stranger, at=TUESDAY_MORNING)

    release_profile(merchant_id=chens_shop.pk, by=chen(), at=TUESDAY_MORNING)

    chens_shop.refresh_from_db()
    assert (chens_shop.state, owned(chens_shop)) == ("UNCLAIMED", [])


def test_a_claim_is_its_makers_alone(office: Office) -> None:
    claim = claim_by_phone(the_shop(), CHEN_PHONE, chen())

    with pytest.raises(NotFound):
        withdraw_claim(claim_id=claim.pk, by=lin(), at=TUESDAY_MORNING)
    withdraw_claim(claim_id=claim.pk, by=chen(), at=TUESDAY_MORNING)
    with pytest.raises(NotPossible):
        withdraw_claim(claim_id=claim.pk, by=chen(), at=TUESDAY_MORNING)
    assert not Deadline.objects.filter(rule="claim.cooling", cancelled_at__isnull=True).exists()


def test_nobody_claims_twice_nor_what_is_theirs(office: Office, chens_shop: Merchant) -> None:
    with pytest.raises(NotClaimable) as refused:
        claim_by_phone(chens_shop, CHEN_PHONE, chen())
    assert refused.value.code == "yours"
    claim_by_licence(chens_shop, LIN_PHONE, lin())
    with pytest.raises(NotClaimable) as refused:
        claim_by_licence(chens_shop, LIN_PHONE, lin())
    assert refused.value.code == "twice"


def test_a_fourth_claim_at_once_is_too_many(office: Office) -> None:
    for _number in range(3):
        claim_by_licence(the_shop(), ZHANG_PHONE, zhang())

    with pytest.raises(NotClaimable) as refused:
        claim_by_licence(the_shop(), ZHANG_PHONE, zhang())
    assert refused.value.code == "too_many"


@pytest.mark.parametrize("decide", [accept_proof, refuse_claim, grant_claim])
def test_only_officers_and_supervisors_decide(office: Office, decide: object) -> None:
    claim = claim_by_licence(the_shop(), LIN_PHONE, lin())
    words = {} if decide is accept_proof else {"reason": REASON}

    for stranger in (lin(), chen(), office.wang, office.sun):
        with pytest.raises(NotAllowed):
            decide(claim_id=claim.pk, **words, by=stranger, at=TUESDAY_MORNING)  # type: ignore[operator]


def test_the_owner_shows_a_name_and_nobody_else_does(office: Office, chens_shop: Merchant) -> None:
    told = {"merchant_id": chens_shop.pk, "name": "小陈鞋店", "at": TUESDAY_MORNING}

    with pytest.raises(NotAllowed):
        publish_name(by=lin(), **told)
    assert publish_name(by=chen(), **told).name == "小陈鞋店"


def test_the_owner_speaks_on_the_public_page_also_before_any_case(office: Office, chens_shop: Merchant) -> None:
    told = {"merchant_id": chens_shop.pk, "text": "欢迎监督，有问题请先联系我。", "at": TUESDAY_MORNING}
    seller = SellerOfCases([chens_shop.pk])

    with pytest.raises(NotAllowed):
        offer_statement(speaks_for=seller, by=lin(), **told)
    assert offer_statement(speaks_for=seller, by=chen(), **told).state == "WAITING"


def test_facts_name_nobody(office: Office, chens_shop: Merchant) -> None:
    told = Event.objects.filter(chain=chens_shop.chain, name__startswith="claim.")

    assert {event.actor for event in told} == {"claimant", "system"}
    assert not any(CHEN_PHONE in str(event.facts) for event in told)
