"""The law as data: every clock's versions, read from TOML, checked, chosen by the day of the trigger.

A version is statutory and cites its article, or it is the operator's own policy and cites none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from microguard.core.errors import Refusal
from microguard.law.reading import Entry, LawDataError, entry_of, tables_of
from microguard.law.wording import Wording

DATA = Path(__file__).parent / "data" / "legislation"
OPERATORS = ("consumer_association", "market_regulator", "mediation_organisation")
WORDED = {"title", "starts_at", "at_lapse"}
EVERYWHERE = {"key", "operators", "basis", "in_force_from", "value", "unit", "source"} | WORDED
SOMETIMES = {"in_force_until", "suspended_by", "alarm_days_before", "extension"}
CITED = {"instrument", "article", "provision"}


class Basis(StrEnum):
    """What a clock rests on."""

    STATUTORY = "statutory"
    POLICY = "policy"


class Unit(StrEnum):
    """What a clock counts."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    HOURS = "hours"
    MONTHS = "months"


class Approval(StrEnum):
    """Whose word an extension needs beside that of the one who asks for it."""

    SUPERVISOR = "supervisor"
    OTHER_PARTY = "other_party"


class UnknownOperator(Refusal):
    """No kind of operator has this name."""

    code = "unknown_operator"


class UnknownRule(Refusal):
    """No clock has this key."""

    code = "unknown_rule"


class NoRuleInForce(Refusal):
    """The clock exists, but not for this operator on this day."""

    code = "no_rule_in_force"


class Citation(NamedTuple):
    """Where a statutory clock stands, its text as quoted, and how the text came to be known."""

    instrument: Wording
    provision: Wording
    article: str
    quotation: str | None


class Extension(NamedTuple):
    """How a clock may be extended: once, to the whole term of another rule that counts from the same day."""

    to: str
    approved_by: Approval


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One clock as it holds for one operator from one day until another (excluded).

    `source` says how the value is known: "V/…" for a text that was read, "policy" for a choice.
    `alarm_days_before` counts calendar days back from the last day of the term.
    """

    key: str
    operator: str
    basis: Basis
    in_force_from: date
    in_force_until: date | None
    value: int
    unit: Unit
    title: Wording
    starts_at: Wording
    at_lapse: Wording
    suspended_by: tuple[str, ...]
    alarm_days_before: tuple[int, ...]
    extension: Extension | None
    citation: Citation | None
    source: str

    @property
    def id(self) -> str:
        """The stable name that a deadline keeps."""
        return f"{self.key}@{self.in_force_from.isoformat()}/{self.operator}"

    @property
    def statutory(self) -> bool:
        """Whether a statute and not the operator sets this clock."""
        return self.basis is Basis.STATUTORY

    @property
    def article(self) -> str | None:
        """The key of the article, such as SAMR-121-23; None for policy."""
        return self.citation.article if self.citation else None

    def holds_on(self, day: date) -> bool:
        """Whether the version is in force on the day."""
        return self.in_force_from <= day and (self.in_force_until is None or day < self.in_force_until)


class Stated(NamedTuple):
    """A rule version as one file states it, its operators, and its place for error sentences."""

    place: str
    operators: tuple[str, ...]
    version: RuleVersion


class Legislation:
    """Every version of every clock, found by key, operator and day."""

    def __init__(self, entries: Iterable[Stated]) -> None:
        """Arrange the versions.

        :raises LawDataError: when two of one operator overlap, or one is extended to what does not hold with it
        """
        stated: dict[tuple[str, str], list[tuple[RuleVersion, str]]] = {}
        for entry in entries:
            for operator in entry.operators:
                version = replace(entry.version, operator=operator)
                stated.setdefault((version.key, operator), []).append((version, entry.place))
        self._versions: dict[tuple[str, str], tuple[RuleVersion, ...]] = {}
        for clock, found in stated.items():
            found.sort(key=lambda item: item[0].in_force_from)
            for (earlier, first), (later, second) in pairwise(found):
                if earlier.holds_on(later.in_force_from):
                    raise LawDataError(f"{second}: overlaps with {first} ({earlier.id}).")
            self._versions[clock] = tuple(version for version, _place in found)
        self.keys = frozenset(key for key, _operator in self._versions)
        self._by_id = {version.id: version for version in self.every_version()}
        for found in stated.values():
            for version, place in found:
                self._check_extension(version, place)

    def _check_extension(self, version: RuleVersion, place: str) -> None:
        """Check that whoever may extend the clock finds a longer term.  :raises LawDataError:"""
        if version.extension is None:
            return
        # A term begins on one day and is extended by the version of that same day, so all days need one.
        longer = [
            other
            for other in self._versions.get((version.extension.to, version.operator), ())
            if other.unit is version.unit and other.value > version.value
        ]
        day: date | None = version.in_force_from
        while day is not None and version.holds_on(day):
            held = next((other for other in longer if other.holds_on(day)), None)
            if held is None:
                raise LawDataError(f"{place}: no longer term “{version.extension.to}” in {version.unit} on {day}.")
            day = held.in_force_until

    def in_force(self, rule: str, operator: str, on: date) -> RuleVersion:
        """Return the version of the clock that holds for the operator on the day.

        :raises UnknownOperator, UnknownRule, NoRuleInForce:
        """
        for version in self._versions.get((rule, operator), ()):
            if version.holds_on(on):
                return version
        if operator not in OPERATORS:
            raise UnknownOperator(_("There is no kind of operator called “{operator}”."), operator=operator)
        if rule not in self.keys:
            raise UnknownRule(_("There is no time limit called “{rule}”."), rule=rule)
        raise NoRuleInForce(
            _("The time limit “{rule}” does not hold for “{operator}” on {on}."),
            rule=rule,
            operator=operator,
            on=on.isoformat(),
        )

    def clocks_of(self, operator: str, on: date) -> tuple[RuleVersion, ...]:
        """Return every clock that holds for the operator on the day, by key.  :raises UnknownOperator:"""
        if operator not in OPERATORS:
            raise UnknownOperator(_("There is no kind of operator called “{operator}”."), operator=operator)
        versions = (version for version in self.every_version() if version.operator == operator)
        return tuple(version for version in versions if version.holds_on(on))

    def version_of(self, rule_version: str) -> RuleVersion | None:
        """Return the version that a deadline names, or None when it is no longer known."""
        return self._by_id.get(rule_version)

    def every_version(self) -> tuple[RuleVersion, ...]:
        """Return all versions, old ones too, by key, operator and day."""
        return tuple(version for clock in sorted(self._versions) for version in self._versions[clock])


def load_legislation(folder: Path = DATA) -> Legislation:
    """Read and check every file of the folder.

    :raises LawDataError: with one sentence that names the file and the entry
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise LawDataError(f"{folder}: there is no legislation here.")
    return Legislation(entry for path in paths for entry in read_entries(path))


def read_entries(path: Path) -> list[Stated]:
    """Return the entries of one file, each checked by itself.  :raises LawDataError:"""
    return [_stated(entry) for entry in tables_of(path, "rule")]


def _stated(entry: Entry) -> Stated:
    """Return the checked entry."""
    statutory = entry.table.get("basis") == Basis.STATUTORY
    cited = CITED if statutory else set()
    entry.check_fields(EVERYWHERE | cited, SOMETIMES | ({"quotation"} if statutory else set()))
    operators = entry.codes("operators", among=OPERATORS)
    if not operators:
        raise entry.wrong("operators names nobody.")
    in_force_from, in_force_until = entry.span()
    version = RuleVersion(
        key=entry.text("key"),
        operator=operators[0],
        basis=Basis(entry.one_of("basis", Basis)),
        in_force_from=in_force_from,
        in_force_until=in_force_until,
        value=entry.positive(entry.table["value"], "value"),
        unit=Unit(entry.one_of("unit", Unit)),
        title=entry.wording("title"),
        starts_at=entry.wording("starts_at"),
        at_lapse=entry.wording("at_lapse"),
        suspended_by=entry.codes("suspended_by"),
        alarm_days_before=tuple(
            entry.positive(day, "alarm_days_before") for day in entry.list("alarm_days_before")
        ),
        extension=_extension(entry),
        citation=_citation(entry) if statutory else None,
        source=_source(entry, statutory),
    )
    return Stated(entry.place, operators, version)


def _extension(entry: Entry) -> Extension | None:
    if "extension" not in entry:
        return None
    extension = entry_of(entry.table["extension"], f"{entry.place}, extension", "extension")
    extension.check_fields({"to", "approved_by"})
    return Extension(extension.text("to"), Approval(extension.one_of("approved_by", Approval)))


def _citation(entry: Entry) -> Citation:
    return Citation(entry.wording("instrument"), entry.wording("provision"), entry.article(), entry.quotation())


def _source(entry: Entry, statutory: bool) -> str:
    """Return the source; a text that nobody has read is never stated as a statute."""
    source = entry.text("source")
    if statutory and not source.startswith("V/"):
        raise entry.wrong("a statutory clock needs a source whose text was read (V/…).")
    return source


@cache
def legislation() -> Legislation:
    """Return the installed legislation, read and checked once.  :raises LawDataError:"""
    return load_legislation()


def in_force(rule: str, operator: str, on: date) -> RuleVersion:
    """Return the version of the installed legislation that holds for the operator on the day.

    :raises UnknownOperator, UnknownRule, NoRuleInForce:
    """
    return legislation().in_force(rule, operator, on)


def version_of(rule_version: str) -> RuleVersion | None:
    """Return the version that a deadline names, or None when it is no longer known."""
    return legislation().version_of(rule_version)
