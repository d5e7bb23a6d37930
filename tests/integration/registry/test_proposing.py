"""Whom the registry proposes: exact handles first, near ones by index, shared ones hardly; with reasons."""

import pytest
from django.utils import translation

from merchants.actions.linking import end_keep_apart, keep_apart, merge_profiles
from merchants.actions.registry import add_handles, withdraw_sightings
from merchants.actions.shared import mark_shared, unmark_shared
from merchants.models import Handle, Merchant
from merchants.selectors.proposing import MOST, candidates, candidates_of
from tests.cases import a_seller
from tests.clock import MONDAY_MORNING, TUESDAY_MORNING
from tests.people import Office

CODE = ("payment_qr", "wxp://f2f0-one-code-of-two")


def proposed(*mentions: tuple[str, str]) -> list[Merchant]:
    return [each.merchant for each in candidates(mentions)]


def test_an_exact_handle_is_proposed_first_with_its_reason(db: None) -> None:
    shop = a_seller(("wechat_id", "shoes_2026"), ("nickname", "小王鞋店"))
    a_seller(("wechat_id", "bags_88"), ("nickname", "小王鞋店"))

    first, second = candidates([("wechat_id", "微信号：Shoes_2026"), ("nickname", "小王鞋店")])

    assert (first.merchant, first.is_exact, second.is_exact) == (shop, True, False)
    assert first.score > 0.9 > second.score
    with translation.override("en"):
        assert first.speaks_for[0] == "Same WeChat ID"
        assert "Different WeChat IDs" in second.speaks_against
    with translation.override("zh-hans"):
        assert first.speaks_for[0] != "Same WeChat ID"


@pytest.mark.parametrize("typed", ["shoes_2O26", "shoes_206", "shoes2026"])
def test_a_handle_with_one_slip_of_the_finger_is_found(db: None, typed: str) -> None:
    shop = a_seller(("wechat_id", "shoes_2026"))

    assert proposed(("wechat_id", typed)) == [shop]


def test_a_nickname_with_a_masked_payee_is_found_among_many_of_that_name(db: None) -> None:
    for number in range(70):
        a_seller(("nickname", "小王鞋店"), ("payee_name", f"**{'一二三四五六七'[number % 7]}"))
    shop = a_seller(("nickname", "小王鞋店💕"), ("payee_name", "**霖"))

    first = candidates([("nickname", "小王鞋店"), ("payee_name", "王*霖")])[0]

    assert (first.merchant, first.is_exact) == (shop, False)


def test_a_shared_handle_proposes_little_until_the_mark_is_taken_back(office: Office) -> None:
    shop = a_seller(CODE, ("wechat_id", "shoes_2026"))
    mark_shared(
        handle_id=shop.handles.get(type="payment_qr").pk, because="FAMILY", by=office.li, at=MONDAY_MORNING
    )

    marked = candidates([CODE, ("wechat_id", "another_shop")])
    unmark_shared(handle_id=shop.handles.get(type="payment_qr").pk, by=office.li, at=TUESDAY_MORNING)
    (unmarked,) = candidates([CODE, ("wechat_id", "another_shop")])

    assert [each for each in marked if each.score > 0.1 or each.is_exact] == []
    assert unmarked.is_exact
    assert unmarked.score > 0.3


def test_two_who_share_a_code_are_not_welded_by_it(db: None) -> None:
    shop = a_seller(CODE, ("wechat_id", "shoes_2026"), ("phone", "13800001111"))
    a_seller(CODE, ("wechat_id", "cousin_77"), ("phone", "13800002222"))

    assert proposed(CODE, ("wechat_id", "shoes_2026"))[0] == shop


def test_a_merged_seller_is_proposed_once_by_its_root(office: Office) -> None:
    shop, small_account = a_seller(("wechat_id", "shoes_2026")), a_seller(("phone", "13800001111"))
    merge_profiles(
        merchant_id=small_account.pk,
        into_id=shop.pk,
        reason="买家确认两个账号是同一个人。",
        by=office.li,
        at=MONDAY_MORNING,
    )

    (only,) = candidates([("phone", "138-0000-1111")])

    assert only.merchant == shop
    assert {handle.type for handle in only.handles} == {"wechat_id", "phone"}


def test_who_was_said_not_to_be_the_same_is_no_longer_proposed(office: Office) -> None:
    shop, cousin = a_seller(CODE), a_seller(CODE)
    assert [each.merchant for each in candidates_of(shop.pk)] == [cousin]

    said = keep_apart(
        merchant_id=shop.pk,
        other_id=cousin.pk,
        reason="表兄弟两家共用一个收款码。",
        by=office.li,
        at=MONDAY_MORNING,
    )
    assert candidates_of(shop.pk) == candidates_of(cousin.pk) == []

    end_keep_apart(kept_apart_id=said.pk, by=office.li, at=TUESDAY_MORNING)
    assert [each.merchant for each in candidates_of(cousin.pk)] == [shop]


def test_what_was_named_in_a_case_of_another_seller_proposes_nobody(office: Office) -> None:
    shop = a_seller(("wechat_id", "shoes_2026"))
    add_handles(merchant=shop, mentions=[CODE], seen_in="case/7", by=office.li, at=MONDAY_MORNING)

    withdraw_sightings(merchant=shop, seen_in="case/7", by=office.li, at=TUESDAY_MORNING)

    assert proposed(CODE) == []
    assert proposed(("wechat_id", "shoes_2026")) == [shop]


def test_at_most_ten_are_proposed(db: None) -> None:
    for _each in range(MOST + 2):
        a_seller(("wechat_id", "shoes_2026"))

    assert len(proposed(("wechat_id", "shoes_2026"))) == MOST


def test_no_handle_proposes_nobody(db: None) -> None:
    a_seller(("wechat_id", "shoes_2026"))

    assert candidates([]) == []
    assert Handle.objects.count() == 1
