"""Reported disputes, as facts in codes, with what a careful lawyer would have shown: how right our answers are.

The facts are those of press and court reports, without names. Reports favour buyers and courts, so the cases tell
whether the rules answer well, never how often something happens.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from microguard.law.decisions import Strength
from microguard.law.rights import Assessment, Remedy, assess
from microguard.law.vocabulary import Facts, read_facts

DATA = Path(__file__).parent / "data" / "real_cases.jsonl"
# Ways to have the price back: a lawyer names one, and another of them serves the buyer as well.
MONEY_BACK = frozenset(
    {"refund", "return_and_refund", "rescind", "cancel_prepaid", "void_minor", "deposit_return"}
    | {"make_up_or_refund", "repair_or_return", "platform_as_seller"}
)
# Duties of others than the parties of a sale, about which no remedy of ours speaks.
NOT_OURS = frozenset({"brand_liability", "courier_claim_first"})
FEN = 100


@dataclass(frozen=True, slots=True)
class RealCase:
    """One reported dispute: its facts, what should be shown and how strongly, what must not be promised."""

    id: str
    facts: Facts
    expected: tuple[dict[str, Any], ...]
    never: tuple[str, ...]
    scored: frozenset[str]
    awards_cny: tuple[float, ...]

    def expected_first(self) -> set[str]:
        """Return the classes of remedy that should be shown."""
        return {_class_of(item["remedy"]) for item in self.expected if item["strength"] == "main"}


@dataclass(frozen=True, slots=True)
class Score:
    """How well one case is answered: each part from 0 to 1, None where the report says nothing about it."""

    remedy: float
    amount: float | None
    basis: float | None
    broken: tuple[str, ...]
    missing: tuple[str, ...]


@cache
def real_cases() -> tuple[RealCase, ...]:
    """Return the reported cases, read once."""
    return tuple(_case(json.loads(line)) for line in DATA.read_text(encoding="utf-8").splitlines())


def _case(line: dict[str, Any]) -> RealCase:
    awards = (line["awarded_cny"], line["punitive_cny"])
    return RealCase(
        id=line["id"],
        facts=read_facts({"id": line["id"]} | line["facts"]),
        expected=tuple(line["expected"]),
        never=tuple(line["never"]),
        scored=frozenset(line["scored"]),
        awards_cny=tuple(award for award in awards if award is not None),
    )


def _class_of(remedy: str) -> str:
    return "money back" if remedy in MONEY_BACK else remedy


def scored(case: RealCase, on: date) -> tuple[Assessment, Score]:
    """Return our answer under the law of the day, and how well it fits what was expected."""
    answer = assess(case.facts, on)
    shown = {_class_of(remedy.remedy) for remedy in answer.remedies}
    expected = case.expected_first()
    broken = tuple(token for token in case.never if _breaks(token, answer.remedies))
    hit = len(expected & shown) / len(expected) if expected else 1.0
    return answer, Score(
        remedy=0.0 if broken else 1.0 if hit == 1 else 0.5 if hit >= 0.5 else 0.0,
        amount=_amount_fits(case, answer) if "amount" in case.scored else None,
        basis=_basis_fits(case, answer) if "basis" in case.scored else None,
        broken=broken,
        missing=tuple(sorted(expected - shown)),
    )


def _breaks(token: str, remedies: Iterable[Remedy]) -> bool:
    """Whether an answer promises what it must not: a remedy at all, or one without a condition."""
    if token in NOT_OURS:
        return False
    for ending in ("_certain", "_now", "_full_base"):
        if token.endswith(ending):
            named = token.removesuffix(ending)
            return any(remedy.remedy == named and not remedy.conditions for remedy in remedies)
    named = {"FSL_10x": "punitive_10x"}.get(token, token)
    return any(remedy.remedy == named and remedy.strength is Strength.MAIN for remedy in remedies)


def _amount_fits(case: RealCase, answer: Assessment) -> float:
    """Tell whether a sum that is shown, or two together, is within a yuan or two per cent of the award."""
    sums = [remedy.amount_fen / FEN for remedy in answer.remedies if remedy.amount_fen is not None]
    sums += [first + second for number, first in enumerate(sums) for second in sums[number + 1 :]]
    return float(any(abs(total - award) <= max(1, 0.02 * award) for award in case.awards_cny for total in sums))


def _basis_fits(case: RealCase, answer: Assessment) -> float | None:
    """Tell which part of the remedies to be shown first cites an article that was expected; half for its law."""
    parts = []
    for item in case.expected:
        if item["strength"] != "main" or not item["basis"]:
            continue
        same = [r for r in answer.remedies if _class_of(r.remedy) == _class_of(item["remedy"])]
        cited = {key for remedy in same for key in remedy.basis}
        laws = {key.split("-")[0] for key in cited} & {key.split("-")[0] for key in item["basis"]}
        parts.append(1.0 if cited & set(item["basis"]) else 0.5 if laws else 0.0)
    return sum(parts) / len(parts) if parts else None
