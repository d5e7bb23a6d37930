"""What a complaint needs before it can be filed."""

from typing import Any

import pytest

from complaints.rules.filing import STEPS, alleges_danger, incomplete_steps
from complaints.states import Problem

COMPLETE: dict[str, Any] = {
    "seller_named": True,
    "item": "运动鞋",
    "amount_fen": 12_800,
    "paid_date": "2026-11-20",
    "paid_by": "WECHAT_TRANSFER",
    "problem": "DEFECT",
    "story": "穿一天就开胶。",
    "claims": True,
    "complainant_name": "张三",
    "phone_hash": "0" * 64,
    "division": "440300",
}
NEEDED_BY = {
    "seller": ["seller_named"],
    "deal": ["item", "amount_fen", "paid_date", "paid_by"],
    "problem": ["problem", "story"],
    "want": ["claims"],
    "you": ["complainant_name", "phone_hash", "division"],
}


def test_a_complete_complaint_lacks_nothing() -> None:
    assert incomplete_steps(COMPLETE) == []


@pytest.mark.parametrize(("step", "fact"), [(step, fact) for step, facts in NEEDED_BY.items() for fact in facts])
@pytest.mark.parametrize("missing", [None, "", 0, False])
def test_each_fact_is_asked_for_on_its_own_step(step: str, fact: str, missing: Any) -> None:
    assert incomplete_steps(COMPLETE | {fact: missing}) == [step]


def test_missing_steps_come_in_the_order_of_the_screens() -> None:
    assert incomplete_steps({}) == [step for step in STEPS if step in NEEDED_BY]


def test_unsafe_food_alleges_danger() -> None:
    assert [problem for problem in Problem.values if alleges_danger(problem)] == ["UNSAFE_FOOD"]
