"""What a seller is asked before we say which duties are theirs, and conditions on the answers."""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from microguard.law.reading import Entry, LawDataError, entry_of, tables_of
from microguard.law.wording import Wording

DATA = Path(__file__).parent / "data" / "checklist.toml"
MOST_QUESTIONS = 8

Facts = Mapping[str, Collection[str]]  # of each question, by its key, the keys of the answers given


class Choice(NamedTuple):
    """One answer that may be given."""

    key: str
    says: Wording
    hint: Wording | None


class Question(NamedTuple):
    """One question and its short name; `threshold_of` is the duty whose figure stands for {threshold} in it."""

    key: str
    name: Wording
    asks: Wording
    several: bool
    threshold_of: str | None
    choices: tuple[Choice, ...]


class Condition(NamedTuple):
    """What has to be answered: of every question named, one of the answers listed; naming none, it holds."""

    answers: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def facts(self) -> Facts:
        """The answers that meet it, question by question."""
        return dict(self.answers)

    def holds(self, facts: Facts) -> bool:
        """Whether the answers meet the condition; a question left open meets nothing."""
        return all(set(wanted) & set(facts.get(question, ())) for question, wanted in self.answers)


def load_questions(path: Path = DATA) -> tuple[Question, ...]:
    """Read and check the questions.

    :raises LawDataError: with one sentence that names the file and the entry
    """
    found: dict[str, Question] = {}
    for entry in tables_of(path, "question"):
        question = _question(entry)
        if question.key in found:
            raise entry.wrong("this question stands here twice.")
        found[question.key] = question
    if len(found) > MOST_QUESTIONS:
        raise LawDataError(f"{path.name}: nobody is asked more than {MOST_QUESTIONS} questions.")
    return tuple(found.values())


def _question(entry: Entry) -> Question:
    entry.check_fields({"key", "name", "asks", "several", "choices"}, {"threshold_of"})
    if type(entry.table["several"]) is not bool:
        raise entry.wrong("several is neither true nor false.")
    choices = tuple(_choice(table, entry.place) for table in entry.list("choices"))
    if len({choice.key for choice in choices}) != len(choices) or len(choices) < 2:
        raise entry.wrong("choices needs two or more, each with a key of its own.")
    return Question(
        key=entry.text("key"),
        name=entry.wording("name"),
        asks=entry.wording("asks"),
        several=entry.table["several"],
        threshold_of=entry.text("threshold_of") if "threshold_of" in entry else None,
        choices=choices,
    )


def _choice(table: object, place: str) -> Choice:
    entry = entry_of(table, place, "question.choices")
    entry.check_fields({"key", "says"}, {"hint"})
    return Choice(entry.text("key"), entry.wording("says"), entry.wording("hint") if "hint" in entry else None)


@cache
def questions() -> tuple[Question, ...]:
    """Return the installed questions, read and checked once.  :raises LawDataError:"""
    return load_questions()


def told(facts: Facts) -> tuple[tuple[Question, tuple[Choice, ...]], ...]:
    """Return the questions that have an answer, in their order, with the answers given."""
    return tuple(
        (question, tuple(choice for choice in question.choices if choice.key in facts[question.key]))
        for question in questions()
        if question.key in facts
    )


def read_condition(entry: Entry, field: str, asked: Collection[Question]) -> Condition:
    """Return a condition on the answers.  :raises LawDataError: when it names what nobody is asked"""
    table = entry.table[field]
    if not isinstance(table, dict):
        raise entry.wrong(f"{field} is no table of answers.")
    known = {question.key: {choice.key for choice in question.choices} for question in asked}
    if unknown := set(table) - set(known):
        raise entry.wrong(f"{field}: nobody is asked about {', '.join(sorted(unknown))}.")
    answers = entry_of(table, f"{entry.place}, {field}", field)
    for question in table:
        if not answers.codes(question, among=known[question]):
            raise answers.wrong(f"{question} names no answer.")
    return Condition(tuple((question, tuple(wanted)) for question, wanted in table.items()))
