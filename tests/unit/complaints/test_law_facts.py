"""Our choices and the vocabulary of law: no gap in either direction, and no answer lost on the way there and back."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.rules.law_facts import (
    ASKED_OF_BUYER,
    CHANNELS,
    CLAIM_OF,
    EVIDENCE,
    NO_CHOICE_OF_OURS,
    NO_WORD_OF_THEIRS,
    PAID_BY,
    PAID_BY_OF,
    PROBLEM_OF,
    PROBLEMS,
    REMEDIES_OF,
    SELLER_KNOWN,
    TELLABLE,
    claims_of,
    facts_of,
    paid_by_of,
    prepared,
    problem_of,
)
from complaints.states import Channel, ClaimKind, EvidenceKind, PaidBy, Problem, Right
from merchants.states import ProfileState
from microguard.law.circumstances import CIRCUMSTANCES
from microguard.law.decisions import REMEDIES, RIGHTS
from microguard.law.vocabulary import CHOICES, LISTS, UNKNOWN, read_facts
from microguard.law.words import ANSWERS, NUMBERS, answers_to, named, question_of, words

MONDAY = date(2026, 11, 23)


def told(**answers: Any) -> dict[str, Any]:
    return {
        "problem": Problem.DEFECT,
        "paid_by": PaidBy.BANK,
        "channel": "",
        "amount_fen": 12_800,
        "told": answers,
    }


# --- no gap, there -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "table"),
    [
        (Problem, PROBLEMS),
        (PaidBy, PAID_BY),
        (Channel, CHANNELS),
        (ProfileState, SELLER_KNOWN),
        (ClaimKind, REMEDIES_OF),
        (EvidenceKind, EVIDENCE),
    ],
    ids=["problem", "paid_by", "channel", "seller", "claim", "evidence"],
)
def test_every_choice_of_ours_has_its_word_or_a_reason_for_none(choices: Any, table: dict[str, Any]) -> None:
    without = {choice for choice in choices.values if not table.get(choice)}

    assert set(table) <= set(choices.values)
    assert without == NO_WORD_OF_THEIRS.keys() & (set(choices.values) - {key for key in table if table[key]})
    assert all(NO_WORD_OF_THEIRS.values())


def test_every_word_that_our_choices_lead_to_is_of_the_vocabulary() -> None:
    for implied in PROBLEMS.values():
        assert set(implied["problem"]) <= set(LISTS["problem"])
        assert [key for key, value in implied.items() if key != "problem" and value not in CHOICES[key]] == []
    assert set(PAID_BY.values()) <= set(CHOICES["paid_by"])
    assert set(CHANNELS.values()) <= set(CHOICES["channel"])
    assert set(EVIDENCE.values()) <= set(LISTS["evidence"])
    assert {remedy for remedies in REMEDIES_OF.values() for remedy in remedies} <= set(REMEDIES)


# --- no gap, back --------------------------------------------------------------------------------------------


def test_every_word_of_the_vocabulary_leads_back_or_has_a_reason_for_none() -> None:
    reached = {
        "problem": set(PROBLEM_OF),
        "paid_by": {*PAID_BY_OF, UNKNOWN},
        "channel": {*CHANNELS.values(), UNKNOWN},
        "evidence": set(EVIDENCE.values()),
        "remedy": set(CLAIM_OF),
    }
    vocabulary = {
        "problem": set(LISTS["problem"]),
        "paid_by": set(CHOICES["paid_by"]),
        "channel": set(CHOICES["channel"]),
        "evidence": set(LISTS["evidence"]),
        "remedy": set(REMEDIES),
    }

    gaps = {name: vocabulary[name] - reached[name] for name in vocabulary}

    assert set().union(*gaps.values()) == NO_CHOICE_OF_OURS.keys()
    assert {name: reached[name] - vocabulary[name] for name in vocabulary} == {name: set() for name in vocabulary}


def test_a_claim_rests_on_what_leads_to_it() -> None:
    assert {remedy for remedy, claim in CLAIM_OF.items() if remedy not in REMEDIES_OF[claim]} == set()


def test_the_rights_are_those_of_the_rules() -> None:
    assert tuple(Right.values) == RIGHTS


def test_everything_that_can_be_told_has_words_in_both_languages() -> None:
    assert set(TELLABLE) == {*ANSWERS, *NUMBERS}
    for fact in TELLABLE:
        assert all(question_of(fact))
        assert set(answers_to(fact)) == set(ANSWERS.get(fact, ()))
    for circumstance in CIRCUMSTANCES:
        assert all(named(circumstance)), circumstance
    assert set(words().circumstances) <= set(CIRCUMSTANCES)


def test_a_buyer_is_asked_at_most_six_questions_about_each_problem() -> None:
    assert set(ASKED_OF_BUYER) == set(Problem.values)
    assert {problem: len(set(asked)) for problem, asked in ASKED_OF_BUYER.items()} == dict.fromkeys(
        Problem.values, 6
    )
    assert {fact for asked in ASKED_OF_BUYER.values() for fact in asked} <= set(TELLABLE)


# --- a complaint as the rules read it --------------------------------------------------------------------------


def test_shoes_that_came_apart_are_a_fault_paid_by_transfer() -> None:
    facts = facts_of(
        problem=Problem.DEFECT,
        paid_by=PaidBy.WECHAT_TRANSFER,
        channel=Channel.MOMENTS,
        amount_fen=12_850,
        paid_date=date(2026, 11, 20),
        complained_on=MONDAY,
        evidence=["CHAT", "SELLER", "CHAT"],
    )

    assert (facts.problem, facts.paid_by, facts.channel, facts.price_fen) == (
        ("quality_defect",),
        "wechat_transfer",
        "moments",
        12_850,
    )
    assert (facts.purchase_date, facts.complaint_date) == (
        (date(2026, 11, 20), date(2026, 11, 20)),
        (MONDAY, MONDAY),
    )
    assert (facts.evidence, facts.seller_known, facts.paid_off_platform) == (("chat",), UNKNOWN, UNKNOWN)


def test_about_a_date_is_its_month() -> None:
    facts = facts_of(
        problem=Problem.DEFECT,
        paid_by=PaidBy.BANK,
        channel="",
        amount_fen=100,
        paid_date=date(2026, 10, 31),
        paid_date_about=True,
        complained_on=MONDAY,
    )

    assert facts.purchase_date == (date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("channel", "paid_by", "past"),
    [
        (Channel.CHANNELS_LIVE, PaidBy.RED_PACKET, "yes"),
        (Channel.WECHAT_SHOP, PaidBy.MINI_SHOP, "no"),
        ("", PaidBy.MINI_SHOP, "no"),
        (Channel.WECHAT_SHOP, PaidBy.ALIPAY, UNKNOWN),
        (Channel.GROUP, PaidBy.WECHAT_TRANSFER, UNKNOWN),
    ],
)
def test_a_transfer_in_a_live_room_is_past_the_checkout(channel: str, paid_by: str, past: str) -> None:
    facts = facts_of(problem=Problem.DEFECT, paid_by=paid_by, channel=channel, amount_fen=100)

    assert facts.paid_off_platform == past


def test_what_is_told_goes_before_what_a_choice_implies() -> None:
    facts = facts_of(**told(goods_category="cosmetics", refunded_cny=12.5) | {"problem": Problem.UNSAFE_FOOD})

    assert (facts.goods_category, facts.refunded_fen) == ("cosmetics", 1_250)


def test_finer_problems_are_forgotten_when_another_problem_is_chosen() -> None:
    finer = told(problem=["false_advertising", "blocked"])

    assert facts_of(**finer | {"problem": Problem.NOT_AS_DESCRIBED}).problem == ("false_advertising", "blocked")
    assert facts_of(**finer | {"problem": Problem.NOT_DELIVERED}).problem == ("not_delivered",)


def test_a_seller_who_proved_to_be_it_is_known() -> None:
    facts = facts_of(**told(), seller_state=ProfileState.CLAIMED)

    assert facts.seller_known == "yes"


# --- and back ------------------------------------------------------------------------------------------------


def test_the_most_pressing_of_several_problems_is_ours() -> None:
    assert problem_of(["blocked", "refuse_return", "unsafe_food"]) == Problem.UNSAFE_FOOD
    assert problem_of(["not_delivered"], "service") == Problem.SERVICE_NOT_GIVEN
    assert problem_of([]) == ""


def test_wechat_pay_is_a_checkout_in_a_shop_and_a_code_elsewhere() -> None:
    assert paid_by_of("wechat_pay", "wechat_shop") == PaidBy.MINI_SHOP
    assert paid_by_of("wechat_pay", "group") == PaidBy.PAYMENT_CODE


def test_who_gets_the_money_back_does_not_ask_for_a_repair_too() -> None:
    assert claims_of(["refund", "repair_or_return", "punitive_3x", "court_claim"]) == ["REFUND", "COMPENSATION"]
    assert claims_of(["refund", "return_and_refund"]) == ["RETURN_AND_REFUND"]
    assert claims_of(["repair_or_return"]) == ["REPAIR"]


def a_choice(values: Any) -> Any:
    return st.sampled_from(sorted(values))


@given(
    problem=a_choice(Problem.values),
    paid_by=a_choice(set(PaidBy.values) - {PaidBy.OTHER}),
    channel=a_choice(Channel.values),
    fen=st.integers(1, 100_000_000),
)
def test_our_choices_come_back_as_they_went(problem: str, paid_by: str, channel: str, fen: int) -> None:
    there = facts_of(problem=problem, paid_by=paid_by, channel=channel, amount_fen=fen)

    back = prepared(there)

    assert (back.problem, back.channel, back.amount_fen) == (problem, channel, fen)
    assert back.paid_by == paid_by or {back.paid_by, paid_by} == {PaidBy.MINI_SHOP, PaidBy.PAYMENT_CODE}


@given(st.data())
def test_facts_that_begin_a_complaint_are_read_from_it_unchanged(data: st.DataObject) -> None:
    content = {
        "problem": data.draw(st.lists(a_choice(LISTS["problem"]), min_size=1, unique=True)),
        "channel": data.draw(a_choice(CHOICES["channel"])),
        "goods_category": data.draw(a_choice(CHOICES["goods_category"])),
        "opened_or_used": data.draw(a_choice(CHOICES["opened_or_used"])),
        "price_cny": data.draw(st.integers(1, 10_000)),
        "more_facts": {
            "label_state": data.draw(a_choice(ANSWERS["label_state"])),
            "false_claim": data.draw(st.lists(a_choice(ANSWERS["false_claim"]), unique=True)),
            "refunded_cny": data.draw(st.one_of(st.none(), st.integers(0, 100))),
        },
    }
    facts = read_facts(content)

    begun = prepared(facts)
    again = facts_of(
        problem=begun.problem,
        paid_by=begun.paid_by,
        channel=begun.channel,
        amount_fen=begun.amount_fen,
        told=begun.told,
    )

    for name in ("problem", "channel", "label_state", "false_claim", "refunded_fen", "price_fen"):
        assert getattr(again, name) == getattr(facts, name), name
    for name in ("goods_category", "opened_or_used"):
        assert getattr(again, name) == getattr(facts, name) or getattr(facts, name) == UNKNOWN, name
