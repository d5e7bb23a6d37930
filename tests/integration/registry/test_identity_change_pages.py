"""The steps on the seller's own page that follow a change or a taken code, and what the desk does about them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from merchants.actions.claiming import begin_claim
from merchants.actions.identity import Licensed, Registered, state_licence, state_registration
from merchants.actions.identity_objections import end_statement
from merchants.actions.ownership import end_cooling
from merchants.models import IdentityChange, IdentityObjection, Licence, Merchant, Registration
from microguard.core.clock import CHINA
from microguard.deadlines.actions import lapse_next
from tests.cases import a_seller
from tests.people import CHEN_PHONE, LIN_PHONE, Office, chen, lin
from tests.sellers import an_owned_shop
from tests.visitors import a_browser, at_desk, sentences

CODE = "91440300708461136T"
OWNED, TOLD = (datetime(2026, 10, day, 10, 0, tzinfo=CHINA) for day in (20, 28))
TERM_ENDS = datetime(2026, 11, 10, tzinfo=CHINA)
REASON = "登记系统里这个代码不是这家店的。"


@pytest.fixture
def shop(office: Office, clock_at: Callable[[datetime], None]) -> Merchant:
    """Chen's shop with a business licence and a food licence, on 28 October."""
    clock_at(TOLD)
    shop = an_owned_shop()
    told = Registered(CODE, "陈记鞋店", "SOLE_TRADER", needs_licence=True)
    state_registration(merchant_id=shop.pk, told=told, by=chen(), at=OWNED)
    food = Licensed("FOOD", "JY14403001234567", "陈记鞋店", date(2031, 1, 31))
    state_licence(merchant_id=shop.pk, told=food, by=chen(), at=OWNED)
    return shop


@pytest.fixture
def lins(shop: Merchant) -> Merchant:
    """Lin's shop, whose code Chen states."""
    lins = a_seller(("wechat_id", "lins_food"), ("phone", LIN_PHONE))
    claim = begin_claim(
        merchant_id=lins.pk, proof="PHONE", phone=LIN_PHONE, language="zh-hans", by=lin(), at=OWNED.replace(day=1)
    )
    end_cooling(claim_id=claim.pk, at=OWNED)
    return lins


def sent(shop: Merchant, about: str, /, *, phone: str = CHEN_PHONE, **fields: Any) -> Any:
    """What the owner reads after one part of the page was sent."""
    data = {"about": about} | {f"{about}-{name}": value for name, value in fields.items()}
    return a_browser(phone=phone).post(f"/m/profile/{shop.public_key}/", data, follow=True)


def desk_page(shop: Merchant) -> str:
    return f"/desk/merchants/merchant/{shop.pk}/change/"


def test_chen_tells_a_change_sees_until_when_and_how_it_was_computed_and_takes_it_back(shop: Merchant) -> None:
    page = sent(shop, "change", about="registration", kind="CHANGED", changed_date="2026-10-26")

    for shown in ("11月9日（周一）24:00前", "这个日期是怎么算出来的", "第10个工作日，最后一天", "第十二条"):
        assert shown in page.text
    page = sent(shop, "back", subject=IdentityChange.objects.get().pk)
    assert "已撤销。" in page.text
    assert "11月9日" not in page.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"about": "registration", "kind": "CHANGED", "changed_date": "2026-10-29"}, "最近十二个月"),
        ({"about": "registration", "kind": "CHANGED", "changed_date": ""}, "最近十二个月"),
        ({"about": "4711", "kind": "CHANGED", "changed_date": "2026-10-26"}, "请选择是哪一项。"),
        ({"about": "registration", "kind": "", "changed_date": "2026-10-26"}, "请选择发生了什么。"),
    ],
)
def test_what_is_wrong_with_a_change_is_said(shop: Merchant, fields: dict[str, str], sentence: str) -> None:
    page = sent(shop, "change", **fields)

    assert page.status_code == 422
    assert any(sentence in each for each in sentences(page))
    assert not IdentityChange.objects.exists()


def test_a_licence_is_taken_off_once_and_nobody_takes_off_another_s(shop: Merchant, lins: Merchant) -> None:
    key = Licence.objects.get().pk

    assert sent(lins, "off", phone=LIN_PHONE, subject=key).status_code == 422
    assert "已去掉" in sent(shop, "off", subject=key).text
    for odd in (key, "", 2**70):
        assert sent(shop, "off", subject=odd).status_code == 422


def test_a_filing_without_a_last_day_is_taken(shop: Merchant) -> None:
    page = sent(shop, "licence", kind="COSMETICS", number="粤G妆备2026000001", holder="陈记", valid_until="")

    assert "证件上没有到期日" in page.text


def test_li_finds_what_is_late_and_reads_how_it_was_computed(office: Office, shop: Merchant) -> None:
    sent(shop, "change", about="registration", kind="ENDED", changed_date="2026-10-26")
    desk, listed = at_desk(office.li_officer), "/desk/merchants/merchant/?identity="
    assert desk_page(shop) in desk.get(f"{listed}awaited").text
    assert desk_page(shop) not in desk.get(f"{listed}late").text

    while lapse_next(at=TERM_ENDS):
        continue

    assert desk_page(shop) in desk.get(f"{listed}late").text
    page = desk.get(desk_page(shop)).text
    assert "第10个工作日，最后一天" in page
    assert "更新登记或许可信息的期限过了。" in page


def test_lin_s_code_is_taken_and_her_words_come_before_a_person(
    office: Office, shop: Merchant, lins: Merchant
) -> None:
    stated = {"credit_code": CODE, "registered_name": "林记", "legal_form": "SOLE_TRADER", "needs_licence": "no"}
    page = sent(lins, "registration", phone=LIN_PHONE, **stated)
    assert page.status_code == 422
    assert "另一个卖家档案已经填了这个信用代码" in page.text
    assert f'name="code-credit_code" value="{CODE}"' in page.text
    assert "code-explanation" not in a_browser(phone=LIN_PHONE).get(f"/m/profile/{lins.public_key}/").text

    assert sent(lins, "code", phone=LIN_PHONE, credit_code=CODE, explanation="我的").status_code == 422
    page = sent(lins, "code", phone=LIN_PHONE, credit_code=CODE, explanation="执照上是我的名字，可以去查。")
    assert "执照上是我的名字" in page.text

    desk, asked = at_desk(office.li_officer), IdentityObjection.objects.get()
    assert "identity=objection" in desk.get("/ops/claims/").text
    assert desk_page(lins) in desk.get("/desk/merchants/merchant/?identity=objection").text
    link = f"/desk/merchants/merchant/{lins.pk}/do/answer-objection/?subject={asked.pk}"
    for each in (shop, lins):
        page = desk.get(desk_page(each)).text
        assert link in page
        assert f"{lins} 说 {shop} 填的信用代码是自己的" in page
    assert "执照上是我的名字" in desk.get(link).text
    answer = {"subject": asked.pk, "result": "CORRECTED", "answer": REASON}
    assert desk.post(link, {**answer, "answer": "不"}).status_code == 422
    assert desk.post(link, answer).status_code == 302

    assert Registration.objects.get().end_reason == REASON
    assert "这个信用代码可以用了" in a_browser(phone=LIN_PHONE).get(f"/m/profile/{lins.public_key}/").text
    assert sent(lins, "registration", phone=LIN_PHONE, **stated).status_code == 200


def test_chen_reads_the_reason_objects_and_a_press_lets_it_stand_again(office: Office, shop: Merchant) -> None:
    desk = at_desk(office.li_officer)
    deed = f"/desk/merchants/merchant/{shop.pk}/do/end-statement/"
    assert "停用" in desk.get(deed).text
    assert desk.post(deed, {"reason": REASON}).status_code == 302
    his = a_browser(phone=CHEN_PHONE).get(f"/m/profile/{shop.public_key}/").text
    assert REASON in his

    page = sent(shop, "contest", explanation="执照是我自己的，原件在店里。")
    assert "执照是我自己的" in page.text
    assert "执照是我自己的" in desk.get(desk_page(shop)).text

    key = Registration.objects.get().pk
    desk.post(f"/desk/merchants/merchant/{shop.pk}/do/restore-statement/", {"subject": key})
    assert Registration.objects.get().ended_at is None
    answer = {"subject": IdentityObjection.objects.get().pk, "result": "CORRECTED", "answer": REASON}
    desk.post(f"/desk/merchants/merchant/{shop.pk}/do/answer-objection/", answer)
    assert IdentityObjection.objects.get().result == "CORRECTED"


def test_a_mediator_ends_nothing_and_what_is_proven_shows_no_button(office: Office, shop: Merchant) -> None:
    deed = f"/desk/merchants/merchant/{shop.pk}/do/end-statement/"

    wang = at_desk(office.wang_mediator)
    wang.post(deed, {"reason": REASON})
    assert "end-statement" not in wang.get(desk_page(shop)).text
    assert Registration.objects.get().ended_at is None
    end_statement(merchant_id=shop.pk, reason=REASON, by=office.li, at=TOLD)
    assert "end-statement" not in at_desk(office.li_officer).get(desk_page(shop)).text
