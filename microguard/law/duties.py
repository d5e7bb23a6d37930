"""The installed duty register: read from TOML, checked as a whole when the process starts, asked by day."""

import re
from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path

from microguard.law.checklist import Condition, Facts, Question, questions, read_condition
from microguard.law.decisions import REMEDIES
from microguard.law.reading import Entry, LawDataError, entry_of, tables_of
from microguard.law.register import Basis, Citation, Duty, Kind, Party, Register, Sign, Topic
from microguard.law.wording import Wording

DATA = Path(__file__).parent / "data"
READ = re.compile(r"V/[A-Za-z0-9.§ ]+?( \(date R\))?")
CODE = re.compile(r"[a-z_]+([.:][a-z_]+)*")
EVERYWHERE = {
    *("key", "party", "topic", "basis", "title", "asks", "cure", "shown_by"),
    *("in_force_from", "source"),
}
SOMETIMES = {"in_force_until", "applies_when", "missing_when", "check_when", "threshold_yuan", "claims"}
CITED = {"instrument", "provision", "article"}
NEEDED = {Basis.STATUTORY: EVERYWHERE | CITED, Basis.HINT: EVERYWHERE, Basis.POLICY: EVERYWHERE}
ALLOWED = {Basis.STATUTORY: SOMETIMES | {"quotation"}, Basis.HINT: SOMETIMES | CITED, Basis.POLICY: SOMETIMES}


def load_register(folder: Path = DATA) -> Register:
    """Read and check the parties, the topics and every party's file.

    :raises LawDataError: with one sentence that names the file and the entry
    """
    parties = [_party(entry) for entry in tables_of(folder / "parties.toml", "party")]
    topics = [_topic(entry) for entry in tables_of(folder / "topics.toml", "topic")]
    paths = sorted((folder / "duties").glob("*.toml"))
    named = {party.key for party in parties}
    if difference := {path.stem for path in paths} ^ named:
        raise LawDataError(f"duties: {', '.join(sorted(difference))} is a party or a file, but not both.")
    known, asked = {topic.key for topic in topics}, questions()
    register = Register(
        (pair for path in paths for pair in read_duties(path, topics=known, asked=asked)), parties, topics
    )
    _check_figures(register, asked)
    return register


def _party(entry: Entry) -> Party:
    entry.check_fields({"key", "name", "who"})
    return Party(entry.text("key"), entry.wording("name"), entry.wording("who"))


def _topic(entry: Entry) -> Topic:
    entry.check_fields({"key", "title"})
    return Topic(entry.text("key"), entry.wording("title"))


def _check_figures(register: Register, asked: Collection[Question]) -> None:
    with_figure = {duty.key for duty in register.every_version() if duty.threshold_yuan is not None}
    for question in asked:
        if question.threshold_of is not None and question.threshold_of not in with_figure:
            raise LawDataError(f"checklist.toml: {question.key} asks by a figure of {question.threshold_of}.")


def read_duties(path: Path, *, topics: Collection[str], asked: Collection[Question]) -> list[tuple[str, Duty]]:
    """Return the duties of one party's file with their places, each checked by itself.  :raises LawDataError:"""
    return [(entry.place, _duty(entry, path.stem, topics, asked)) for entry in tables_of(path, "duty")]


def _duty(entry: Entry, party: str, topics: Collection[str], asked: Collection[Question]) -> Duty:
    """Return the checked entry."""
    if "basis" not in entry:
        raise entry.wrong("basis is missing.")
    basis = Basis(entry.one_of("basis", Basis))
    entry.check_fields(NEEDED[basis], ALLOWED[basis])
    if entry.table["party"] != party:
        raise entry.wrong(f"party is {entry.table['party']!r}; this file holds the duties of {party}.")
    if not entry.text("key").startswith(f"{party}."):
        raise entry.wrong(f"key does not begin with {party} and a full stop.")
    if (topic := entry.text("topic")) not in topics:
        raise entry.wrong(f"topic is {topic!r}; it is one of {', '.join(sorted(topics))}.")
    figure = entry.positive(entry.table["threshold_yuan"], "threshold_yuan") if "threshold_yuan" in entry else None
    in_force_from, in_force_until = entry.span()
    return Duty(
        key=entry.text("key"),
        party=party,
        topic=topic,
        basis=basis,
        title=entry.wording("title"),
        asks=with_figure(entry.wording("asks"), figure),
        cure=with_figure(entry.wording("cure"), figure),
        citation=_citation(entry),
        in_force_from=in_force_from,
        in_force_until=in_force_until,
        source=_source(entry, basis),
        applies_when=_condition(entry, "applies_when", asked) or Condition(),
        missing_when=_condition(entry, "missing_when", asked),
        check_when=_condition(entry, "check_when", asked),
        threshold_yuan=figure,
        shown_by=_sign(entry),
        claims=entry.codes("claims", among=REMEDIES),
    )


def with_figure(wording: Wording, yuan: int | None) -> Wording:
    """Return the text with the figure in the place of {threshold}."""
    return wording if yuan is None else Wording(*(text.replace("{threshold}", f"{yuan:,}") for text in wording))


def _citation(entry: Entry) -> Citation:
    return Citation(
        instrument=entry.wording("instrument") if "instrument" in entry else None,
        provision=entry.wording("provision") if "provision" in entry else None,
        article=entry.article() if "article" in entry else None,
        quotation=entry.quotation(),
    )


def _source(entry: Entry, basis: Basis) -> str:
    """Return the source; a text that nobody has read is never stated as a statute."""
    source = entry.text("source")
    if basis is Basis.STATUTORY and not READ.fullmatch(source):
        raise entry.wrong("a statutory duty needs a source whose text was read (V/…).")
    return source


def _condition(entry: Entry, field: str, asked: Collection[Question]) -> Condition | None:
    return read_condition(entry, field, asked) if field in entry else None


def _sign(entry: Entry) -> Sign:
    """Return what shows the duty; whether its code exists is known above the ground floor: a test looks."""
    sign = entry_of(entry.table["shown_by"], f"{entry.place}, shown_by", "duty.shown_by")
    if "kind" not in sign:
        raise sign.wrong("kind is missing.")
    kind = Kind(sign.one_of("kind", Kind))
    sign.check_fields({"kind", "zh", "en"} | (set() if kind is Kind.EXTERNAL else {"code"}))
    code = None if kind is Kind.EXTERNAL else sign.text("code")
    if code is not None and not CODE.fullmatch(code):
        raise sign.wrong(f"code is {code!r}, no name of an event, a clock or a page.")
    return Sign(kind, code, Wording(sign.text("zh"), sign.text("en")))


@cache
def register() -> Register:
    """Return the installed register, read and checked once.  :raises LawDataError:"""
    return load_register()


def duties_of(party: str, on: date) -> tuple[Duty, ...]:
    """Return the party's duties in force on the day, topic by topic.  :raises UnknownParty:"""
    return register().duties_of(party, on)


def duties_behind(claim: str, on: date) -> tuple[Duty, ...]:
    """Return the duties in force on the day on whose breach the claim rests.  :raises UnknownClaim:"""
    return register().duties_behind(claim, on)


def applying(facts: Facts, on: date) -> tuple[Duty, ...]:
    """Return the duties of who sells that apply to these answers on the day, the most pressing first."""
    return register().applying(facts, on)
