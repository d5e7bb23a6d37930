"""The facts of the vocabulary in words: each as a question with its answers, and what else decides."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from microguard.law.reading import Entry, LawDataError, entry_of, read_file
from microguard.law.vocabulary import CHOICES, LISTS, MORE_CHOICES, MORE_LISTS, MORE_SUMS, UNKNOWN
from microguard.law.wording import Wording

DATA = Path(__file__).parent / "data" / "words.toml"
# What a complaint holds in columns of its own is never asked as a fact.
ASKED_ELSEWHERE = frozenset({"channel", "paid_by"})
ANSWERS = {
    key: tuple(value for value in values if value != UNKNOWN)
    for key, values in (CHOICES | LISTS | MORE_CHOICES | MORE_LISTS).items()
    if key not in ASKED_ELSEWHERE
}
NUMBERS = ("days_since_receipt_if_known", "promised_multiple", *MORE_SUMS)


class Words(NamedTuple):
    """Every question with its answers, what beside the facts may decide, and "not known"."""

    questions: dict[str, Wording]
    answers: dict[str, dict[str, Wording]]
    circumstances: dict[str, Wording]
    unknown: Wording


def load_words(path: Path = DATA) -> Words:
    """Read the words of every fact.  :raises LawDataError: when one is missing, unknown or twice"""
    content = read_file(path)
    common = entry_of(content.get("common"), f"{path.name}, common", "common")
    common.check_fields({"yes", "no", UNKNOWN})
    words = Words({}, {}, {}, common.wording(UNKNOWN))
    for number, table in enumerate(content.get("fact", []), start=1):
        entry = entry_of(table, f"{path.name}, fact {number}", "fact")
        entry.check_fields({"key", "question"}, {"answers"})
        key = entry.text("key")
        if key in words.questions or key not in (*ANSWERS, *NUMBERS):
            raise entry.wrong("this fact is unknown or stands there twice.")
        words.questions[key] = entry.wording("question")
        words.answers[key] = _answers(entry, ANSWERS.get(key, ()), common)
    if missing := [key for key in (*ANSWERS, *NUMBERS) if key not in words.questions]:
        raise LawDataError(f"{path.name}: {missing[0]} has no words.")
    for number, table in enumerate(content.get("circumstance", []), start=1):
        entry = entry_of(table, f"{path.name}, circumstance {number}", "circumstance")
        entry.check_fields({"key", "zh", "en"})
        words.circumstances[entry.text("key")] = Wording(entry.text("zh"), entry.text("en"))
    return words


def _answers(entry: Entry, values: tuple[str, ...], common: Entry) -> dict[str, Wording]:
    given = entry.table.get("answers", {})
    own = entry_of(given, f"{entry.place}, answers", "answers")
    if unknown := set(given) - set(values):
        raise entry.wrong(f"{min(unknown)} is no answer.")
    if missing := [value for value in values if value not in own and value not in common]:
        raise entry.wrong(f"the answer {missing[0]} has no words.")
    return {value: (own if value in own else common).wording(value) for value in values}


@cache
def words() -> Words:
    """Return the installed words, read and checked once.  :raises LawDataError:"""
    return load_words()


def question_of(fact: str) -> Wording:
    """Return the fact as a question.  :raises KeyError: for an unknown one"""
    return words().questions[fact]


def answers_to(fact: str) -> dict[str, Wording]:
    """Return the answers that the question can have but "not known"; of a number, none."""
    return words().answers[fact]


def named(decisive: str) -> Wording:
    """Return what a fact or circumstance is called on which a case turned.  :raises KeyError: if unknown"""
    return words().circumstances.get(decisive) or words().questions[decisive]
