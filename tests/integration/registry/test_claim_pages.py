"""The pages of a claim: one's own, the objection of an old contact, and the desk's."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from merchants.actions.claiming import make_contest_link
from merchants.models import Merchant, ProfileClaim
from tests.cases import a_picture, a_seller, an_invited_dispute
from tests.clock import MONDAY_MORNING
from tests.people import CHEN_PHONE, LIN_PHONE, Office
from tests.visitors import a_browser, at_desk, last_code, sentences


@pytest.fixture
def shop(office: Office, clock_at: Callable[[datetime], None]) -> Merchant:
    """A shop known by a WeChat ID and Chen's phone, on Monday morning."""
    clock_at(MONDAY_MORNING)
    return a_seller(("wechat_id", "shoes_2026"), ("phone", CHEN_PHONE))


def address(shop: Merchant) -> str:
    return f"/m/claim/{shop.public_key}/"


def claimed(browser: Any, shop: Merchant, *, phone: str, proof: str) -> Any:
    """What the browser reads after it proved this phone."""
    browser.post(address(shop), {"proof": proof, "phone": phone, "send_code": "1"})
    return browser.post(address(shop), {"proof": proof, "phone": phone, "code": last_code()}, follow=True)


def test_chen_claims_by_phone_and_sees_until_when_others_may_object(shop: Merchant) -> None:
    page = claimed(a_browser(), shop, phone=CHEN_PHONE, proof="PHONE")

    assert ProfileClaim.objects.get().state == "COOLING"
    assert "到期没有人提出异议" in page.text
    assert CHEN_PHONE not in page.text


def test_asking_for_a_code_answers_alike_for_every_number(shop: Merchant) -> None:
    known, unknown = (
        a_browser().post(address(shop), {"proof": "PHONE", "phone": phone, "send_code": "1"})
        for phone in (CHEN_PHONE, LIN_PHONE)
    )

    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(CHEN_PHONE, "").count("验证码") == unknown.text.replace(LIN_PHONE, "").count(
        "验证码"
    )
    assert not ProfileClaim.objects.exists()


def test_another_phone_is_told_to_choose_another_proof(shop: Merchant) -> None:
    page = claimed(a_browser(), shop, phone=LIN_PHONE, proof="PHONE")

    assert page.status_code == 422
    assert sentences(page) == ["光凭这个号码不能证明店铺是您的，请换一种方式证明。"]


def test_lin_brings_a_screenshot_and_an_officer_looks_at_it(office: Office, shop: Merchant) -> None:
    browser, desk = a_browser(), at_desk(office.li_officer)
    page = claimed(browser, shop, phone=LIN_PHONE, proof="SIGNATURE")
    claim = ProfileClaim.objects.get()
    assert claim.placed_code in page.text

    assert browser.post(address(shop), {"send_proof": "1"}).status_code == 422
    browser.post(address(shop), {"send_proof": "1", "file": a_picture()}, follow=True)
    assert desk.get("/ops/claims/").text.count(f"/ops/claims/{claim.pk}/") == 1
    page = desk.get(f"/ops/claims/{claim.pk}/")
    file = claim.files.get()
    assert claim.placed_code in page.text
    assert LIN_PHONE not in page.text
    assert desk.get(f"/ops/claims/{claim.pk}/{file.pk}/").headers["Content-Type"] == "image/jpeg"
    assert a_browser(phone=LIN_PHONE).get(f"/ops/claims/{claim.pk}/{file.pk}/").status_code == 302

    assert desk.post(f"/ops/claims/{claim.pk}/", {"refuse": "1", "reason": "不"}).status_code == 422
    desk.post(f"/ops/claims/{claim.pk}/", {"refuse": "1", "reason": "截图里看不到微信号和验证码。"})
    assert "截图里看不到微信号和验证码。" in browser.get(address(shop)).text


def test_opening_the_link_changes_nothing_and_one_tap_objects(shop: Merchant) -> None:
    claimed(a_browser(), shop, phone=CHEN_PHONE, proof="PHONE")
    link = f"/m/contest/{make_contest_link(ProfileClaim.objects.get(), at=MONDAY_MORNING)}/"

    assert a_browser().get(link).status_code == 200
    assert ProfileClaim.objects.get().state == "COOLING"
    assert "已收到您的异议" in a_browser().post(link).text
    assert ProfileClaim.objects.get().state == "CONTESTED"
    assert a_browser().get("/m/contest/no-such-token/").status_code == 410


def test_a_claim_is_taken_back_and_only_in_the_browser_of_its_phone(shop: Merchant) -> None:
    browser = a_browser()
    claimed(browser, shop, phone=CHEN_PHONE, proof="PHONE")

    a_browser(phone=LIN_PHONE).post(address(shop), {"withdraw": "1"})
    assert ProfileClaim.objects.get().state == "COOLING"
    browser.post(address(shop), {"withdraw": "1"})
    assert ProfileClaim.objects.get().state == "WITHDRAWN"


def test_an_address_of_nobody_is_404(office: Office) -> None:
    assert a_browser().get(f"/m/claim/{uuid4()}/").status_code == 404


def test_the_shop_page_lists_what_waits_with_its_date(
    office: Office, clock_at: Callable[[datetime], None]
) -> None:
    clock_at(MONDAY_MORNING)
    dispute = an_invited_dispute(officer=office.li)

    page = a_browser(phone=CHEN_PHONE).get("/m/")

    assert dispute.complaint.number in page.text
    assert 'class="due"' in page.text
    assert dispute.complaint.number not in a_browser(phone=LIN_PHONE).get("/m/").text
    assert a_browser().get("/m/").status_code == 302
    assert "No complaint waits" in a_browser(phone=LIN_PHONE).get("/en/m/").text
