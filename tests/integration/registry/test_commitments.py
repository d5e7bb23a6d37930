"""What a seller promises: by its owner only, from a day on, never taken back from deals that were made."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from merchants.actions.commitments import (
    NotEndable,
    OddCommitment,
    PromisedAlready,
    end_commitment,
    make_commitment,
)
from merchants.actions.linking import merge_profiles, unmerge_profile
from merchants.models import Commitment, Merchant
from merchants.selectors import profiles_of
from merchants.selectors.commitments import commitments_of
from microguard.accounts.policies import NotAllowed
from microguard.core.errors import NotFound
from microguard.events.models import Event
from tests.cases import a_seller
from tests.clock import MONDAY_MORNING, TUESDAY_MORNING
from tests.people import CHEN_PHONE, ZHANG_PHONE, Office, chen, zhang
from tests.sellers import an_owned_shop
from tests.visitors import a_browser

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
SUNDAY = date(2026, 11, 22)


@pytest.fixture
def shop(office: Office) -> Merchant:
    return an_owned_shop()


def promised(
    shop: Merchant, kind: str = "MULTIPLE_IF_FAKE", value: int | None = 10, at: datetime = MONDAY_MORNING
) -> Commitment:
    return make_commitment(merchant_id=shop.pk, kind=kind, value=value, by=chen(), at=at)


def ended(commitment: Commitment, until: date = WEDNESDAY, at: datetime = TUESDAY_MORNING) -> Commitment:
    return end_commitment(commitment_id=commitment.pk, until_date=until, by=chen(), at=at)


def binding(shop: Merchant, on: date, last: date | None = None) -> list[tuple[str, int | None]]:
    return [(each.kind, each.value) for each in commitments_of(profiles_of(shop.pk), on, last)]


def test_a_promise_binds_for_deals_from_its_day_until_the_day_it_ends(shop: Merchant) -> None:
    ended(promised(shop))

    ten_times = [("MULTIPLE_IF_FAKE", 10)]
    days = [SUNDAY, MONDAY, TUESDAY, WEDNESDAY]
    assert [binding(shop, day) for day in days] == [[], ten_times, ten_times, []]
    names = Event.objects.filter(chain=shop.chain, name__startswith="commitment.").values_list("name", flat=True)
    assert list(names.order_by("number")) == ["commitment.made", "commitment.ended"]


def test_who_promises_stands_in_no_fact_by_a_phone(shop: Merchant) -> None:
    ended(promised(shop))

    told = Event.objects.filter(chain=shop.chain, name__startswith="commitment.")
    assert set(told.values_list("actor", flat=True)) == {"owner"}
    assert (Commitment.objects.get().made_by, Commitment.objects.get().ended_by) == ("owner", "owner")


def test_of_a_deal_whose_month_alone_is_known_only_what_bound_throughout_counts(shop: Merchant) -> None:
    ended(promised(shop))

    assert binding(shop, MONDAY, TUESDAY) == [("MULTIPLE_IF_FAKE", 10)]
    assert binding(shop, SUNDAY, TUESDAY) == []
    assert binding(shop, MONDAY, WEDNESDAY) == []


@pytest.mark.parametrize("until", [MONDAY, TUESDAY])
def test_a_promise_is_not_taken_back_from_deals_that_were_made(shop: Merchant, until: date) -> None:
    commitment = promised(shop)

    with pytest.raises(NotEndable):
        ended(commitment, until)

    assert binding(shop, WEDNESDAY) == [("MULTIPLE_IF_FAKE", 10)]


def test_a_promise_ends_once(shop: Merchant) -> None:
    commitment = ended(promised(shop))

    with pytest.raises(NotEndable):
        ended(commitment, date(2026, 12, 24))

    commitment.refresh_from_db()
    assert commitment.until_date == WEDNESDAY


def test_one_of_a_kind_is_open_and_a_new_one_follows_the_one_that_ended(shop: Merchant) -> None:
    first = promised(shop)
    with pytest.raises(PromisedAlready):
        promised(shop, value=3)
    ended(first)

    promised(shop, value=3, at=TUESDAY_MORNING)

    assert binding(shop, TUESDAY) == [("MULTIPLE_IF_FAKE", 10)]
    assert binding(shop, WEDNESDAY) == [("MULTIPLE_IF_FAKE", 3)]


def test_only_the_owner_promises_and_ends(shop: Merchant) -> None:
    commitment = promised(shop)

    with pytest.raises(NotAllowed):
        make_commitment(merchant_id=shop.pk, kind="ACCEPTS_MEDIATION", value=None, by=zhang(), at=MONDAY_MORNING)
    with pytest.raises(NotAllowed):
        end_commitment(commitment_id=commitment.pk, until_date=WEDNESDAY, by=zhang(), at=MONDAY_MORNING)
    with pytest.raises(NotAllowed):
        promised(a_seller())  # nobody owns it
    with pytest.raises(NotFound):
        make_commitment(merchant_id=0, kind="ACCEPTS_MEDIATION", value=None, by=chen(), at=MONDAY_MORNING)

    assert Commitment.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("RETURN_WITHIN", 6),
        ("RETURN_WITHIN", 91),
        ("MULTIPLE_IF_FAKE", 1),
        ("MULTIPLE_IF_FAKE", 101),
        ("ANSWERS_WITHIN", 0),
        ("ANSWERS_WITHIN", None),
        ("ACCEPTS_MEDIATION", 3),
        ("FREE_GIFTS", 3),
    ],
)
def test_what_cannot_be_promised_is_refused(shop: Merchant, kind: str, value: int | None) -> None:
    with pytest.raises(OddCommitment):
        promised(shop, kind, value)

    assert not Commitment.objects.exists()


def test_a_promise_binds_the_whole_seller_and_unmerging_restores_it(shop: Merchant, office: Office) -> None:
    small_account = a_seller(("wechat_id", "shoes_small"))
    before = Commitment.objects.filter(pk=promised(shop).pk).values().get()
    assert binding(small_account, TUESDAY) == []
    reason = "收款码和寄件人都一样，买家确认是同一人。"

    merge_profiles(merchant_id=small_account.pk, into_id=shop.pk, reason=reason, by=office.li, at=MONDAY_MORNING)
    assert binding(small_account, TUESDAY) == [("MULTIPLE_IF_FAKE", 10)]
    with pytest.raises(PromisedAlready):
        promised(small_account)

    unmerge_profile(merchant_id=small_account.pk, by=office.li, at=MONDAY_MORNING)
    assert (binding(small_account, TUESDAY), binding(shop, TUESDAY)) == ([], [("MULTIPLE_IF_FAKE", 10)])
    assert Commitment.objects.values().get() == before


# --- the pages ---


@pytest.fixture
def now(settings: Any, clock_at: Callable[[datetime], None]) -> None:
    settings.PUBLIC_RECORD_REVIEW = "2026-11-01, counsel"
    clock_at(MONDAY_MORNING)


def test_the_owner_promises_in_a_browser_and_everybody_reads_it(shop: Merchant, now: None, client: Client) -> None:
    browser = a_browser(phone=CHEN_PHONE)
    public = f"/en/s/{shop.public_key}/"
    assert "Pays 10 times" not in client.get(public).text

    kind = f"{shop.pk}-MULTIPLE_IF_FAKE"
    done = browser.post("/en/m/commitments/", {"make": kind, f"{kind}-value": "10"}, follow=True)

    assert (done.status_code, "Pays 10 times the price if the goods are fake." in done.text) == (200, True)
    assert "Pays 10 times the price if the goods are fake." in client.get(public).text

    commitment = Commitment.objects.get()
    browser.post("/en/m/commitments/", {"end": commitment.pk})
    commitment.refresh_from_db()
    assert commitment.until_date == TUESDAY
    assert "before" in client.get(public).text


@pytest.mark.parametrize("value", ["", "x", "1", "101", "9" * 400])
def test_an_odd_number_is_refused_in_one_sentence(shop: Merchant, now: None, value: str) -> None:
    kind = f"{shop.pk}-MULTIPLE_IF_FAKE"

    page = a_browser(phone=CHEN_PHONE).post("/en/m/commitments/", {"make": kind, f"{kind}-value": value})

    assert page.status_code == 422
    assert "Enter a whole number from 2 to 100." in page.text
    assert not Commitment.objects.exists()


def test_nobody_else_reaches_a_promise(shop: Merchant, now: None, client: Client) -> None:
    commitment = promised(shop)
    zhangs = a_browser(phone=ZHANG_PHONE)

    for sent in ({"end": commitment.pk}, {"end": "9" * 30}, {"make": f"{shop.pk}-ACCEPTS_MEDIATION"}, {}):
        page = zhangs.post("/en/m/commitments/", sent, follow=True)
        assert page.status_code == 200
    assert client.get("/en/m/commitments/").status_code == 302

    commitment.refresh_from_db()
    assert (commitment.ended_at, Commitment.objects.count()) == (None, 1)
