"""On what a claim rests: whether the rules carry it, only on a condition, or not, and what that turns on."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from microguard.law.circumstances import CIRCUMSTANCES, Numbers, circumstances_of
from microguard.law.decisions import Row, Rulebook, Strength, Table
from microguard.law.instruments import instruments
from microguard.law.rights import Assessment, assess
from microguard.law.tables import DATA, rulebook, tables
from microguard.law.vocabulary import Facts
from microguard.law.wording import Wording
from microguard.law.words import named

HERE = Path(__file__).parent
ENGINE = ("basis.py", "circumstances.py", "rights.py", "tables.py")
ORDER = (Strength.MAIN, Strength.POSSIBLE, Strength.BLOCKED, None)
NO_WORDS = Wording("", "")


class Found(models.TextChoices):
    """What the rules say of a claim, the one that counts least first."""

    UNJUDGED = "UNJUDGED", _("Not judged by the rules")
    FULL = "FULL", _("Has a basis")
    CONDITIONAL = "CONDITIONAL", _("Only under a condition")
    CONFLICTING = "CONFLICTING", _("Another rule stands against it")
    NONE = "NONE", _("No basis found")


FOUND_BY = dict(zip(ORDER, (Found.FULL, Found.CONDITIONAL, Found.CONFLICTING, Found.NONE), strict=True))
WORST = {found: place for place, found in enumerate(Found)}


class Basis(NamedTuple):
    """What was found, in which table, on which question it turned, and the key of the reason in words.

    For a claim that has a basis, question and reason are empty; where nothing is near, so is the rule.
    """

    found: Found
    rule: str = ""
    question: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of case: facts that come to the same circumstances under the same rules are of one kind."""

    circumstances: tuple[str, ...]
    version: str
    facts: Facts = field(compare=False)
    on: date = field(compare=False)


def kind_of(facts: Facts, on: date) -> Kind:
    """Return of which kind the case is under the rules of the day."""
    on = law_day(on)
    numbers = rulebook(on).numbers
    state = circumstances_of(facts, Numbers(numbers["return_days"], numbers["limitation_years"]), on)
    return Kind(tuple(state.values()), version_on(on), facts, on)


@lru_cache(maxsize=10_000)
def assessed(kind: Kind) -> Assessment:
    """Return the assessment of the first case of its kind: a town of cases has few kinds.

    Remedies, answers and rights are those of each; sums and the note about older law may be those of another
    case, so only what depends on the kind may be read from here.
    """
    return assess(kind.facts, kind.on)


@cache
def _first_day() -> date:
    return tables().first_day


def law_day(day: date) -> date:
    """Return the day itself, or the first of which the rules are in the data."""
    return max(day, _first_day())


def basis_of(assessment: Assessment, remedies: Collection[str]) -> Basis:
    """Return what the rules say of a claim to any of these remedies; of none, that they do not judge it."""
    book = rulebook(assessment.rules_as_of)
    state = assessment.state
    concerned = [table for table in book.remedies if table.remedy in remedies]
    if not concerned:
        return Basis(Found.UNJUDGED)
    table = min(concerned, key=lambda table: _rank(table.row_for(state)))
    row = table.row_for(state)
    if row is None:
        near = ((table, _turns_on(table, state, book)) for table in concerned)
        rule, question = next(((table.key, name) for table, name in near if name), ("", ""))
        return Basis(Found.NONE, rule, question)
    if row.then == Strength.MAIN:
        return Basis(Found.FULL, table.key)
    return Basis(FOUND_BY[Strength(row.then)], table.key, _turns_on(table, state, book), row.conditions[0])


def _rank(row: Row | None) -> int:
    return ORDER.index(Strength(row.then) if row else None)


def _turns_on(table: Table, state: Mapping[str, str], book: Rulebook) -> str:
    """Return what, answered otherwise, would alone make the table say more; of several the first."""
    row = table.row_for(state)
    asked = dict.fromkeys((*(row.when if row else ()), *(name for other in table.rows for name in other.when)))
    for name in asked:
        for value in _values(name, book):
            if _rank(table.row_for({**state, name: value})) < _rank(row):
                return _behind(name, value, state, book)
    return ""


def _behind(name: str, value: str, state: Mapping[str, str], book: Rulebook) -> str:
    """Return the question itself, or, where it only sums up other questions, the one that would give the value."""
    question = next((question for question in book.questions if question.key == name), None)
    asked = dict.fromkeys(other for row in question.rows for other in row.when) if question else {}
    if question and not asked.keys() & CIRCUMSTANCES.keys():
        for other in asked:
            for answer in _values(other, book):
                row = question.row_for({**state, other: answer})
                if (row.then if row else question.otherwise) == value:
                    return _behind(other, answer, state, book)
    return name


def _values(name: str, book: Rulebook) -> tuple[str, ...]:
    if name in CIRCUMSTANCES:
        return CIRCUMSTANCES[name].values
    return next(question.values for question in book.questions if question.key == name)


def worst(bases: Mapping[str, Basis]) -> tuple[str, Basis]:
    """Return the claim that stands worst, with its basis; of none, one that is not judged."""
    if not bases:
        return "", Basis(Found.UNJUDGED)
    return max(bases.items(), key=lambda item: WORST[item[1].found])


class Words(NamedTuple):
    """A basis in words: the question, the reason, and the articles that are cited."""

    question: Wording
    reason: Wording
    articles: tuple[Wording, ...]


@cache
def words_of(basis: Basis, on: date) -> Words:
    """Return the basis in words, as the rules of the day call it; what they no longer know is left empty."""
    book = rulebook(law_day(on))
    titles = {question.key: question.title for question in book.questions}
    title = titles.get(basis.question) or (named(basis.question) if basis.question in CIRCUMSTANCES else NO_WORDS)
    cited = dict.fromkeys(_cited(book, basis))
    articles = tuple(instruments().called(article) for article in cited)
    return Words(title, book.texts.get(basis.reason, NO_WORDS), articles)


def _cited(book: Rulebook, basis: Basis) -> Iterator[str]:
    for table in book.remedies:
        if table.key == basis.rule:
            for row in table.rows:
                if not basis.reason or row.conditions[0] == basis.reason:
                    yield from row.basis


@cache
def version_on(day: date) -> str:
    """Return a mark of all that an assessment rests on: it changes with the data and when a rule comes or goes."""
    book = rulebook(day)
    in_force = [(table.key, table.in_force_from.isoformat()) for table in (*book.questions, *book.remedies)]
    return hashlib.sha256(f"{_content()}{in_force}{book.numbers}".encode()).hexdigest()[:12]


@cache
def _content() -> str:
    paths = [*sorted(DATA.glob("*.toml")), *(HERE / name for name in ENGINE)]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()
