"""A seller is looked up by one exact handle, a name it published or its code, seldom, and nobody learns more."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from disputes.actions.opening import open_dispute
from disputes.actions.outcome import close_dispute
from merchants.actions.commitments import end_commitment, make_commitment
from merchants.actions.public_page import NotClaimed, OddName, publish_name
from merchants.models import Commitment, Merchant
from merchants.states import HandleType, ProfileState
from microguard.accounts.actors import SYSTEM
from microguard.statistics.sellers.visits import LOOK_UPS, may_look_up
from tests.cases import a_picture
from tests.clock import A_DAY, MONDAY_NOON
from tests.people import Office, chen
from tests.sellers import a_complaint, an_answered_case, an_owned_shop, closed_cases
from tests.visitors import sentences

PAGE = "/en/sellers/"
CODE = "wxp://f2f0AbCdEf0123456789"


@pytest.fixture(autouse=True)
def _published(settings: Any, clock_at: Callable[[datetime], None]) -> None:
    settings.PUBLIC_RECORD_REVIEW = "2026-11-01, counsel"
    clock_at(MONDAY_NOON)


def looked_up(browser: Client, handle: str) -> Any:
    return browser.post(PAGE, {"handle": handle})


def is_found(page: Any, merchant: Merchant) -> bool:
    assert page.status_code == 200
    return f"/s/{merchant.public_key}/" in page.text


def claimed(merchant: Merchant, name: str, office: Office) -> Merchant:
    Merchant.objects.filter(pk=merchant.pk).update(state=ProfileState.CLAIMED)
    publish_name(merchant_id=merchant.pk, name=name, by=office.li, at=MONDAY_NOON)
    return merchant


def a_code(*texts: str, kind: str = "png") -> SimpleUploadedFile:
    out = io.BytesIO()
    segno.make(texts[0]).save(out, kind=kind, scale=4, border=4)
    return SimpleUploadedFile("code.png", out.getvalue(), content_type="image/png")


# --- who is found -------------------------------------------------------------------------------------------


def test_an_exact_handle_finds_its_seller_with_the_people_who_complained(office: Office, client: Client) -> None:
    shoes = closed_cases(office, 5)

    page = looked_up(client, "shoes_2026")

    assert is_found(page, shoes)
    assert "5 people had a complaint about this seller" in page.text
    assert "1 seller was found" in page.text


def test_four_people_are_fewer_than_five(office: Office, client: Client) -> None:
    closed_cases(office, 4)

    page = looked_up(client, "shoes_2026")

    assert "Fewer than 5 people" in page.text
    assert "4 people" not in page.text


@pytest.mark.parametrize(
    "typed",
    [
        "Shoes_2026",
        " shoes_2026 ",
        "ｓｈｏｅｓ＿２０２６",
        "sho\u200bes_\ufeff2026",
        "shoes _2026",
        "微信号：shoes_2026",
        "微信: SHOES_2026",
    ],
)
def test_however_it_is_typed_it_is_the_same_handle(typed: str, office: Office, client: Client) -> None:
    shoes = closed_cases(office, 1)

    assert is_found(looked_up(client, typed), shoes)


@pytest.mark.parametrize(
    "typed", ["139 0000 0002", "+86 139-0000-0002", "１３９０００００００２", "手机号：13900000002"]
)
def test_a_phone_is_found_however_it_is_written(typed: str, office: Office, client: Client) -> None:
    seller = closed_cases(office, 1, mention=(HandleType.PHONE, "13900000002"))

    assert is_found(looked_up(client, typed), seller)


@pytest.mark.parametrize("handle", ["shoes", "shoes_202", "shoes_%", "hoes_2026", "shoes_2026x", "sh", "__"])
def test_part_of_a_handle_finds_nobody(handle: str, office: Office, client: Client) -> None:
    closed_cases(office, 5)

    page = looked_up(client, handle)

    assert "No public record was found." in page.text
    for advice in ("pay through a platform that holds", "personal payment code", "Look at the business licence"):
        assert advice in page.text


def test_the_beginning_of_a_nickname_that_buyers_told_finds_nobody(office: Office, client: Client) -> None:
    seller = closed_cases(office, 5, mention=(HandleType.NICKNAME, "小李家鞋铺"))

    assert not is_found(looked_up(client, "小李"), seller)
    page = looked_up(client, "小李家鞋铺")
    assert is_found(page, seller)
    assert "小*家鞋铺" in page.text
    assert page.text.count("小李") == 2  # in the box and for the way into a complaint, as it was typed


@pytest.mark.parametrize("kind", [HandleType.PAYEE_NAME, HandleType.PARCEL_SENDER])
def test_the_name_of_a_person_finds_nobody(kind: str, office: Office, client: Client) -> None:
    seller = closed_cases(office, 5, mention=(kind, "李小明"))

    assert not is_found(looked_up(client, "李小明"), seller)


def test_a_published_name_is_found_by_its_beginning(office: Office, client: Client) -> None:
    seller = claimed(closed_cases(office, 1), "小李家鞋铺", office)

    for typed in ("小李", "小李家", " 小 李家鞋铺"):
        page = looked_up(client, typed)
        assert is_found(page, seller)
        assert "小李家鞋铺" in page.text
    assert not is_found(looked_up(client, "李家"), seller)
    assert not is_found(looked_up(client, "%家"), seller)


def test_a_name_is_shown_by_a_claimed_seller_only(office: Office, client: Client) -> None:
    seller = closed_cases(office, 1)

    with pytest.raises(NotClaimed):
        publish_name(merchant_id=seller.pk, name="小李家鞋铺", by=office.li, at=MONDAY_NOON)

    claimed(seller, "小李家鞋铺", office)
    Merchant.objects.filter(pk=seller.pk).update(state=ProfileState.UNCLAIMED)
    assert not is_found(looked_up(client, "小李"), seller)


@pytest.mark.parametrize("name", ["", "李", " \u200b李 ", "李" * 31])
def test_a_name_has_two_to_thirty_signs(name: str, office: Office) -> None:
    seller = closed_cases(office, 1)
    Merchant.objects.filter(pk=seller.pk).update(state=ProfileState.CLAIMED)

    with pytest.raises(OddName):
        publish_name(merchant_id=seller.pk, name=name, by=office.li, at=MONDAY_NOON)


def test_a_claimed_seller_with_a_name_is_found_without_any_complaint(office: Office, client: Client) -> None:
    seller = claimed(a_complaint(office).merchant, "小李家鞋铺", office)

    assert "No complaint was closed in the last twelve months." in looked_up(client, "shoes_2026").text
    assert is_found(looked_up(client, "小李"), seller)


def test_what_a_seller_promises_today_stands_on_its_card_at_the_price_of_one_question(
    office: Office, client: Client
) -> None:
    shop = an_owned_shop()
    publish_name(merchant_id=shop.pk, name="小李家鞋铺", by=chen(), at=MONDAY_NOON)
    for kind, value in (("ANSWERS_WITHIN", 3), ("RETURN_WITHIN", 15)):
        promise = make_commitment(merchant_id=shop.pk, kind=kind, value=value, by=chen(), at=MONDAY_NOON - A_DAY)
    later = {"made_at": MONDAY_NOON, "made_by": "user:1", "from_date": MONDAY_NOON.date() + A_DAY}
    Commitment.objects.create(merchant=shop, kind="ACCEPTS_MEDIATION", **later)

    with CaptureQueriesContext(connection) as asked:
        card = looked_up(client, "小李").text

    assert re.findall(r'<span class="tag is-info">([^<]+)', card) == [
        "Takes goods back",
        "Answers complaints quickly",
    ]
    assert sum("merchants_commitment" in query["sql"] for query in asked) == 1
    end_commitment(commitment_id=promise.pk, until_date=MONDAY_NOON.date() + A_DAY, by=chen(), at=MONDAY_NOON)
    assert "Takes goods back" in looked_up(client, "小李").text  # it binds today


def test_open_cases_do_not_count(office: Office, client: Client) -> None:
    an_answered_case(office)

    assert "No public record was found." in looked_up(client, "shoes_2026").text


def test_a_case_whose_seller_never_had_the_chance_to_answer_does_not_count(office: Office, client: Client) -> None:
    complaint = a_complaint(office)
    dispute = open_dispute(complaint_id=complaint.pk, by=SYSTEM, at=MONDAY_NOON)
    close_dispute(dispute_id=dispute.pk, outcome="NO_AGREEMENT", note="没有送达", by=office.li, at=MONDAY_NOON)

    assert "No public record was found." in looked_up(client, "shoes_2026").text


def test_the_profiles_of_one_seller_are_found_as_one(office: Office, client: Client) -> None:
    first = closed_cases(office, 1)
    second = closed_cases(office, 1, mention=(HandleType.WECHAT_ID, "boots_2026"))
    Merchant.objects.filter(pk=second.pk).update(merged_into=first)

    page = looked_up(client, "boots_2026")

    assert is_found(page, first)
    assert not is_found(page, second)


def test_sellers_who_share_a_handle_stay_apart(office: Office, client: Client) -> None:
    code = (HandleType.PAYMENT_QR, CODE)
    first = closed_cases(office, 1, mention=code)
    other = Merchant.objects.create(registered_at=MONDAY_NOON, registered_by="user:1")
    second = closed_cases(office, 1, mention=code, merchant=other)

    page = looked_up(client, CODE)

    assert second == other
    assert is_found(page, first)
    assert is_found(page, second)


# --- a picture of a code ------------------------------------------------------------------------------------


def test_a_picture_of_the_payment_code_finds_its_seller(office: Office, client: Client) -> None:
    seller = closed_cases(office, 1, mention=(HandleType.PAYMENT_QR, CODE))

    assert is_found(client.post(PAGE, {"picture": a_code(CODE)}), seller)


def test_what_a_code_says_is_looked_up_as_a_code_only(office: Office, client: Client) -> None:
    seller = closed_cases(office, 1)  # known by the WeChat ID

    assert not is_found(client.post(PAGE, {"picture": a_code("shoes_2026")}), seller)


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        (a_picture(), "We found no QR code in this picture."),
        (SimpleUploadedFile("code.png", b"no picture"), "This file is no picture that can be opened here."),
        (SimpleUploadedFile("code.png", b""), "This file is no picture that can be opened here."),
        (SimpleUploadedFile("code.png", a_code(CODE).read()[:200]), "This file is no picture"),
    ],
    ids=["no code", "no picture", "empty", "cut off"],
)
def test_a_picture_without_a_code_gets_its_sentence(
    picture: SimpleUploadedFile, sentence: str, client: Client, db: None
) -> None:
    picture.seek(0)

    page = client.post(PAGE, {"picture": picture})

    assert page.status_code == 422
    assert [said.startswith(sentence) for said in sentences(page)] == [True]


# --- how much and how often ---------------------------------------------------------------------------------


@pytest.mark.parametrize("handle", ["", "x", " \u200b\u200b ", "x "])
def test_too_little_gets_a_sentence(handle: str, client: Client, db: None) -> None:
    page = looked_up(client, handle)

    assert page.status_code == 422
    assert sentences(page) == ["Enter at least 2 characters."]


def test_too_much_gets_a_sentence(client: Client, db: None) -> None:
    page = looked_up(client, "x" * 41)

    assert (page.status_code, sentences(page)) == (422, ["Use 40 characters or fewer."])


@pytest.mark.parametrize("handle", ["\x00\x00", "'; --", "<b>x</b>", "%%%", "😀😀"])
def test_odd_signs_break_nothing(handle: str, client: Client, db: None) -> None:
    assert looked_up(client, handle).status_code in {200, 422}


@pytest.mark.parametrize("tries", [100, pytest.param(1000, marks=pytest.mark.drill)])
def test_a_thousand_look_ups_by_one_visitor_are_twenty(tries: int, office: Office, client: Client) -> None:
    shoes = closed_cases(office, 5)

    answers = [looked_up(client, f"shoes_{number}") for number in range(tries)]
    late = looked_up(client, "shoes_2026")

    assert [page.status_code for page in answers] == [200] * 20 + [429] * (tries - 20)
    assert not any("/s/" in page.text for page in answers)
    assert (late.status_code, str(shoes.public_key) in late.text) == (429, False)
    assert "Too many requests. Try again in 3600 seconds." in late.text
    assert is_found(looked_up(Client(REMOTE_ADDR="203.0.113.9"), "shoes_2026"), shoes)


def test_another_address_of_the_same_household_is_the_same_visitor(db: None) -> None:
    def looks(address: str) -> bool:
        return may_look_up(RequestFactory().post("/sellers/", REMOTE_ADDR=address))

    allowed = [looks(f"2001:db8:0:7::{host:x}") for host in range(LOOK_UPS + 1)]

    assert allowed == [True] * LOOK_UPS + [False]
    assert (looks("2001:db8:0:8::1"), looks("::ffff:192.0.2.1")) == (True, True)


def test_the_answers_to_wrong_handles_are_all_alike(office: Office, client: Client) -> None:
    closed_cases(office, 5)
    a_complaint(office, buyer=9, mention=(HandleType.WECHAT_ID, "never_closed"))

    pages = [looked_up(client, handle).text for handle in ("shoes_2025", "never_closed")]

    assert [page.count("No public record was found.") for page in pages] == [1, 1]
    first, second = (re.sub(r'value="[^"]*"', "", page) for page in pages)  # what was typed, and the form's token
    assert first == second


def test_the_handle_stands_in_no_address(office: Office, client: Client) -> None:
    closed_cases(office, 5)

    page = looked_up(client, "shoes_2026")

    assert page.request["QUERY_STRING"] == ""
    assert client.get(PAGE, {"handle": "shoes_2026"}).context["looked_up"] is False


def test_without_a_recorded_legal_review_there_is_advice_and_no_record(
    office: Office, client: Client, settings: Any
) -> None:
    settings.PUBLIC_RECORD_REVIEW = ""
    shoes = closed_cases(office, 5)

    page = looked_up(client, "shoes_2026")

    assert not is_found(page, shoes)
    assert "We do not publish records about sellers yet." in page.text
    assert "Look at the business licence." in page.text
    assert client.get(f"/s/{shoes.public_key}/").status_code == 404


def test_search_engines_are_kept_out(client: Client, db: None) -> None:
    page = client.get(PAGE)

    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in page.text
