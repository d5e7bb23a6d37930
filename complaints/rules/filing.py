"""What a complete complaint needs, by wizard step."""

from collections.abc import Mapping

from complaints.states import Problem

STEPS = ("seller", "deal", "problem", "want", "evidence", "you", "check")
# Facts that a step must have left behind before a complaint can be filed.
_NEEDED = {
    "seller": ("seller_named",),
    "deal": ("item", "amount_fen", "paid_date", "paid_by"),
    "problem": ("problem", "story"),
    "want": ("claims",),
    "you": ("complainant_name", "phone_hash", "division"),
}
# Filings that allege danger are looked at by a person before everything else.
ALLEGING_DANGER = frozenset({Problem.UNSAFE_FOOD})


def incomplete_steps(facts: Mapping[str, object]) -> list[str]:
    """Return the steps, in their order, that still lack something."""
    return [step for step in STEPS if any(not facts.get(name) for name in _NEEDED.get(step, ()))]


def alleges_danger(problem: str) -> bool:
    """Tell whether the filing alleges something that may hurt people."""
    return problem in ALLEGING_DANGER
