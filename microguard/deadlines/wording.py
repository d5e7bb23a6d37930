"""Rules in the reader's language: what a clock is called, how long it runs, on what it rests."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from microguard.deadlines.legislation import RuleVersion, Unit, legislation, version_of

# In the order in which a case meets them, by the first word of the key; others follow.
COURSE_OF_A_CASE = (
    *("safety", "first", "complaint", "respondent", "platform", "negotiation", "mediation", "mediator"),
    *("proposal", "settlement", "termination", "judicial_confirmation", "case", "clue"),
)

# What stops a clock, by its code in the legislation.
SUSPENDING = {"appraisal": _("a test or an appraisal")}
# As the notices call them.
HOLIDAYS = {
    "元旦": _("New Year"),
    "春节": _("Spring Festival"),
    "清明节": _("Tomb-Sweeping Day"),
    "劳动节": _("Labour Day"),
    "端午节": _("Dragon Boat Festival"),
    "中秋节": _("Mid-Autumn Festival"),
    "国庆节": _("National Day"),
}


def title_of(rule_version: str) -> str:
    """Return the title of a rule version in the reader's language; its own name when it is no longer known."""
    version = version_of(rule_version)
    return version.title.in_language(get_language()) if version else rule_version.partition("@")[0]


def reason_in_words(code: str) -> str | Promise:
    """Return why a clock may stand still, in words."""
    return {"appraisal": _("An appraisal or test of the goods is being made")}[code]


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
class VersionLine:
    """One version of a rule over time; `until` is its last day, None while no end is known."""

    since: date
    until: date | None
    length: str
    provision: str
    is_told: bool


@dataclass(frozen=True)
class RuleLine:
    """One rule as the public reads it; `provision` and `quotation` are empty where the rule is our own policy."""

    key: str
    title: str
    length: str
    starts_at: str
    provision: str
    quotation: str
    source: str
    suspended_by: str
    at_lapse: str
    in_force_from: date
    id: str
    versions: list[VersionLine]


def rule_line(version: RuleVersion) -> RuleLine:
    """Return a rule version in the reader's language, with those before and after it."""
    language, citation = get_language(), version.citation
    clock = (version.key, version.operator)
    every = [other for other in legislation().every_version() if (other.key, other.operator) == clock]
    return RuleLine(
        key=version.key,
        title=version.title.in_language(language),
        length=length_of(version),
        starts_at=version.starts_at.in_language(language),
        provision=provision_of(version),
        quotation=citation.quotation or "" if citation else "",
        source=_source(version),
        suspended_by=suspended_by(version),
        at_lapse=version.at_lapse.in_language(language),
        in_force_from=version.in_force_from,
        id=version.id,
        versions=[_version_line(other, version) for other in every],
    )


def _version_line(version: RuleVersion, told: RuleVersion) -> VersionLine:
    until = version.in_force_until - timedelta(days=1) if version.in_force_until else None
    return VersionLine(
        version.in_force_from, until, length_of(version), provision_of(version), is_told=version is told
    )


def _source(version: RuleVersion) -> str:
    """Return how the rule came to be known: a text that was read, or our own choice and what it follows."""
    if version.statutory:
        return gettext("law whose text we have read")
    model = version.source.removeprefix("policy").strip(" ()")
    return gettext("our own rule, after {model}").format(model=model) if model else gettext("our own rule")


def suspended_by(version: RuleVersion) -> str:
    """Return what may suspend the clock; nothing where nothing may."""
    return gettext(", ").join(str(SUSPENDING.get(code, code)) for code in version.suspended_by)


def holiday_name(holiday: str) -> str:
    """Return what a notice calls a holiday, or several that fall together, in the reader's language."""
    names = [str(HOLIDAYS.get(name, name)) for name in holiday.split("、")]
    return gettext(", ").join(names)


def rule_lines(operator: str, on: date) -> list[RuleLine]:
    """Return every rule in force for the operator on the day, in the order of a case.

    :raises microguard.deadlines.legislation.UnknownOperator:
    """
    return [rule_line(version) for version in sorted(legislation().clocks_of(operator, on), key=_place)]


def _place(version: RuleVersion) -> int:
    noun = version.key.partition(".")[0]
    return COURSE_OF_A_CASE.index(noun) if noun in COURSE_OF_A_CASE else len(COURSE_OF_A_CASE)
