"""What stands out about who complains: the circumstances of Order 121 art. 17, none of which decides anything."""

from datetime import date, timedelta

import pytest

from complaints.rules.signals import OthersAlike, OwnCase, complainant_signals
from merchants.rules.signals import Signal
from microguard.law.signals import signals

MONDAY = date(2026, 11, 23)
ARTICLE_17 = {"frequency", "bulk_same", "shared_contact", "same_text", "same_evidence", "no_purchase"}

NOBODY = OthersAlike()


def a_case(number: int, *, ago: int = 3, **known: object) -> OwnCase:
    """A complaint from the phone, unlike all others, filed so many days ago."""
    told = {
        "seller": f"seller {number}",
        "goods": f"goods {number}",
        "problem": f"p{number}",
        "name": "张三",
        **known,
    }
    return OwnCase(case=number, filed_on=MONDAY - timedelta(days=ago), **told)


def found(own: list[OwnCase], others: OthersAlike = NOBODY, *, shows_purchase: bool = True) -> list[Signal]:
    return complainant_signals(1, own, others, shows_purchase=shows_purchase, on=MONDAY, thresholds=signals())


def test_an_ordinary_complaint_stands_out_in_nothing() -> None:
    assert found([a_case(1)]) == []


@pytest.mark.parametrize(("number", "ago", "stands_out"), [(10, 89, True), (9, 3, False), (10, 90, False)])
def test_ten_complaints_in_ninety_days(number: int, ago: int, stands_out: bool) -> None:
    own = [a_case(n, ago=ago) for n in range(number)]

    assert [signal.key for signal in found(own)] == (["frequency"] if stands_out else [])


@pytest.mark.parametrize("trait", ["seller", "goods", "problem"])
def test_five_about_one_seller_one_kind_of_goods_or_one_problem(trait: str) -> None:
    own = [a_case(n, **{trait: "the same"}) for n in (1, 2, 3, 4, 5)]

    assert found([*own, a_case(6)]) == [Signal("bulk_same", 5, (1, 2, 3, 4, 5))]
    assert found(own[:4]) == []
    assert found([a_case(n, seller="", goods=f"g{n}") for n in range(5)]) == []  # unknown sellers are not one


def test_three_names_with_one_phone() -> None:
    own = [a_case(n, name=name) for n, name in enumerate(("张三", "李四", "王五"), start=1)]

    assert found(own) == [Signal("shared_contact", 3, (1, 2, 3))]
    assert found(own[:2]) == []


def test_what_others_wrote_word_for_word_and_the_same_file() -> None:
    assert found([a_case(1)], OthersAlike(text=(8, 7), evidence=(9,))) == [
        Signal("same_text", 2, (7, 8)),
        Signal("same_evidence", 1, (9,)),
    ]
    assert found([a_case(1)], OthersAlike(text=(8,))) == []


def test_without_a_sign_of_a_purchase() -> None:
    assert found([a_case(1)], shows_purchase=False) == [Signal("no_purchase", 1, (1,))]


@pytest.mark.parametrize(("by_law", "otherwise", "stands_out"), [(5, 1, True), (5, 2, False), (4, 0, False)])
def test_nearly_always_the_sum_that_the_law_sets(by_law: int, otherwise: int, stands_out: bool) -> None:
    own = [a_case(n, asks_by_law=True) for n in range(by_law)] + [a_case(50 + n) for n in range(otherwise)]

    assert [signal.key for signal in found(own)] == (["statutory_minimum"] if stands_out else [])


def test_only_what_the_article_names_rests_on_it() -> None:
    about = {key: limit for key, limit in signals().items() if limit.about == "complainant"}

    assert {key for key, limit in about.items() if limit.article == "SAMR-121-17"} == ARTICLE_17
    assert {key for key, limit in signals().items() if limit.about == "seller" and limit.article} == set()
