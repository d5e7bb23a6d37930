"""The record of one seller: every figure worked out by hand, small numbers withheld, the page open to anybody."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from disputes.actions.opening import note_invitation, open_dispute
from disputes.actions.outcome import close_dispute, withdraw_dispute
from disputes.actions.performance import report_performance
from disputes.models import Dispute
from disputes.states import Outcome
from merchants.models import Merchant
from merchants.selectors import profiles_of
from merchants.states import HandleType, ProfileState
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.actors import SYSTEM, visitor
from microguard.deadlines.actions import lapse_next
from microguard.statistics.figures import Share, closings_in
from microguard.statistics.periods import Period, last_twelve_months, month_by_month
from microguard.statistics.sellers.publication import definitions, lines_of
from microguard.statistics.sellers.standing import Standing, standing_of
from tests.cases import a_picture
from tests.clock import A_DAY, A_SECOND, MONDAY_NOON
from tests.people import Office, chen
from tests.sellers import (
    OCTOBER_12,
    a_closed_case,
    a_complaint,
    an_agreement,
    an_answered_case,
    closed_cases,
    paid,
)

PERIOD = last_twelve_months(MONDAY_NOON.date())


@pytest.fixture(autouse=True)
def _published(settings: Any, clock_at: Callable[[datetime], None]) -> None:
    settings.OPERATOR = "consumer_association"
    settings.PUBLIC_RECORD_REVIEW = "2026-11-01, counsel"
    clock_at(MONDAY_NOON)


def record(merchant: Merchant, at: datetime = MONDAY_NOON, period: Period = PERIOD) -> Standing:
    return standing_of(profiles_of(merchant.pk), period, at=at)


# --- what is counted ----------------------------------------------------------------------------------------


def test_of_a_seller_without_a_case_everything_is_nought(office: Office) -> None:
    nobody = Merchant.objects.create(registered_at=OCTOBER_12, registered_by="user:1")

    found = record(nobody)

    assert (found.people, found.closings.closed, found.withdrawn, found.open_breaches) == (0, 0, 0, 0)
    assert found.answered_in_time == found.kept == Share(0, 0)
    assert (found.median_answer_days, found.problems, len(found.months)) == (None, [], 12)


@pytest.mark.parametrize("outcome", Outcome.values)
def test_settled_is_what_all_our_figures_call_resolved(office: Office, outcome: str) -> None:
    seller = a_closed_case(office, outcome=outcome).complaint.merchant

    found, of_all = record(seller).closings, closings_in(PERIOD)

    assert found.resolved == of_all.resolved
    apart = outcome in {Outcome.WITHDRAWN_OTHER, Outcome.DECLINED}
    assert (found.closed, of_all.closed) == (not apart, 1)


def test_another_seller_s_cases_count_nowhere(office: Office) -> None:
    shoes = closed_cases(office, 2)
    an_agreement(office, buyer=7)

    found = record(shoes)

    assert (found.people, found.closings.closed, found.answered_in_time) == (2, 2, Share(2, 2))
    assert found.kept == Share(0, 0)


def test_all_profiles_of_a_seller_are_one(office: Office) -> None:
    shoes = closed_cases(office, 2)
    boots = closed_cases(office, 3)
    Merchant.objects.filter(pk=boots.pk).update(merged_into=shoes)

    assert record(shoes) == record(boots)
    assert (record(shoes).closings.closed, record(shoes).people) == (5, 3)  # buyers 1 and 2 complained twice


def test_a_case_without_the_chance_to_answer_is_left_out_until_the_term_has_ended(office: Office) -> None:
    complaint = a_complaint(office)
    dispute = open_dispute(complaint_id=complaint.pk, by=SYSTEM, at=OCTOBER_12)
    note_invitation(dispute_id=dispute.pk, by=office.li, at=OCTOBER_12)
    early = OCTOBER_12 + 3 * A_DAY
    late = OCTOBER_12 + 30 * A_DAY

    before = record(complaint.merchant, early)
    close_at = {"outcome": "NO_RESPONSE", "note": "没有答复", "by": office.li}
    while lapse_next(at=late):
        continue
    close_dispute(dispute_id=dispute.pk, **close_at, at=late)

    after = record(complaint.merchant)
    assert (before.answered_in_time, before.closings.closed) == (Share(0, 0), 0)
    assert (after.answered_in_time, after.closings.closed, after.closings.resolved) == (Share(0, 1), 1, 0)


def test_what_the_buyer_took_back_unsolved_stands_apart(office: Office) -> None:
    seller = closed_cases(office, 1)
    dispute = an_answered_case(office, buyer=2, merchant=seller)
    buyer = visitor(phone_hash("13800000002"))
    withdraw_dispute(dispute_id=dispute.pk, solved=False, recovered_fen=None, by=buyer, at=OCTOBER_12 + 5 * A_DAY)

    found = record(seller)

    assert (found.closings.closed, found.people, found.withdrawn) == (1, 1, 1)


@pytest.mark.parametrize(
    ("closed", "counts"),
    [
        (PERIOD.begins_at - A_SECOND, 0),
        (PERIOD.begins_at, 1),
        (PERIOD.ends_at - A_SECOND, 1),
        (PERIOD.ends_at, 0),
    ],
)
def test_a_case_counts_by_the_day_it_was_closed(office: Office, closed: datetime, counts: int) -> None:
    filed = closed - 9 * A_DAY
    seller = a_closed_case(office, at=filed, days=9).complaint.merchant

    found = record(seller, at=closed)

    assert (found.closings.closed, found.people, sum(month.closed for month in found.months)) == (counts,) * 3


def test_the_median_answer_is_the_middle_one(office: Office) -> None:
    seller = closed_cases(office, 1)  # answered after a day
    for buyer, days in ((2, 3), (3, 8)):
        a_closed_case(office, buyer=buyer, merchant=seller, at=OCTOBER_12 - days * A_DAY)
        Dispute.objects.filter(complaint__phone_hash=phone_hash(f"1380000{buyer:04}")).update(
            answered_at=OCTOBER_12, invited_at=OCTOBER_12 - days * A_DAY
        )

    found = record(seller)

    assert (found.median_answer_days, found.answers) == (3, 3)


def test_an_agreement_kept_early_late_and_not_at_all(office: Office) -> None:
    first = an_agreement(office)
    seller = first.complaint.merchant
    late, never = (an_agreement(office, buyer=buyer, merchant=seller) for buyer in (2, 3))
    due = first.settlements.get().obligations.get().due_at
    assert record(seller, due - A_SECOND).kept == Share(0, 0)  # neither due nor performed

    paid(first, 1, on=OCTOBER_12 + 5 * A_DAY)
    early = record(seller, OCTOBER_12 + 6 * A_DAY)
    assert (early.kept, early.open_breaches) == (Share(1, 1), 0)

    assert (record(seller, due).kept, record(seller, due).open_breaches) == (Share(1, 3), 2)
    paid(late, 2, on=due + A_DAY)
    found = record(seller, due + 2 * A_DAY)
    assert (found.kept, found.open_breaches) == (Share(2, 3), 1)

    report_performance(dispute_id=never.pk, proof=a_picture(shade=9), by=chen(), at=due + 3 * A_DAY)
    assert record(seller, due + 4 * A_DAY).open_breaches == 0  # the buyer has not said yet whether it arrived


def test_the_three_most_frequent_problems_come_in_their_order(office: Office) -> None:
    seller = None
    for buyer, problem in enumerate(
        ("DEFECT", "COUNTERFEIT", "COUNTERFEIT", "OTHER", "NOT_DELIVERED", "NOT_DELIVERED", "NOT_DELIVERED"),
        start=1,
    ):
        seller = a_closed_case(office, buyer=buyer, merchant=seller, problem=problem).complaint.merchant

    assert seller is not None
    assert record(seller).problems == [("NOT_DELIVERED", 3), ("COUNTERFEIT", 2), ("DEFECT", 1)]


@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2026, 1, 31), date(2024, 2, 29), date(2026, 3, 1)])
def test_the_months_of_the_chart_cover_the_period_without_gap(today: date) -> None:
    period = last_twelve_months(today)

    months = month_by_month(period)

    assert len(months) == 12
    assert (months[0].first, months[-1].last) == (period.first, period.last)
    for earlier, later in pairwise(months):
        assert later.first == earlier.last + timedelta(days=1)
        assert earlier.first <= earlier.last


# --- the page -----------------------------------------------------------------------------------------------


def page_of(merchant: Merchant, client: Client, language: str = "/en") -> Any:
    return client.get(f"{language}/s/{merchant.public_key}/")


def test_five_buyers_give_figures_with_their_counts_and_definitions(office: Office, client: Client) -> None:
    seller = closed_cases(office, 5)

    page = page_of(seller, client)

    values = {line.key: (line.value, line.detail) for line in page.context["lines"]}
    assert values == {
        "closed": ("5", "from 5 buyers"),
        "answered": ("100%", "5/5"),
        "median-answer": ("1 day", "in 5 cases"),
        "settled": ("100%", "5/5"),
        "median-closing": ("9 days", "in 5 cases"),
        "kept": ("–", "none in this period"),
        "breaches": ("0", ""),
        "promises": ("–", "none in this period"),
        "withdrawn": ("0", ""),
        "set-apart": ("0", ""),
    }
    how = client.get("/en/sellers/how/").text
    for key in re.findall(r'/sellers/how/#([a-z-]+)"', page.text):
        assert f'id="{key}"' in how
    assert {definition.key for definition in definitions()} == set(re.findall(r"/how/#([a-z-]+)", page.text))
    assert page.text.count("<rect") == 12
    assert "Bad quality or broken" in page.text


def test_four_buyers_give_no_figure(office: Office, client: Client) -> None:
    seller = closed_cases(office, 4)
    a_closed_case(office, buyer=1, merchant=seller)  # five cases, four people

    page = page_of(seller, client).text

    assert "Fewer than 5 people had a complaint" in page
    for told in ("%", "<rect", "Answered in time", "Bad quality", "4 people"):
        assert told not in page.partition("<main")[2].partition("</main")[0]


def test_below_five_cases_a_figure_is_counts_and_no_rate(office: Office) -> None:
    seller = closed_cases(office, 5)
    for buyer in (1, 2):
        paid(an_agreement(office, buyer=buyer, merchant=seller), buyer, on=OCTOBER_12 + 5 * A_DAY)

    with translation.override("en"):
        lines = {line.key: (line.value, line.detail) for line in lines_of(record(seller))}

    assert lines["kept"] == ("2/2", "too few for a rate")


def test_nothing_personal_is_on_the_page(office: Office, client: Client) -> None:
    seller = closed_cases(office, 5)
    page = page_of(seller, client).text + page_of(seller, client, "").text

    for told in ("shoes_2026", "13800000001", "13900000002", "139****", "买家一", "开胶", "MG-", f"S-{seller.pk}"):
        assert told not in page


@pytest.mark.parametrize(
    ("mention", "shown"),
    [
        ((HandleType.WECHAT_ID, "shoes_2026"), "sh***6"),
        ((HandleType.NICKNAME, "小李家鞋铺"), "小*家鞋铺"),
        ((HandleType.NICKNAME, "张三丰"), "张**"),
        ((HandleType.NICKNAME, "微商13900000002"), "微**"),
        ((HandleType.WECHAT_ID, "13900000002"), "***"),
        ((HandleType.PHONE, "13900000002"), "A seller without a public name"),
        ((HandleType.PAYEE_NAME, "李小明"), "A seller without a public name"),
    ],
)
def test_an_unclaimed_seller_is_shown_with_stars(
    mention: tuple[str, str], shown: str, office: Office, client: Client
) -> None:
    seller = closed_cases(office, 1, mention=mention)

    page = page_of(seller, client).text

    assert f"<h1>{shown}</h1>" in page
    assert "Claimed by the seller" not in page


def test_a_claimed_seller_carries_the_badge(office: Office, client: Client) -> None:
    seller = closed_cases(office, 1)
    Merchant.objects.filter(pk=seller.pk).update(state=ProfileState.CLAIMED)

    assert "Claimed by the seller" in page_of(seller, client).text


def test_a_seller_without_closed_cases_says_so(office: Office, client: Client) -> None:
    seller = an_answered_case(office).complaint.merchant

    assert "No complaint was closed in the last twelve months." in page_of(seller, client).text


def test_the_address_of_a_merged_profile_leads_to_the_seller(office: Office, client: Client) -> None:
    shoes, boots = closed_cases(office, 1), closed_cases(office, 1)
    Merchant.objects.filter(pk=boots.pk).update(merged_into=shoes)

    page = page_of(boots, client)

    assert (page.status_code, page.headers["Location"]) == (302, f"/en/s/{shoes.public_key}/")


@pytest.mark.parametrize("address", ["/s/1/", "/s/00000000-0000-4000-8000-000000000000/", "/s/x/"])
def test_an_address_of_nobody_is_not_found(address: str, client: Client, db: None) -> None:
    assert client.get(address).status_code == 404


def test_the_page_needs_no_cookie_and_may_be_kept_but_not_found(office: Office, client: Client) -> None:
    seller = closed_cases(office, 5)

    page = page_of(seller, client)

    assert not page.cookies
    assert page.headers["Cache-Control"] == "public, max-age=300"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    client.cookies["mg_session"] = "x"
    assert page_of(seller, client).headers["Cache-Control"] == "no-store"


def test_the_page_asks_the_same_for_ten_cases_as_for_five(
    office: Office, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    five, ten = closed_cases(office, 5), closed_cases(office, 10)
    queries = 19

    for seller in (five, ten):
        with django_assert_num_queries(queries):
            page_of(seller, client)
