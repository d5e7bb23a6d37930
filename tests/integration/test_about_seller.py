"""A complaint that begins at a seller's page or at a look-up: what goes along, what stays hidden, whose word it is."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from complaints.actions.filing import StepAnswers, file_complaint, save_step
from complaints.actions.linking import link_complaint
from complaints.actions.tracing import Finding, note_tracing_step, start_tracing
from complaints.models import Complaint
from complaints.selectors import is_seller_named_by_buyer
from merchants.actions.linking import merge_profiles
from merchants.actions.public_page import publish_name
from merchants.models import Handle, Merchant
from merchants.states import HandleType
from microguard.events.models import Event
from tests.cases import a_draft, a_seller
from tests.clock import MONDAY_NOON
from tests.people import CHEN_PHONE, Office, chen, zhang
from tests.sellers import an_owned_shop
from tests.visitors import ANSWERS, a_browser, at_desk

NAME = "陈四假发工作室"
STEP = "/en/file/seller/"
WIGS = (HandleType.WECHAT_ID, "wigs_of_chen")


@pytest.fixture(autouse=True)
def _published(settings: Any, clock_at: Callable[[datetime], None]) -> None:
    settings.PUBLIC_RECORD_REVIEW = "2026-11-01, counsel"
    clock_at(MONDAY_NOON)


@pytest.fixture
def shop(db: None) -> Merchant:
    """Chen's shop with a published name, known by a phone and a WeChat ID."""
    shop = an_owned_shop(WIGS)
    publish_name(merchant_id=shop.pk, name=NAME, by=chen(), at=MONDAY_NOON)
    return shop


def about(merchant: Merchant) -> str:
    return f"{STEP}?about={merchant.public_key}"


def filled_in(page: Any) -> dict[str, Any]:
    """What the first step holds: whom it is about, the kind that is chosen, and what is written."""
    form = page.context["form"]
    return {name: form[name].value() for name in ("about", "named_by", "value") if name in form.fields}


def filed_about(merchant: Merchant) -> Complaint:
    """Zhang's complaint that names this profile, filed."""
    draft = a_draft()
    save_step(draft_key=draft.draft_key, answers=StepAnswers(columns={"merchant": merchant}))
    file_complaint(
        draft_key=draft.draft_key, key="one", consents=frozenset(), other_purchase=True, by=zhang(), at=MONDAY_NOON
    )
    return Complaint.by_pk(draft.pk)


# --- the way in ---------------------------------------------------------------------------------------------


def test_the_public_page_leads_to_a_first_step_that_knows_its_name_and_no_handle(
    shop: Merchant, client: Client
) -> None:
    page = client.get(f"/en/s/{shop.public_key}/")
    address = re.search(r'href="([^"]*\?about=[^"]*)"', page.text)
    assert address is not None
    step = client.get(address.group(1))

    assert filled_in(step) == {"about": [str(shop.public_key)], "named_by": "nickname", "value": NAME}
    assert f"<span>{NAME}</span>" in step.text
    assert CHEN_PHONE not in step.text
    assert WIGS[1] not in step.text
    assert not Complaint.objects.exists()  # to look is not to begin


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("wigs_of_chen", "wechat_id", "wigs_of_chen"),
        (CHEN_PHONE, "phone", CHEN_PHONE),
        ("陈四假发", "nickname", NAME),  # the beginning of the name that the seller published
    ],
)
def test_what_was_looked_up_goes_along_in_the_body(
    shop: Merchant, client: Client, typed: str, kind: str, value: str
) -> None:
    found = client.post("/en/sellers/", {"handle": typed})
    step = client.post(about(shop).replace("/file/seller/", "/file/"), {"begin": "1", "value": typed})

    assert f'action="/en/file/?about={shop.public_key}"' in found.text
    assert f'name="value" value="{typed}"' in found.text
    assert filled_in(step) == {"about": [str(shop.public_key)], "named_by": kind, "value": value}
    assert not Complaint.objects.exists()


def test_a_merged_profile_leads_to_its_seller(shop: Merchant, client: Client, office: Office) -> None:
    merged = a_seller((HandleType.WECHAT_ID, "wigs_second"))
    merge_profiles(
        merchant_id=merged.pk, into_id=shop.pk, reason="两个账号是同一个人的。", by=office.li, at=MONDAY_NOON
    )

    assert filled_in(client.get(about(merged)))["about"] == [str(shop.public_key)]


@pytest.mark.parametrize("key", ["452ca74e-700d-442e-93ec-1b5f91223701", "1", "' OR 1", ""])
def test_a_key_that_leads_nowhere_shows_the_plain_first_step(db: None, client: Client, key: str) -> None:
    assert filled_in(client.get(STEP, {"about": key})) == {"named_by": "wechat_id", "value": None}


def test_nobody_is_named_while_nothing_is_published(shop: Merchant, client: Client, settings: Any) -> None:
    settings.PUBLIC_RECORD_REVIEW = ""

    assert NAME not in client.get(about(shop)).text


# --- the answers --------------------------------------------------------------------------------------------


def test_the_profile_is_enough_and_the_buyer_takes_it_away_again(shop: Merchant) -> None:
    browser = Client()
    answers = {"named_by": "wechat_id", "value": "", "about": str(shop.public_key)}

    assert browser.post(about(shop), answers).status_code == 302
    assert Complaint.objects.get().merchant == shop
    assert filled_in(browser.get(STEP))["about"] == [str(shop.public_key)]
    assert NAME in browser.get("/en/file/check/").text

    assert browser.post(STEP, ANSWERS["seller"]).status_code == 302
    assert Complaint.objects.get().merchant is None
    assert "about" not in filled_in(browser.get(STEP))


def test_another_profile_than_the_one_shown_is_refused(shop: Merchant) -> None:
    other = a_seller((HandleType.WECHAT_ID, "somebody_else"))

    answer = Client().post(about(shop), {**ANSWERS["seller"], "about": str(other.public_key)})

    assert answer.status_code == 422
    assert not Complaint.objects.filter(merchant__isnull=False).exists()


def test_a_complaint_begun_before_is_not_changed_by_looking(shop: Merchant) -> None:
    draft = a_draft()
    browser = a_browser(draft=draft)

    page = browser.get(about(shop))

    assert "You have begun a complaint already." in page.text
    assert filled_in(browser.get(STEP))["value"] == "shoes_2026"
    assert Complaint.by_pk(draft.pk).merchant is None


# --- whose word it is ---------------------------------------------------------------------------------------


def test_the_desk_reads_that_the_buyer_chose_the_seller_until_a_person_agrees(
    shop: Merchant, office: Office
) -> None:
    complaint = filed_about(shop)
    desk = at_desk(office.li_officer)
    case = f"/en/desk/complaints/complaint/{complaint.pk}"

    fact = Event.objects.get(chain=complaint.chain, name="complaint.seller_named")
    assert (fact.actor, fact.facts["merchant"]) == ("complainant", shop.pk)
    assert is_seller_named_by_buyer(complaint)
    assert "says it is the one" in desk.get(f"{case}/change/").text
    assert "A buyer named" in desk.get(f"/en/desk/merchants/merchant/{shop.pk}/change/").text
    form = desk.get(f"{case}/do/accept/").context["form"]
    assert form["merchant"].initial == shop.pk
    assert "chosen by the buyer" in dict(form.fields["merchant"].choices)[str(shop.pk)]

    desk.post(f"{case}/do/accept/", {"merchant": str(shop.pk)})
    complaint.refresh_from_db()
    assert (complaint.state, complaint.merchant) == ("ACCEPTED", shop)
    assert not is_seller_named_by_buyer(complaint)


def test_what_the_buyer_names_adds_no_handle_to_the_profile_before_a_person_agrees(
    shop: Merchant, office: Office
) -> None:
    """Otherwise a complaint would be enough to make a phone of one's own a handle of another's shop."""
    complaint, known = filed_about(shop), set(Handle.objects.filter(merchant=shop).values_list("pk", flat=True))
    start_tracing(complaint_id=complaint.pk, by=office.li, at=MONDAY_NOON)
    found = Finding("PHONE", "CARRIER", MONDAY_NOON.date(), "CLAIMED", "13900000099", "phone")
    note_tracing_step(complaint_id=complaint.pk, finding=found, by=office.li, at=MONDAY_NOON)

    assert set(Handle.objects.filter(merchant=shop).values_list("pk", flat=True)) == known

    other = a_seller((HandleType.WECHAT_ID, "the_real_one"))
    link_complaint(
        complaint_id=complaint.pk,
        merchant_id=other.pk,
        reason="付款截图上是另一个卖家的账号。",
        by=office.li,
        at=MONDAY_NOON + timedelta(hours=1),
    )
    complaint.refresh_from_db()
    assert complaint.merchant == other
    assert not is_seller_named_by_buyer(complaint)
    assert set(Handle.objects.filter(merchant=shop).values_list("pk", flat=True)) == known
