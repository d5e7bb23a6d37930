"""Worked answers about rights: each row was decided by hand from the article it cites."""

from datetime import date
from typing import Any, NamedTuple

import pytest

from microguard.law.decisions import Strength
from microguard.law.rights import Assessment, assess
from microguard.law.vocabulary import read_facts

TODAY = date(2026, 11, 25)
SHOP: dict[str, Any] = {"seller_known": "yes", "seller_type": "individual_business", "channel": "moments"}
FRIEND: dict[str, Any] = {"seller_known": "yes", "seller_type": "private_one_off", "seller_repeat": "no"}


def told(on: date = TODAY, more: dict[str, Any] | None = None, **facts: Any) -> Assessment:
    return assess(read_facts(facts | {"more_facts": more or {}}), on)


class Row(NamedTuple):
    """A situation, the remedy in question, and what the article makes of it."""

    situation: str
    facts: dict[str, Any]
    more: dict[str, Any]
    remedy: str
    strength: str  # "main", "possible", "blocked" or "none"
    article: str = ""
    amount_fen: int | None = None


ROWS = [
    # Civil Code arts. 563, 566; Consumer Rights Protection Law art. 52.
    Row(
        "paid, never delivered",
        SHOP | {"goods_category": "apparel", "problem": ["not_delivered"], "price_cny": 128},
        {},
        "refund",
        "main",
        "CC-563",
        12_800,
    ),
    Row(
        "between friends, never delivered",
        FRIEND | {"goods_category": "electronics", "problem": ["not_delivered"], "price_cny": 128},
        {},
        "return_and_refund",
        "main",
        "CC-563",
        12_800,
    ),
    # Consumer Rights Protection Law art. 55(1): three times the price, at least 500 yuan, for deceit only.
    Row(
        "fake shoes, brand says so",
        SHOP | {"goods_category": "apparel", "problem": ["counterfeit"], "price_cny": 300},
        {"test_result": "not_genuine"},
        "punitive_3x",
        "main",
        "CRPL-55-1",
        90_000,
    ),
    Row(
        "a fake for 38 yuan: the least",
        SHOP | {"goods_category": "cosmetics", "problem": ["counterfeit"], "price_cny": 38},
        {"test_result": "not_genuine"},
        "punitive_3x",
        "main",
        "CRPL-55-1",
        50_000,
    ),
    Row(
        "late delivery is no deceit",
        SHOP | {"goods_category": "apparel", "problem": ["not_delivered"], "price_cny": 128},
        {},
        "punitive_3x",
        "none",
    ),
    Row(
        "the fault was told before",
        SHOP | {"goods_category": "second_hand", "problem": ["not_as_described"], "price_cny": 900},
        {"told_before": "yes"},
        "punitive_3x",
        "none",
    ),
    Row(
        "a private seller of one bag",
        FRIEND | {"goods_category": "luxury", "problem": ["counterfeit"], "price_cny": 1_400},
        {"test_result": "not_genuine"},
        "punitive_3x",
        "blocked",
    ),
    # 法释〔2022〕8号 art. 7: who sells again and again is a trader, whatever they call themselves.
    Row(
        "a hobby seller of many bags",
        {"seller_known": "yes", "seller_type": "individual_unregistered", "seller_repeat": "yes"}
        | {"goods_category": "second_hand", "problem": ["counterfeit"], "price_cny": 1_400},
        {"test_result": "not_genuine"},
        "punitive_3x",
        "main",
        "CRPL-55-1",
        420_000,
    ),
    Row(
        "bought to resell",
        SHOP | {"goods_category": "jewellery", "problem": ["counterfeit"], "price_cny": 1_400},
        {"test_result": "not_genuine", "buyer_purpose": "trade"},
        "punitive_3x",
        "blocked",
    ),
    # Food Safety Law art. 148(2); 法释〔2024〕9号 arts. 1, 3, 6 to 8, 12.
    Row(
        "food without a label",
        SHOP | {"goods_category": "food", "problem": ["no_label"], "price_cny": 60},
        {"label_state": "none", "food_shown": "yes"},
        "punitive_10x",
        "main",
        "FSL-148-2",
        100_000,
    ),
    Row(
        "a banned drug in slimming tea",
        SHOP | {"goods_category": "health_food", "problem": ["unsafe_food"], "price_cny": 1_700},
        {"test_result": "banned_substance"},
        "punitive_10x",
        "main",
        "SPC-FD-2024-1",
        1_700_000,
    ),
    Row(
        "three times the loss is more",
        SHOP | {"goods_category": "food", "problem": ["unsafe_food"], "price_cny": 100, "bodily_harm": "yes"},
        {"test_result": "below_standard", "other_loss_cny": 5_000},
        "punitive_10x",
        "main",
        "FSL-148-2",
        1_500_000,
    ),
    Row(
        "only a wrong item on the label",
        SHOP | {"goods_category": "food", "problem": ["no_label"], "price_cny": 60},
        {"label_state": "flaw"},
        "punitive_10x",
        "possible",
        "SPC-FD-2024-6",
        100_000,
    ),
    Row(
        "told to be bought on order",
        SHOP | {"goods_category": "food", "problem": ["no_label"], "price_cny": 60},
        {"label_state": "foreign_only", "seller_role": "agency", "told_before": "yes"},
        "punitive_10x",
        "possible",
        "SPC-FD-2024-3",
        100_000,
    ),
    Row(
        "it was bought knowingly",
        SHOP | {"goods_category": "food", "problem": ["no_label"], "buyer_knew_at_purchase": "yes"},
        {"label_state": "none"},
        "punitive_10x",
        "possible",
        "SPC-FD-2024-12",
    ),
    Row(
        "a neighbour's one jar",
        FRIEND | {"goods_category": "food", "problem": ["unsafe_food"]},
        {"label_state": "none"},
        "punitive_10x",
        "blocked",
    ),
    Row(
        "shoes are no food",
        SHOP | {"goods_category": "apparel", "problem": ["counterfeit"]},
        {"test_result": "not_genuine"},
        "punitive_10x",
        "none",
    ),
    # Drug Administration Law art. 144(3).
    Row(
        "injections without approval",
        SHOP | {"goods_category": "drug", "problem": ["no_label"], "price_cny": 36_000},
        {"licence_missing": "yes"},
        "punitive_10x",
        "main",
        "DAL-144-3",
        36_000_000,
    ),
    # Consumer Rights Protection Law art. 25; Regulations art. 19.
    Row(
        "tried on, on the third day",
        SHOP
        | {"goods_category": "apparel", "problem": ["refuse_return"], "days_since_receipt_if_known": 3}
        | {"opened_or_used": "opened"},
        {},
        "return_no_reason",
        "main",
        "CRPL-25",
    ),
    Row(
        "on the seventh day",
        SHOP
        | {"goods_category": "apparel", "problem": ["refuse_return"], "days_since_receipt_if_known": 7}
        | {"opened_or_used": "unopened"},
        {},
        "return_no_reason",
        "main",
        "REG-19",
    ),
    Row(
        "on the eighth day",
        SHOP | {"goods_category": "apparel", "problem": ["refuse_return"], "days_since_receipt_if_known": 8},
        {},
        "return_no_reason",
        "blocked",
    ),
    Row(
        "made to order",
        SHOP | {"goods_category": "custom_made", "problem": ["refuse_return"], "days_since_receipt_if_known": 1},
        {},
        "return_no_reason",
        "blocked",
    ),
    Row(
        "opened food",
        SHOP | {"goods_category": "food", "problem": ["refuse_return"], "opened_or_used": "opened"},
        {},
        "return_no_reason",
        "blocked",
    ),
    Row(
        "no return, said only on the page",
        SHOP
        | {"goods_category": "apparel", "problem": ["refuse_return"], "days_since_receipt_if_known": 2}
        | {"opened_or_used": "unopened"},
        {"no_return_notice": "only_on_page"},
        "return_no_reason",
        "main",
        "CRPL-25",
    ),
    Row(
        "no return, confirmed at the purchase",
        SHOP | {"goods_category": "other", "problem": ["refuse_return"], "days_since_receipt_if_known": 2},
        {"no_return_notice": "confirmed_at_purchase"},
        "return_no_reason",
        "blocked",
    ),
    # Consumer Rights Protection Law arts. 23, 24.
    Row(
        "broken after a month",
        SHOP | {"goods_category": "electronics", "problem": ["quality_defect"]},
        {"defect_when": "within_6_months"},
        "repair_or_return",
        "main",
        "CRPL-23",
    ),
    # Civil Code arts. 586, 587: only 定金 doubles.
    Row(
        "earnest money, the seller backs out",
        SHOP | {"goods_category": "custom_made", "problem": ["not_delivered", "deposit"], "price_cny": 500},
        {"deposit_kind": "earnest"},
        "deposit_double",
        "main",
        "CC-587",
        100_000,
    ),
    Row(
        "an advance is no earnest money",
        SHOP | {"goods_category": "custom_made", "problem": ["not_delivered", "deposit"], "price_cny": 500},
        {"deposit_kind": "advance"},
        "deposit_double",
        "possible",
        "CC-587",
        100_000,
    ),
    # Regulations art. 22; 法释 on prepaid consumption 2025.
    Row(
        "a gym closes",
        SHOP | {"goods_category": "service", "problem": ["not_delivered"], "price_cny": 3_000},
        {"deposit_kind": "advance"},
        "cancel_prepaid",
        "main",
        "REG-22",
    ),
    # Civil Code arts. 19, 20, 144, 145.
    Row(
        "a child of seven tips a streamer",
        SHOP | {"goods_category": "digital", "problem": ["other"], "price_cny": 2_000},
        {"buyer_age": "under_8"},
        "void_minor",
        "main",
        "CC-144",
        200_000,
    ),
    # Consumer Rights Protection Law art. 44.
    Row(
        "the platform cannot name the seller",
        {"channel": "mini_program", "seller_known": "no", "problem": ["not_delivered"]},
        {"platform_named_seller": "no"},
        "platform_claim",
        "main",
        "CRPL-44",
    ),
    Row(
        "Moments are no platform",
        {"channel": "moments", "seller_known": "no", "problem": ["not_delivered"]},
        {},
        "platform_claim",
        "none",
    ),
    # 法释〔2022〕8号 arts. 6, 10, 12.
    Row(
        "a live room that names nobody",
        {"channel": "channels_live", "seller_known": "no", "problem": ["not_as_described"]},
        {},
        "platform_as_seller",
        "main",
        "SPC-ONLINE-12",
    ),
    Row(
        "ten times if fake",
        SHOP | {"goods_category": "luxury", "problem": ["counterfeit"], "price_cny": 4_200},
        {"promised_multiple": 10, "test_result": "not_genuine"},
        "punitive_promise",
        "main",
        "SPC-ONLINE-10",
        4_200_000,
    ),
    Row(
        "the account was passed on",
        {"channel": "wechat_shop", "seller_known": "no", "problem": ["not_delivered"]},
        {"account_holder_differs": "yes"},
        "liability_of_account_holder",
        "main",
        "SPC-ONLINE-6",
    ),
    # Anti-pyramid regulation art. 7: facts are passed on, nobody is judged.
    Row(
        "a fee to become an agent",
        SHOP | {"problem": ["other"]},
        {"joining_fee": "yes"},
        "report_12315",
        "possible",
        "PYR-7",
    ),
    # Order 121 is about consumers and traders.
    Row(
        "a tip-off about a private sale",
        FRIEND | {"problem": ["not_as_described"]},
        {},
        "report_12315",
        "blocked",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.situation}: {row.remedy}")
def test_the_article_decides(row: Row) -> None:
    answer = told(more=row.more, **row.facts)

    found = [remedy for remedy in (*answer.remedies, *answer.blocked) if remedy.remedy == row.remedy]
    if row.article:
        found = [remedy for remedy in found if row.article in remedy.basis]
    assert [str(remedy.strength) for remedy in found] == ([] if row.strength == "none" else [row.strength])
    if row.amount_fen is not None:
        assert found[0].amount_fen == row.amount_fen


def test_money_paid_back_is_set_off_against_the_price_and_then_against_the_multiple() -> None:
    facts = SHOP | {"goods_category": "service", "problem": ["not_delivered"], "price_cny": 1_000}
    untrue = {"false_claim": ["stock_or_delivery"]}

    part = {r.remedy: r.amount_fen for r in told(more=untrue | {"refunded_cny": 400}, **facts).remedies}
    more = {r.remedy: r.amount_fen for r in told(more=untrue | {"refunded_cny": 1_400}, **facts).remedies}

    assert (part["refund"], part["punitive_3x"]) == (60_000, 300_000)
    assert "refund" not in more
    assert more["punitive_3x"] == 260_000


def test_a_seller_who_is_not_known_makes_every_sum_conditional() -> None:
    answer = told(seller_known="no", seller_repeat="yes", problem=["not_delivered"], price_cny=500)

    sums = [remedy for remedy in answer.remedies if remedy.amount_fen]
    assert sums
    assert all(any("Only once it is known" in text.en for text in remedy.conditions) for remedy in sums)
    assert answer.shows("identify_seller")


def test_the_law_is_that_of_the_day_asked_and_an_older_purchase_is_told_so() -> None:
    food: dict[str, Any] = SHOP | {"goods_category": "food", "problem": ["no_label"], "purchase_date": "2023-05"}
    no_label = {"label_state": "none"}

    before = told(date(2024, 8, 21), no_label, **food)
    after = told(date(2024, 8, 22), no_label, **food)

    assert _basis(before, "punitive_10x") == {"FSL-148-2", "SPC-FD-2013-15"}
    assert _basis(after, "punitive_10x") == {"FSL-148-2", "SPC-FD-2024-1"}
    assert not before.shows("note_rule_version")
    assert after.shows("note_rule_version")


def _basis(answer: Assessment, remedy: str) -> set[str]:
    return {key for shown in answer.remedies if shown.remedy == remedy for key in shown.basis}


@pytest.mark.parametrize(
    ("facts", "more", "rights"),
    [
        ({"problem": ["unsafe_food"]}, {}, {"safety"}),
        ({"problem": ["counterfeit"]}, {}, {"knowledge", "fair_trade"}),
        ({"problem": ["refuse_return"]}, {}, {"choice"}),
        ({"problem": ["not_delivered", "blocked"]}, {}, {"fair_trade", "compensation"}),
        ({"problem": ["quality_defect"], "bodily_harm": "yes"}, {}, {"safety", "fair_trade", "compensation"}),
        ({"problem": ["other"]}, {"data_misused": "yes"}, {"personal_data"}),
        ({"problem": ["other"]}, {}, set()),
    ],
)
def test_the_rights_infringed_follow_from_the_same_facts(
    facts: dict[str, Any], more: dict[str, Any], rights: set[str]
) -> None:
    answer = told(more=more, **facts)

    assert {infringed.right for infringed in answer.rights} == rights
    assert all(infringed.because.zh and infringed.because.en for infringed in answer.rights)


def test_main_remedies_come_first() -> None:
    answer = told(**(SHOP | {"goods_category": "apparel", "problem": ["counterfeit", "refuse_return"]}))

    strengths = [remedy.strength for remedy in answer.remedies]
    assert strengths == sorted(strengths, key=lambda strength: strength is not Strength.MAIN)
