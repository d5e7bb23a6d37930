"""A seller's own statement: from the seller only, read at the desk, published as it is or declined with a reason."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from disputes.selectors.sellers import SellerOfCases
from merchants.actions.statements import JudgedAlready, NoReason, judge_statement, offer_statement
from merchants.models import Merchant, SellerStatement
from merchants.states import StatementState
from microguard.accounts.policies import NotAllowed
from microguard.events.models import Event
from tests.clock import MONDAY_MORNING, MONDAY_NOON
from tests.people import CHEN_PHONE, LIN_PHONE, Office, chen, lin
from tests.sellers import closed_cases
from tests.visitors import a_browser, at_desk, sentences

SAID = "这批鞋子开胶，我们已经给每位买家退款，工厂也换了。"


@pytest.fixture(autouse=True)
def _published(settings: Any, clock_at: Callable[[datetime], None]) -> None:
    settings.PUBLIC_RECORD_REVIEW = "2026-11-01, counsel"
    clock_at(MONDAY_NOON)


@pytest.fixture
def shoes(office: Office) -> Merchant:
    return closed_cases(office, 1)


def offered(merchant: Merchant, text: str = SAID) -> SellerStatement:
    return offer_statement(
        merchant_id=merchant.pk, text=text, speaks_for=SellerOfCases([merchant.pk]), by=chen(), at=MONDAY_MORNING
    )


def page_of(merchant: Merchant, client: Client) -> str:
    return client.get(f"/en/s/{merchant.public_key}/").text


def test_a_statement_is_on_the_page_once_it_was_read(shoes: Merchant, office: Office, client: Client) -> None:
    statement = offered(shoes)
    assert SAID not in page_of(shoes, client)

    judge_statement(statement_id=statement.pk, publishes=True, by=office.li, at=MONDAY_NOON)

    assert SAID in page_of(shoes, client)
    assert [event.name for event in Event.objects.filter(chain=shoes.chain, name__startswith="statement.")] == [
        "statement.offered",
        "statement.published",
    ]
    assert SAID not in str(list(Event.objects.values_list("facts", flat=True)))


def test_a_newer_statement_takes_the_place_of_the_published_one(
    shoes: Merchant, office: Office, client: Client
) -> None:
    first = offered(shoes)
    judge_statement(statement_id=first.pk, publishes=True, by=office.li, at=MONDAY_NOON)
    replaced, second = offered(shoes, "第二次说明，马上改。"), offered(shoes, "第三次说明，已经改好了。")
    assert SAID in page_of(shoes, client)  # until the new one was read

    judge_statement(statement_id=second.pk, publishes=True, by=office.li, at=MONDAY_NOON)

    assert "第三次说明" in page_of(shoes, client)
    states = {row.pk: row.state for row in SellerStatement.objects.all()}
    assert states == {first.pk: "REPLACED", replaced.pk: "REPLACED", second.pk: "PUBLISHED"}


def test_a_statement_is_declined_with_a_reason_that_the_seller_reads(shoes: Merchant, office: Office) -> None:
    statement = offered(shoes)
    with pytest.raises(NoReason):
        judge_statement(statement_id=statement.pk, publishes=False, reason="不行", by=office.li, at=MONDAY_NOON)

    judge_statement(
        statement_id=statement.pk,
        publishes=False,
        reason="请不要写买家的名字，改后再发。",
        by=office.li,
        at=MONDAY_NOON,
    )

    page = a_browser(phone=CHEN_PHONE).get(f"/s/{shoes.public_key}/statement/").text
    assert "请不要写买家的名字" in page
    with pytest.raises(JudgedAlready):
        judge_statement(statement_id=statement.pk, publishes=True, by=office.li, at=MONDAY_NOON)


def test_nobody_else_speaks_for_the_seller(shoes: Merchant, office: Office) -> None:
    for stranger in (lin(), office.li):
        with pytest.raises(NotAllowed):
            offer_statement(
                merchant_id=shoes.pk, text=SAID, speaks_for=SellerOfCases([shoes.pk]), by=stranger, at=MONDAY_NOON
            )
    with pytest.raises(NotAllowed):
        judge_statement(statement_id=offered(shoes).pk, publishes=True, by=chen(), at=MONDAY_NOON)
    assert SellerStatement.objects.get().state == StatementState.WAITING


def test_the_seller_writes_on_a_page_of_its_own(shoes: Merchant) -> None:
    address = f"/en/s/{shoes.public_key}/statement/"
    seller = a_browser(phone=CHEN_PHONE)

    assert seller.post(address, {"text": SAID}).headers["Location"] == address

    assert "Waiting to be read by us" in seller.get(address).text
    for text in ("短", "长" * 301):
        page = seller.post(address, {"text": text})
        assert (page.status_code, sentences(page)) == (422, ["Write 10 to 300 characters."])
        assert text in page.text


@pytest.mark.parametrize("phone", ["", LIN_PHONE])
def test_whoever_is_not_the_seller_is_told_how_to_prove_it(phone: str, shoes: Merchant) -> None:
    browser = a_browser(phone=phone)
    address = f"/en/s/{shoes.public_key}/statement/"

    page = browser.post(address, {"text": SAID}).text

    assert f"/en/enter/?next={address}" in page
    assert "<textarea" not in page
    assert not SellerStatement.objects.exists()


def test_an_officer_reads_and_publishes_at_the_desk(shoes: Merchant, office: Office, settings: Any) -> None:
    statement = offered(shoes)
    officer = at_desk(office.li_officer)
    address = f"/en/desk/merchants/sellerstatement/{statement.pk}/change/"

    assert SAID in officer.get("/en/desk/merchants/sellerstatement/").text
    refused = officer.post(address, {"decline": "1", "reason": ""})
    assert (refused.status_code, sentences(refused)) == (422, ["Say in 10 to 300 characters why."])
    assert officer.post(address, {"publish": "1", "reason": ""}).status_code == 302

    statement.refresh_from_db()
    assert (statement.state, statement.judged_by) == (StatementState.PUBLISHED, office.li.reference)
    assert 'name="publish"' not in officer.get(address).text
    assert officer.get("/desk/merchants/sellerstatement/9999/change/").status_code == 404
