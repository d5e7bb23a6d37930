"""Reading facts: what is accepted, and the sentence for what is not."""

from datetime import date
from typing import Any

import pytest

from microguard.law.vocabulary import FACT_NAMES, UNKNOWN, BadFacts, Facts, Span, read_facts


def refused(**content: Any) -> BadFacts:
    with pytest.raises(BadFacts) as refusal:
        read_facts(content)
    return refusal.value


def test_nothing_at_all_is_read_as_nothing_known() -> None:
    assert read_facts({}) == Facts()
    assert read_facts({"channel": None, "more_facts": None, "problem": None}) == Facts()


def test_sums_become_fen_and_months_spans() -> None:
    facts = read_facts({"price_cny": 19.9, "purchase_date": "2026-02", "more_facts": {"other_loss_cny": 17415.1}})

    assert facts.price_fen == 1_990
    assert facts.other_loss_fen == 1_741_510
    assert facts.purchase_date == Span(date(2026, 2, 1), date(2026, 2, 28))
    assert facts.latest_purchase == date(2026, 2, 28)


def test_a_fact_that_nobody_knows_is_told_and_not_refused() -> None:
    facts = read_facts({"chanel": "moments", "more_facts": {"lable_state": "none"}})

    assert facts.channel == UNKNOWN
    assert facts.unread == ("chanel", "lable_state")


@pytest.mark.parametrize(
    ("content", "code", "named"),
    [
        ({"price_cny": -1}, "bad_facts", "price_cny"),
        ({"price_cny": float("nan")}, "bad_facts", "price_cny"),
        ({"price_cny": True}, "bad_facts", "price_cny"),
        ({"price_cny": "128"}, "bad_facts", "price_cny"),
        ({"price_cny": 1e12}, "bad_facts", "price_cny"),
        ({"channel": "wechat"}, "bad_facts", "moments"),
        ({"channel": ["moments"]}, "bad_facts", "channel"),
        ({"problem": "counterfeit"}, "bad_facts", "problem"),
        ({"problem": ["fake"]}, "bad_facts", "counterfeit"),
        ({"purchase_date": "2026-02-30"}, "bad_facts", "purchase_date"),
        ({"purchase_date": "2026-13"}, "bad_facts", "purchase_date"),
        ({"purchase_date": "yesterday"}, "bad_facts", "purchase_date"),
        ({"purchase_date": "2026-05-02", "received_date": "2026-05-01"}, "bad_order", "received_date"),
        ({"purchase_date": "2026-05", "complaint_date": "2026-04-30"}, "bad_order", "complaint_date"),
        ({"days_since_receipt_if_known": 2.5}, "bad_facts", "days_since_receipt_if_known"),
        ({"more_facts": []}, "bad_facts", "more_facts"),
        ({"more_facts": {"label_state": "torn"}}, "bad_facts", "label_state"),
        ({"more_facts": {"promised_multiple": 10_000}}, "bad_facts", "promised_multiple"),
        ({"facts": "x" * 6_000}, "bad_facts", "facts"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_field(content: dict[str, Any], code: str, named: str) -> None:
    refusal = refused(**content)

    assert refusal.code == code
    assert named in refusal.message


def test_goods_received_in_the_month_of_the_purchase_are_in_order() -> None:
    facts = read_facts({"purchase_date": "2026-05-20", "received_date": "2026-05"})

    assert facts.received_date == Span(date(2026, 5, 1), date(2026, 5, 31))


def test_every_fact_has_a_place_in_the_published_vocabulary() -> None:
    published = read_facts.__globals__["KNOWN_FIELDS"] | read_facts.__globals__["KNOWN_MORE"]
    ours = {name.removesuffix("_fen") + "_cny" if name.endswith("_fen") else name for name in FACT_NAMES}

    assert ours - published == {"days_since_receipt", "unread"}
