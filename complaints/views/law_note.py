"""What the law usually supports, said beside the question what the buyer wants: a help to choose, no advice."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import get_language

from complaints.models import Complaint
from complaints.rules.law_facts import CLAIM_OF
from complaints.selectors import law_facts
from microguard.core.money import yuan
from microguard.law.basis import law_day
from microguard.law.decisions import Strength
from microguard.law.rights import assess
from microguard.law.titles import title_of


class LawNote(NamedTuple):
    """What may be claimed, and what only if more can be shown; each with its sum where there is one."""

    main: list[str]
    possible: list[str]


def law_note(draft: Complaint, *, on: date) -> LawNote | None:
    """Return what may be claimed on what the draft says so far; None before it says what is wrong."""
    if not draft.problem:
        return None
    found = assess(law_facts(draft, on=on), law_day(on))
    language = get_language()
    said: dict[Strength, dict[str, None]] = {Strength.MAIN: {}, Strength.POSSIBLE: {}}
    for remedy in found.remedies:
        if remedy.remedy in CLAIM_OF:
            amount = f" {yuan(remedy.amount_fen)}" if remedy.amount_fen else ""
            said[remedy.strength][title_of(remedy.remedy).in_language(language) + amount] = None
    return LawNote(list(said[Strength.MAIN]), list(said[Strength.POSSIBLE]))
