"""The law as data: every clock's versions, read from TOML, checked, chosen by the day of the trigger.

A version is statutory and cites its article, or it is the operator's own policy and cites none.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from microguard.core.errors import Refusal

DATA = Path(__file__).parent / "data" / "legislation"
OPERATORS = ("consumer_association", "market_regulator", "mediation_organisation")
ARTICLE = re.compile(r"[A-Z]+(-[0-9A-Z]+)*-[0-9]+")
LONGEST_QUOTATION = 30
WORDED = {"title", "starts_at", "at_lapse"}
EVERYWHERE = {"key", "operators", "basis", "in_force_from", "value", "unit", "source"} | WORDED
SOMETIMES = {"in_force_until", "suspended_by", "alarm_days_before"}
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


class LegislationError(ValueError):
    """The data cannot be used; the sentence names the file and the entry."""


class UnknownOperator(Refusal):
    """No kind of operator has this name."""

    code = "unknown_operator"


class UnknownRule(Refusal):
    """No clock has this key."""

    code = "unknown_rule"


class NoRuleInForce(Refusal):
    """The clock exists, but not for this operator on this day."""

    code = "no_rule_in_force"


class Wording(NamedTuple):
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, code: str | None) -> str:
        """Return the text for a Django language code; Chinese unless English is asked for."""
        return self.en if (code or "").startswith("en") else self.zh


class Citation(NamedTuple):
    """Where a statutory clock stands, its text as quoted, and how the text came to be known."""

    instrument: Wording
    provision: Wording
    article: str
    quotation: str | None


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


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule version as one file states it, its operators, and its place for error sentences."""

    place: str
    operators: tuple[str, ...]
    version: RuleVersion


class Legislation:
    """Every version of every clock, found by key, operator and day."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Arrange the versions.  :raises LegislationError: when two of one operator overlap"""
        stated: dict[tuple[str, str], list[tuple[RuleVersion, str]]] = {}
        for entry in entries:
            for operator in entry.operators:
                version = replace(entry.version, operator=operator)
                stated.setdefault((version.key, operator), []).append((version, entry.place))
        self._versions: dict[tuple[str, str], tuple[RuleVersion, ...]] = {}
        for clock, found in stated.items():
            found.sort(key=lambda item: item[0].in_force_from)
            for (earlier, _place), (later, place) in pairwise(found):
                if earlier.holds_on(later.in_force_from):
                    raise LegislationError(f"{place}: overlaps with {earlier.id}.")
            self._versions[clock] = tuple(version for version, _place in found)
        self.keys = frozenset(key for key, _operator in self._versions)

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

    def every_version(self) -> tuple[RuleVersion, ...]:
        """Return all versions, old ones too, by key, operator and day."""
        return tuple(version for clock in sorted(self._versions) for version in self._versions[clock])


def load_legislation(folder: Path = DATA) -> Legislation:
    """Read and check every file of the folder.

    :raises LegislationError: with one sentence that names the file and the entry
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise LegislationError(f"{folder}: there is no legislation here.")
    return Legislation(entry for path in paths for entry in read_entries(path))


def read_entries(path: Path) -> list[Entry]:
    """Return the entries of one file, each checked by itself.  :raises LegislationError:"""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LegislationError(f"{path.name}: this is not TOML ({error}).") from error
    tables = content.get("rule")
    if set(content) != {"rule"} or not isinstance(tables, list) or not tables:
        raise LegislationError(f"{path.name}: a file of legislation holds [[rule]] entries and nothing else.")
    entries = []
    for number, table in enumerate(tables, start=1):
        place = f"{path.name}, entry {number}"
        if not isinstance(table, dict):
            raise LegislationError(f"{place}: this is no [[rule]] entry.")
        if isinstance(table.get("key"), str):
            place = f"{place} ({table['key']})"
        entries.append(_EntryReader(table, place).entry())
    return entries


class _EntryReader:
    """Reads the fields of one entry, and names the entry in whatever is wrong with it."""

    def __init__(self, table: dict[str, Any], place: str) -> None:
        self.table = table
        self.place = place

    def entry(self) -> Entry:
        """Return the checked entry."""
        self._check_fields()
        operators = self._codes("operators", among=OPERATORS)
        if not operators:
            raise self._wrong("operators names nobody.")
        statutory = self._one_of("basis", Basis) is Basis.STATUTORY
        version = RuleVersion(
            key=self._text("key"),
            operator=operators[0],
            basis=Basis(self.table["basis"]),
            in_force_from=self._day("in_force_from"),
            in_force_until=self._day("in_force_until") if "in_force_until" in self.table else None,
            value=self._positive(self.table["value"], "value"),
            unit=Unit(self._one_of("unit", Unit)),
            title=self._wording("title"),
            starts_at=self._wording("starts_at"),
            at_lapse=self._wording("at_lapse"),
            suspended_by=self._codes("suspended_by"),
            alarm_days_before=self._alarms(),
            citation=self._citation() if statutory else None,
            source=self._source(statutory),
        )
        if version.in_force_until is not None and version.in_force_until <= version.in_force_from:
            raise self._wrong("in_force_until is not after in_force_from.")
        return Entry(self.place, operators, version)

    def _wrong(self, sentence: str) -> LegislationError:
        return LegislationError(f"{self.place}: {sentence}")

    def _check_fields(self) -> None:
        """Refuse a missing or unknown field, and an article where nothing statutory is claimed."""
        given = set(self.table)
        missing = EVERYWHERE - given
        if self.table.get("basis") == Basis.STATUTORY:
            missing |= CITED - given
            unknown = given - EVERYWHERE - SOMETIMES - CITED - {"quotation"}
        else:
            unknown = given - EVERYWHERE - SOMETIMES
        if missing:
            raise self._wrong(f"{', '.join(sorted(missing))} is missing.")
        if unknown:
            raise self._wrong(f"{', '.join(sorted(unknown))} cannot stand here.")

    def _text(self, field: str) -> str:
        value = self.table[field]
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(f"{field} is not a text.")
        return value

    def _wording(self, field: str) -> Wording:
        value = self.table[field]
        if not isinstance(value, dict) or set(value) != {"zh", "en"}:
            raise self._wrong(f"{field} needs its zh and its en wording.")
        if not all(isinstance(text, str) and text.strip() for text in value.values()):
            raise self._wrong(f"{field} has an empty wording.")
        return Wording(value["zh"], value["en"])

    def _day(self, field: str) -> date:
        value = self.table[field]
        if type(value) is not date:
            raise self._wrong(f"{field} is {value!r}, not a day such as 2026-04-15.")
        return value

    def _positive(self, value: Any, field: str) -> int:
        if type(value) is not int or value <= 0:
            raise self._wrong(f"{field} is {value!r}, not a whole number above zero.")
        return value

    def _alarms(self) -> tuple[int, ...]:
        days = self._list("alarm_days_before")
        return tuple(self._positive(day, "alarm_days_before") for day in days)

    def _one_of(self, field: str, kind: type[StrEnum]) -> StrEnum:
        value = self.table[field]
        if value not in list(kind):
            raise self._wrong(f"{field} is {value!r}; it is one of {', '.join(kind)}.")
        return kind(value)

    def _list(self, field: str) -> list[Any]:
        value = self.table.get(field, [])
        if not isinstance(value, list):
            raise self._wrong(f"{field} is not a list.")
        return value

    def _codes(self, field: str, among: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of distinct names, from the given ones where they are limited."""
        codes = self._list(field)
        for code in codes:
            if not isinstance(code, str) or (among and code not in among) or codes.count(code) > 1:
                raise self._wrong(f"{field} holds {code!r}, which is unknown or stands there twice.")
        return tuple(codes)

    def _citation(self) -> Citation:
        article = self._text("article")
        if not ARTICLE.fullmatch(article):
            raise self._wrong(f"article is {article!r}, not a key such as SAMR-121-23.")
        quotation = self._text("quotation") if "quotation" in self.table else None
        if quotation and len(quotation) > LONGEST_QUOTATION:
            raise self._wrong(f"quotation is longer than {LONGEST_QUOTATION} characters.")
        return Citation(self._wording("instrument"), self._wording("provision"), article, quotation)

    def _source(self, statutory: bool) -> str:
        """Return the source; a text that nobody has read is never stated as a statute."""
        source = self._text("source")
        if statutory and not source.startswith("V/"):
            raise self._wrong("a statutory clock needs a source whose text was read (V/…).")
        return source


@cache
def legislation() -> Legislation:
    """Return the installed legislation, read and checked once.  :raises LegislationError:"""
    return load_legislation()


def in_force(rule: str, operator: str, on: date) -> RuleVersion:
    """Return the version of the installed legislation that holds for the operator on the day.

    :raises UnknownOperator, UnknownRule, NoRuleInForce:
    """
    return legislation().in_force(rule, operator, on)
