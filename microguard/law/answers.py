"""An assessment as others read it: the published shape of an answer, and the schema of the facts."""

from typing import Any

from microguard.jurisdictions.rules import Deal, competent
from microguard.law.choosing import Fit, routes_for
from microguard.law.rights import Assessment, Remedy
from microguard.law.vocabulary import (
    CHOICES,
    DAYS,
    FREE,
    LISTS,
    MORE_CHOICES,
    MORE_LISTS,
    MORE_SUMS,
    NUMBERS,
    SUMS,
    UNKNOWN,
)


def answer_line(assessment: Assessment, language: str) -> dict[str, Any]:
    """Return the answer in the published shape, its sentences in the language."""
    answer: dict[str, Any] = {"id": assessment.facts.id} if assessment.facts.id else {}
    warnings = [text.in_language(language) for text in assessment.warnings]
    warnings += [f"unknown fact, not read: {name}" for name in assessment.facts.unread]
    return answer | {
        "remedies": [_remedy(remedy, language) for remedy in assessment.remedies],
        "blocked": [
            {"remedy": remedy.remedy, "why": "；".join(text.in_language(language) for text in remedy.conditions)}
            for remedy in assessment.blocked
        ],
        "routes": routes_of(assessment),
        "evidence_to_bring": [text.in_language(language) for text in assessment.evidence],
        "warnings": warnings,
        "rules_as_of": assessment.rules_as_of.isoformat(),
    }


def routes_of(assessment: Assessment) -> list[str]:
    """Return the keys of the routes that help now, the most useful first."""
    facts, on = assessment.facts, assessment.rules_as_of
    competence = competent(Deal(channel=None if facts.channel == UNKNOWN else facts.channel), on=on)
    suggested = routes_for(facts, competence=competence, operator="", on=on)
    return [one.route.key for one in suggested if one.fit <= Fit.USEFUL]


def _remedy(remedy: Remedy, language: str) -> dict[str, Any]:
    return {
        "remedy": remedy.remedy,
        "strength": str(remedy.strength),
        "amount_fen": remedy.amount_fen,
        "legal_basis": list(remedy.basis),
        "conditions": [text.in_language(language) for text in remedy.conditions],
        "burden": remedy.burden.in_language(language) if remedy.burden else "",
    }


def schema() -> dict[str, Any]:
    """Return the facts that are read, as JSON Schema (draft 2020-12)."""
    more = (
        {field: _one(among) for field, among in MORE_CHOICES.items()}
        | {field: _many(among) for field, among in MORE_LISTS.items()}
        | {field: _sum() for field in (*MORE_SUMS, "promised_multiple")}
    )
    facts = (
        {field: {"type": ["string", "null"]} for field in FREE}
        | {field: _one(among) for field, among in CHOICES.items()}
        | {field: _many(among) for field, among in LISTS.items()}
        | {field: _sum() for field in SUMS}
        | {field: {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}(-\d{2})?$"} for field in DAYS}
        | {field: {"type": ["integer", "null"], "minimum": 0} for field in NUMBERS}
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts of a dispute; each may be missing",
        "type": "object",
        "properties": facts | {"more_facts": {"type": ["object", "null"], "properties": more}},
    }


def _one(among: tuple[str, ...]) -> dict[str, Any]:
    return {"enum": [*among, None]}


def _many(among: tuple[str, ...]) -> dict[str, Any]:
    return {"type": ["array", "null"], "items": {"enum": list(among)}}


def _sum() -> dict[str, Any]:
    return {"type": ["number", "null"], "minimum": 0}
