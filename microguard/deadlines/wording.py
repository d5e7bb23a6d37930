"""Rules in the reader's language: what a clock is called, how long it runs, on what it rests."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext

from microguard.deadlines.legislation import RuleVersion, Unit, legislation, version_of

# In the order in which a case meets them, by the first word of the key; others follow.
COURSE_OF_A_CASE = (
    *("safety", "first", "complaint", "respondent", "platform", "negotiation", "mediation", "mediator"),
    *("proposal", "settlement", "termination", "judicial_confirmation", "case", "clue"),
)


def title_of(rule_version: str) -> str:
    """Return the title of a rule version in the reader's language; its own name when it is no longer known."""
    version = version_of(rule_version)
    return version.title.in_language(get_language()) if version else rule_version.partition("@")[0]


def reason_in_words(code: str) -> str | Promise:
    """Return why a clock may stand still, in words."""
    return {"appraisal": gettext_lazy("An appraisal or test of the goods is being made")}[code]


def provision_of(version: RuleVersion) -> str:
    """Return instrument and article of a statutory clock in the reader's language; nothing for policy."""
    if version.citation is None:
        return ""
    citation, language = version.citation, get_language()
    return f"{citation.instrument.in_language(language)} {citation.provision.in_language(language)}"


def length_of(version: RuleVersion) -> str:
    """Return how long the clock runs, such as “7 working days”."""
    n = version.value
    if version.unit is Unit.WORKING_DAYS:
        words = ngettext("{n} working day", "{n} working days", n)
    elif version.unit is Unit.CALENDAR_DAYS:
        words = ngettext("{n} day", "{n} days", n)
    elif version.unit is Unit.HOURS:
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
