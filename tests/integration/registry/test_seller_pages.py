"""The seller at the desk: what is known, who may be the same, and every step with its way back."""

import re
from typing import Any

import pytest
from django.test import Client

from complaints.actions.decision import accept_complaint
from complaints.models import Complaint
from merchants.actions.linking import keep_apart, merge_profiles
from merchants.models import KeptApart, Merchant, SharedHandle
from merchants.selectors import profiles_of
from tests.cases import a_filed_complaint, a_seller
from tests.clock import MONDAY_MORNING
from tests.people import Office
from tests.visitors import at_desk, sentences

CODE = ("payment_qr", "wxp://f2f0-one-code-of-two")
WHY = "收款码和寄件人都一样，买家确认是同一人。"


@pytest.fixture
def li(office: Office) -> Client:
    return at_desk(office.li_officer)


def page_of(browser: Client, merchant: Merchant, rest: str = "change/") -> Any:
    return browser.get(f"/en/desk/merchants/merchant/{merchant.pk}/{rest}")


def say(browser: Client, merchant: Merchant, slug: str, **given: object) -> Any:
    return browser.post(f"/en/desk/merchants/merchant/{merchant.pk}/do/{slug}/", given, follow=True)


def words_of(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_the_page_shows_handles_masked_with_where_they_were_seen(office: Office, li: Client) -> None:
    complaint = accept_complaint(complaint_id=a_filed_complaint().pk, by=office.li, at=MONDAY_MORNING)
    assert complaint.merchant is not None

    page = page_of(li, complaint.merchant)

    assert "sh***6" in page.text
    assert "shoes_2026" not in page.text
    assert f"{complaint.number} · " in words_of(page)
    assert "li_officer" in page.text
    assert "The registry proposes nobody." in page.text


def test_li_merges_two_profiles_and_takes_it_back(li: Client) -> None:
    shop, small_account = a_seller(CODE, ("nickname", "小王鞋店")), a_seller(CODE, ("nickname", "小王鞋店"))
    page = page_of(li, shop)
    link = re.search(r'href="([^"]*/do/same/\?subject=\d+)"', page.text)
    assert link is not None
    assert f"S-{small_account.pk} will point to S-{shop.pk}" in li.get(link.group(1)).text

    merged = say(li, shop, "same", subject=small_account.pk, reason=WHY)

    assert profiles_of(shop.pk) == [shop.pk, small_account.pk]
    assert "Merged. It can be taken back" in merged.text
    assert WHY in merged.text
    assert f"S-{small_account.pk} was merged into S-{shop.pk}." in merged.text
    assert "This profile is merged." in page_of(li, small_account).text

    back = say(li, shop, "unmerge", subject=small_account.pk)

    assert profiles_of(shop.pk) == [shop.pk]
    assert "Everything is as it was before." in back.text


def test_the_profile_with_an_owner_stays_whoever_is_looked_at(li: Client) -> None:
    shop, small_account = a_seller(CODE), a_seller(CODE)
    Merchant.objects.filter(pk=shop.pk).update(state="CLAIMED")

    say(li, small_account, "same", subject=shop.pk, reason=WHY)

    assert profiles_of(small_account.pk) == [shop.pk, small_account.pk]


def test_a_refusal_is_one_sentence_and_nothing_typed_is_lost(office: Office, li: Client) -> None:
    shop, cousin = a_seller(CODE), a_seller(CODE)
    keep_apart(merchant_id=shop.pk, other_id=cousin.pk, reason=WHY, by=office.li, at=MONDAY_MORNING)

    refused = say(li, shop, "same", subject=cousin.pk, reason=WHY)
    short = say(li, shop, "same", subject=cousin.pk, reason="同一人")
    nobody = say(li, shop, "same", subject="999999", reason=WHY)

    assert [page.status_code for page in (refused, short, nobody)] == [422, 422, 422]
    assert sentences(refused) == ["Somebody said that these two are not the same. Take that back first."]
    assert WHY in refused.text
    assert sentences(nobody) == ["There is no such profile."]
    assert profiles_of(shop.pk) == [shop.pk]


def test_two_are_kept_apart_and_that_is_taken_back(li: Client) -> None:
    shop, cousin = a_seller(CODE), a_seller(CODE)
    assert f"S-{cousin.pk}" in page_of(li, shop).text

    noted = say(li, shop, "different", subject=cousin.pk, reason="表兄弟两家共用一个收款码。")

    assert "The registry proposes nobody." in noted.text
    said = KeptApart.objects.get()
    assert "Take that back" in noted.text
    back = say(li, cousin, "together", subject=said.pk)
    assert "They may be proposed again." in back.text
    assert "Take that back" not in back.text


def test_a_handle_is_marked_as_shared_and_that_is_taken_back(li: Client) -> None:
    shop = a_seller(CODE)
    handle = shop.handles.get()
    assert "will hardly propose a seller" in page_of(li, shop, f"do/mark/?subject={handle.pk}").text

    marked = say(li, shop, "mark", subject=handle.pk, because="FAMILY")
    unmarked = say(li, shop, "unmark", subject=handle.pk)

    assert "Used by several people: A family uses it together" in words_of(marked)
    assert "Used by several people" not in unmarked.text
    assert SharedHandle.objects.get().ended_at is not None
    assert say(li, shop, "mark", subject=handle.pk).status_code == 422
    assert sentences(say(li, shop, "mark", subject="x", because="FAMILY")) != []


def test_a_case_is_linked_to_another_seller_from_its_workbench(office: Office, li: Client) -> None:
    complaint = accept_complaint(complaint_id=a_filed_complaint().pk, by=office.li, at=MONDAY_MORNING)
    shop = a_seller(("wechat_id", "shoes_2026"), CODE)
    workbench = f"/en/desk/complaints/complaint/{complaint.pk}/"
    bench = li.get(f"{workbench}change/")
    assert "+ Same WeChat ID" in words_of(bench)

    empty = li.post(f"{workbench}do/seller/", {"reason": WHY})
    bent = li.post(f"{workbench}do/seller/", {"reason": WHY, "number": "S-zwölf"})
    li.post(f"{workbench}do/seller/", {"reason": WHY, "number": f"s-{shop.pk}"})

    assert sentences(empty) == ["Choose the seller, or write the number of its profile."]
    assert sentences(bent) == ["Write the number as it stands in the list, such as S-12."]
    assert Complaint.by_pk(complaint.pk).merchant == shop
    assert "That case is about another seller now" in page_of(li, complaint.merchant).text  # type: ignore[arg-type]


def test_a_clerk_reads_but_says_nothing(office: Office) -> None:
    clerk, shop, small_account = at_desk(office.he_clerk), a_seller(CODE), a_seller(CODE)

    assert "do/same" not in page_of(clerk, shop).text
    assert say(clerk, shop, "same", subject=small_account.pk, reason=WHY).status_code == 404
    assert profiles_of(shop.pk) == [shop.pk]


@pytest.mark.parametrize("path", ["0/change/", "x/change/", "99999999999999999999/change/", "0/do/same/"])
def test_what_does_not_exist_is_not_found(li: Client, path: str) -> None:
    assert li.get(f"/en/desk/merchants/merchant/{path}").status_code == 404


def test_a_step_that_does_not_exist_is_not_found(li: Client) -> None:
    assert page_of(li, a_seller(), "do/delete/").status_code == 404


def test_a_page_of_a_large_seller_asks_a_bounded_number_of_questions(
    office: Office, li: Client, django_assert_max_num_queries: Any
) -> None:
    shop = a_seller(CODE, ("wechat_id", "shoes_2026"))
    for number in range(8):
        profile = a_seller(CODE, ("phone", f"1380000{number:04}"))
        merge_profiles(merchant_id=profile.pk, into_id=shop.pk, reason=WHY, by=office.li, at=MONDAY_MORNING)

    with django_assert_max_num_queries(51):
        page = page_of(li, shop)

    assert page.status_code == 200
