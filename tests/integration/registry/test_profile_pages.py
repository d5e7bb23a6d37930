"""The page on which a seller says who it is, and what the desk shows of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from merchants.actions.claiming import begin_claim
from merchants.actions.identity import state_exemption
from merchants.actions.ownership import end_cooling
from merchants.models import IdentityCheck, Licence, Merchant, Registration, Turnover
from tests.cases import a_seller
from tests.clock import MONDAY_MORNING
from tests.people import CHEN_PHONE, LIN_PHONE, Office, chen
from tests.visitors import a_browser, at_desk, sentences

CODE, ADULT, CHILD = "91440300708461136T", "11010519491231002X", "110105201501010017"
TODAY = MONDAY_MORNING + timedelta(days=9)


@pytest.fixture
def shop(office: Office, clock_at: Callable[[datetime], None]) -> Merchant:
    """Chen's shop, nine days after he claimed it."""
    clock_at(TODAY)
    shop = a_seller(("wechat_id", "shoes_2026"), ("phone", CHEN_PHONE))
    claim = begin_claim(
        merchant_id=shop.pk, proof="PHONE", phone=CHEN_PHONE, language="zh-hans", by=chen(), at=MONDAY_MORNING
    )
    end_cooling(claim_id=claim.pk, at=MONDAY_MORNING + timedelta(days=8))
    return shop


def address(shop: Merchant) -> str:
    return f"/m/profile/{shop.public_key}/"


def sent(shop: Merchant, about: str, /, *, browser: Any = None, **fields: Any) -> Any:
    """What Chen reads after he filled in one part of the page."""
    data = {"about": about} | {f"{about}-{name}": value for name, value in fields.items()}
    return (browser or a_browser(phone=CHEN_PHONE)).post(address(shop), data, follow=True)


REGISTRATION = {
    "credit_code": CODE,
    "registered_name": "陈记鞋店",
    "legal_form": "SOLE_TRADER",
    "needs_licence": "no",
}


def test_chen_finds_the_page_from_his_shop_and_nobody_else_opens_it(shop: Merchant) -> None:
    his = a_browser(phone=CHEN_PHONE)

    assert address(shop) in his.get("/m/").text
    assert his.get("/m/profile/").headers["Location"] == address(shop)
    assert "您还没有填写有没有营业执照。" in his.get(address(shop)).text
    assert "100,000" in his.get(address(shop)).text
    assert a_browser(phone=LIN_PHONE).get(address(shop)).status_code == 404
    assert a_browser(phone=LIN_PHONE).get("/m/profile/").headers["Location"] == "/m/"
    assert a_browser().get(address(shop)).status_code == 302
    assert his.get(f"/m/profile/{uuid4()}/").status_code == 404
    assert sent(shop, "owner", browser=his).status_code == 404


def test_a_stranger_cannot_state_anything(shop: Merchant) -> None:
    page = sent(shop, "registration", browser=a_browser(phone=LIN_PHONE), **REGISTRATION)

    assert page.status_code == 404
    assert not Registration.objects.exists()


def test_each_part_is_saved_and_shown_with_stars(shop: Merchant) -> None:
    sent(shop, "name", name="陈记鞋铺")
    sent(shop, "registration", **REGISTRATION)
    sent(shop, "licence", kind="FOOD", number="JY14403001234567", holder="陈记", valid_until="2030-01-31")
    page = sent(shop, "turnover", shop="微信小店", year="2026", amount_fen="1,234,567.80")

    for shown in ("陈记鞋铺", "个体工商户", "陈***", "微信小店", "¥1,234,567.80", "JY***7"):
        assert shown in page.text
    assert "已保存。" in page.text
    assert "JY14403001234567" not in page.text
    assert CODE not in page.text
    assert Turnover.objects.get().amount_fen == 123_456_780


@pytest.mark.parametrize(
    ("about", "fields", "sentence"),
    [
        (
            "registration",
            {**REGISTRATION, "credit_code": CODE[:-1] + "X"},
            "统一社会信用代码应是18位，第18位不对。",
        ),
        ("registration", {**REGISTRATION, "legal_form": "KING"}, "KING"),
        (
            "exemption",
            {"exemption": "SPORADIC", "needs_licence": "no", "resident_id": CHILD},
            "这个号码的主人还没满18岁。",
        ),
        (
            "exemption",
            {"exemption": "", "needs_licence": "no", "resident_id": ADULT},
            "请选择为什么不用办理登记。",
        ),
        ("licence", {"kind": "FOOD", "number": "JY1440", "holder": "陈记", "valid_until": "不知道"}, "最后一天"),
        (
            "licence",
            {"kind": "FOOD", "number": "JY1440", "holder": "陈记", "valid_until": "2020-01-01"},
            "已经过期",
        ),
        ("turnover", {"shop": "微信小店", "year": "去年", "amount_fen": "1"}, "请填写年份。"),
        ("turnover", {"shop": "微信小店", "year": "2026", "amount_fen": "很多"}, "金额"),
        ("turnover", {"shop": "微信小店", "year": "9" * 30, "amount_fen": "1"}, "之间的年份"),
        ("name", {"name": "鞋"}, "请输入2到30个字。"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    shop: Merchant, about: str, fields: dict[str, str], sentence: str
) -> None:
    page = sent(shop, about, **fields)

    assert page.status_code == 422
    assert any(sentence in each for each in sentences(page))
    typed = [value for value in fields.values() if value and value not in ("no", "KING", "FOOD")]
    assert [value for value in typed if value not in page.text] == []
    assert [model.objects.count() for model in (Registration, Licence, Turnover)] == [0, 0, 0]


def test_the_id_number_is_not_shown_again_once_it_was_checked(shop: Merchant) -> None:
    page = sent(shop, "exemption", exemption="HANDICRAFT", needs_licence="yes", resident_id=ADULT)

    assert "我卖家庭手工业产品" in page.text
    assert "不论金额多少都要登记" in page.text
    assert "这不是认定" in page.text
    assert ADULT not in page.text
    assert Registration.objects.get().has_checked_person


def test_li_sees_level_facts_and_history_and_says_what_was_checked(office: Office, shop: Merchant) -> None:
    state_exemption(
        merchant_id=shop.pk, exemption="SPORADIC", needs_licence=False, resident_id=ADULT, by=chen(), at=TODAY
    )
    sent(shop, "registration", **REGISTRATION)
    desk, page = at_desk(office.li_officer), f"/desk/merchants/merchant/{shop.pk}/change/"
    before = desk.get(page).text
    assert "联系方式已验证" in before
    assert "我只是零星、小额地做点生意" in before
    assert CODE not in before

    deed = f"/desk/merchants/merchant/{shop.pk}/do/checked/"
    told = {"level": "REGISTER", "looked_at": "国家企业信用信息公示系统，名称一致。", "looked_date": "2026-12-02"}
    assert desk.post(deed, {**told, "looked_at": "看"}).status_code == 422
    assert desk.post(deed, told).status_code == 302
    after = desk.get(page).text
    assert "已在登记系统核对" in after
    assert "国家企业信用信息公示系统，名称一致。" in after
    check = IdentityCheck.objects.get()
    assert check.checked_by == office.li.reference

    back = f"/desk/merchants/merchant/{shop.pk}/do/uncheck/"
    assert f"{back}?subject={check.pk}" in after
    assert desk.post(back, {"subject": check.pk + 1, "reason": "那是别家的执照，我看错了。"}).status_code == 422
    assert desk.post(back, {"subject": check.pk, "reason": "那是别家的执照，我看错了。"}).status_code == 302
    assert "联系方式已验证" in desk.get(page).text


def test_a_mediator_reads_it_and_cannot_say_that_it_was_checked(office: Office, shop: Merchant) -> None:
    sent(shop, "registration", **REGISTRATION)
    desk = at_desk(office.wang_mediator)

    assert "do/checked/" not in desk.get(f"/desk/merchants/merchant/{shop.pk}/change/").text
    told = {"level": "REGISTER", "looked_at": "国家企业信用信息公示系统，名称一致。", "looked_date": "2026-12-02"}
    desk.post(f"/desk/merchants/merchant/{shop.pk}/do/checked/", told)
    assert not IdentityCheck.objects.exists()
