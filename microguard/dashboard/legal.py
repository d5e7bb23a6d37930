"""What the rules of law say of a case, for who works on it: computed for the page, from the facts as they are."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.utils.translation import get_language

from complaints.forms.told import ToldForm
from complaints.models import Claim, Complaint, Evidence
from complaints.rules.law_facts import REMEDIES_OF
from complaints.selectors import kept_or_not, law_facts
from complaints.states import Right, RightSource
from merchants.models import Commitment
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.money import yuan
from microguard.law.basis import Found, basis_of, law_day, words_of
from microguard.law.decisions import Strength
from microguard.law.instruments import instruments
from microguard.law.rights import WAYS, Assessment, Remedy, assess
from microguard.law.titles import right_title, title_of
from microguard.law.wording import Wording

TONES = {Found.FULL: "ok", Found.CONDITIONAL: "info", Found.CONFLICTING: "warn", Found.NONE: "warn"}


def law_panel(
    complaint: Complaint,
    claims: Iterable[Claim],
    files: Iterable[Evidence],
    promised: Collection[Commitment],
    actor: Actor,
    *,
    on: date,
) -> dict[str, Any]:
    """Return the variables of the panel; claims, files and promises are those that the page has read already."""
    evidence = [file.kind for file in files]
    found = assess(law_facts(complaint, on=on, evidence=evidence, promises=promised), law_day(on))
    shown = [remedy for remedy in found.remedies if remedy.remedy not in WAYS]
    return {
        "main": [_remedy(remedy) for remedy in shown if remedy.strength is Strength.MAIN],
        "possible": [_remedy(remedy) for remedy in shown if remedy.strength is Strength.POSSIBLE],
        "blocked": [_remedy(remedy) for remedy in found.blocked if remedy.remedy not in WAYS],
        "ways": [_said(title_of(remedy)) for remedy in dict.fromkeys(_ways(found))],
        "answers": [
            {"question": _said(answer.title), "because": _said(answer.because)}
            for answer in found.answers
            if answer.because
        ],
        "warnings": [_said(warning) for warning in found.warnings],
        "claims": [_claim(claim, found) for claim in claims],
        "rights": _rights(complaint, found),
        "promised": kept_or_not(complaint, promised),
        "told": told_in_words(complaint),
        "rules_as_of": found.rules_as_of,
        "may_tell": policies.can(actor, "complaint.tell_facts", complaint),
        "may_judge": policies.can(actor, "complaint.judge_right", complaint),
    }


def _said(wording: Wording) -> str:
    return wording.in_language(get_language())


def _ways(found: Assessment) -> Iterable[str]:
    return (remedy.remedy for remedy in found.remedies if remedy.remedy in WAYS)


def _remedy(remedy: Remedy) -> dict[str, Any]:
    return {
        "title": _said(title_of(remedy.remedy)),
        "amount": yuan(remedy.amount_fen) if remedy.amount_fen is not None else "",
        "conditions": [_said(condition) for condition in remedy.conditions],
        "burden": _said(remedy.burden) if remedy.burden else "",
        "basis": [_said(instruments().called(article)) for article in remedy.basis],
    }


def _claim(claim: Claim, found: Assessment) -> dict[str, Any]:
    """Return a claim with what it rests on."""
    basis = basis_of(found, REMEDIES_OF[claim.kind])
    said = words_of(basis, found.rules_as_of)
    rests_on = [remedy for remedy in found.remedies if remedy.key == basis.rule]
    return {
        "kind": claim.get_kind_display(),
        "found": basis.found.label,
        "tone": TONES.get(basis.found, ""),
        "remedy": " · ".join(_said(title_of(remedy.remedy)) for remedy in rests_on),
        "reason": _said(said.reason),
        "question": _said(said.question),
        "articles": [_said(instruments().called(article)) for remedy in rests_on for article in remedy.basis],
    }


def _rights(complaint: Complaint, found: Assessment) -> list[dict[str, Any]]:
    """Return every right: those alleged first, then those that an officer can add."""
    kept = {row.right: row.source for row in complaint.rights.all()}
    because = {infringed.right: _said(infringed.because) for infringed in found.rights}
    rows = [
        {
            "right": right,
            "title": _said(right_title(right)),
            "because": because.get(right, ""),
            "source": str(RightSource(kept[right]).label) if right in kept else "",
            "is_alleged": kept.get(right, RightSource.REMOVED) != RightSource.REMOVED,
            "may_confirm": kept.get(right) != RightSource.CONFIRMED,
            "may_remove": right in kept and kept[right] != RightSource.REMOVED,
        }
        for right in Right.values
    ]
    return sorted(rows, key=lambda row: not row["source"])


def told_in_words(complaint: Complaint) -> list[dict[str, str]]:
    """Return the questions that were answered, with their answers."""
    form = ToldForm(facts=complaint.told_facts, known=complaint.told_facts, compact=True)
    return [{"label": str(field.label), "value": _answer(field)} for field in form]


def _answer(field: Any) -> str:
    value = field.initial
    if choices := getattr(field.field, "choices", None):
        chosen = value if isinstance(value, list) else [value]
        return " · ".join(str(label) for answer, label in choices if answer in chosen)
    return yuan(value) if field.name.endswith("_cny") else str(value)
