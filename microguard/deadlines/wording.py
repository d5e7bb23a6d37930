"""Rules in the reader's language: what a clock is called, how long it runs, on what it rests."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from django.utils.translation import get_language, ngettext

from microguard.deadlines.legislation import RuleVersion, Unit, legislation

# In the order in which a case meets them, by the first word of the key; others follow.
COURSE_OF_A_CASE = (
    *("safety", "first", "complaint", "respondent", "platform", "negotiation", "mediation", "mediator"),
    *("proposal", "settlement", "termination", "judicial_confirmation", "case", "clue"),
)


@lru_cache(maxsize=1)
def _versions() -> dict[str, RuleVersion]:
    return {version.id: version for version in legislation().every_version()}


def version_of(rule_version: str) -> RuleVersion | None:
    """Return the version that a deadline names, or None when it is no longer known."""
    return _versions().get(rule_version)


def title_of(rule_version: str) -> str:
    """Return the title of a rule version in the reader's language; its own name when it is no longer known."""
    version = version_of(rule_version)
    return version.title.in_language(get_language()) if version else rule_version.partition("@")[0]


def provision_of(version: RuleVersion) -> str:
    """Return instrument and article of a statutory clock in the reader's language; nothing for policy."""
    if version.citation is None:
        return ""
    citation, language = version.citation, get_language()
    return f"{citation.instrument.in_language(language)} {citation.provision.in_language(language)}"


class Lasting(Protocol):
    """Whatever lasts a number of units: a version of a clock, or a time of the law that is no clock of ours."""

    @property
    def value(self) -> int: ...
    @property
    def unit(self) -> str: ...


def length_of(term: Lasting) -> str:
    """Return how long the term runs, such as “7 working days”."""
    n = term.value
    if term.unit == Unit.WORKING_DAYS:
        words = ngettext("{n} working day", "{n} working days", n)
    elif term.unit == Unit.CALENDAR_DAYS:
        words = ngettext("{n} day", "{n} days", n)
    elif term.unit == Unit.HOURS:
        words = ngettext("{n} hour", "{n} hours", n)
    else:
        words = ngettext("{n} month", "{n} months", n)
    return words.format(n=n)


@dataclass(frozen=True)
class RuleLine:
    """One rule in force as the public reads it; `provision` is empty where the rule is our own policy."""

    title: str
    length: str
    starts_at: str
    provision: str
    in_force_from: date
    id: str


def rule_lines(operator: str, on: date) -> list[RuleLine]:
    """Return every rule in force for the operator on the day, in the order of a case.

    :raises microguard.deadlines.legislation.UnknownOperator:
    """
    language = get_language()
    return [
        RuleLine(
            title=version.title.in_language(language),
            length=length_of(version),
            starts_at=version.starts_at.in_language(language),
            provision=provision_of(version),
            in_force_from=version.in_force_from,
            id=version.id,
        )
        for version in sorted(legislation().clocks_of(operator, on), key=_place)
    ]


def _place(version: RuleVersion) -> int:
    noun = version.key.partition(".")[0]
    return COURSE_OF_A_CASE.index(noun) if noun in COURSE_OF_A_CASE else len(COURSE_OF_A_CASE)
