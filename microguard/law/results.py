"""What the answers come to, as one reader sees it: claims, proof, a message to the seller, limits, ways, basis.

Pure: from the answers, the assessment and the language. It says "may claim"; what is in doubt is a condition.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from microguard.core.money import yuan
from microguard.law.decisions import Strength
from microguard.law.duties import duties_behind
from microguard.law.explorer import Answered
from microguard.law.instruments import instruments
from microguard.law.rights import WAYS, Assessment, Remedy
from microguard.law.tables import rulebook, tables
from microguard.law.titles import right_title, title_of
from microguard.law.tree import Ask, installed
from microguard.law.wording import Wording

MOST_SHOWN_FIRST = 4
NOT_CLAIMED = WAYS | {"note_rule_version"}
GONE = frozenset({"blocked", "disappeared"})
MULTIPLES = {
    "punitive_3x": ("fraud_multiple", "fraud_least_fen"),
    "punitive_10x": ("food_multiple", "food_least_fen"),
}
LIMITS = ("return_days", "limitation_years")


class Least(NamedTuple):
    """The least that a multiple comes to by law, and what the multiple of the price alone would be, if known."""

    least_fen: int
    multiple_fen: int | None


class Claim(NamedTuple):
    """Something that may be claimed, in the reader's language."""

    remedy: str
    text: str
    amount_fen: int | None
    least: Least | None
    conditions: tuple[str, ...]
    burden: str
    duty: "Owed | None"


class Owed(NamedTuple):
    """The duty on whose breach a claim rests, and its place in the register."""

    text: str
    url: str


class Sums(NamedTuple):
    """The price and the multiple on top, together."""

    text: str
    price_fen: int
    multiple_fen: int

    @property
    def total_fen(self) -> int:
        """Both together."""
        return self.price_fen + self.multiple_fen


class Way(NamedTuple):
    """A way to go, or what is not open, with conditions or reasons in words."""

    remedy: str
    text: str
    conditions: tuple[str, ...]


class Basis(NamedTuple):
    """One article that claims rest on; `was_read` is false where its text is only known from others."""

    text: str
    since: date
    was_read: bool


class Limit(NamedTuple):
    """One length of the law that binds the reader, with its article."""

    key: str
    value: int
    basis: str


@dataclass(frozen=True, slots=True)
class Result:
    """All that the page of a result tells."""

    first: tuple[Claim, ...]
    others: tuple[Claim, ...]
    blocked: tuple[Way, ...]
    ways: tuple[Way, ...]
    evidence: tuple[str, ...]
    keeping: tuple[str, ...]
    warnings: tuple[str, ...]
    limits: tuple[Limit, ...]
    basis: tuple[Basis, ...]
    reasons: tuple[str, ...]
    rights: tuple[str, ...]
    sums: Sums | None
    is_certain: bool
    police_first: bool
    can_write: bool
    rules_as_of: date


def result_of(assessment: Assessment, language: str | None) -> Result:
    """Return the assessment as a page tells it, in the language."""
    claimed = [remedy for remedy in assessment.remedies if _is_claimed(remedy)]
    first = _first(assessment)
    others = [remedy for remedy in claimed if remedy not in first]
    gone = assessment.facts.contact in GONE
    return Result(
        first=tuple(_claim(remedy, assessment, language) for remedy in first),
        others=tuple(_claim(remedy, assessment, language) for remedy in others),
        blocked=tuple(_ways(assessment.blocked, language)),
        ways=tuple(_ways(_of(assessment, WAYS - {"preserve_evidence"}), language)),
        evidence=_told(assessment.evidence, language),
        keeping=_told(_conditions(_of(assessment, frozenset({"preserve_evidence"}))), language),
        warnings=_told(assessment.warnings, language),
        limits=tuple(_limits(assessment, language)),
        basis=tuple(_basis(claimed, language)),
        reasons=_told((answer.because for answer in assessment.answers if answer.because), language),
        rights=tuple(
            f"{right_title(one.right).in_language(language)}：{one.because.in_language(language)}"
            for one in assessment.rights
        ),
        sums=_sums(first, language),
        is_certain=any(remedy.strength is Strength.MAIN for remedy in claimed),
        police_first=gone and assessment.shows("criminal_report"),
        can_write=not gone,
        rules_as_of=assessment.rules_as_of,
    )


def message_of(steps: Iterable[Answered], assessment: Assessment, language: str | None) -> str:
    """Return a message that the buyer may send to the seller, with gaps for what only the buyer knows."""
    message = installed().message
    paid = assessment.facts.price_fen
    first = _first(assessment)
    # Of what is open on conditions only the nearest is asked for, and never a multiple of the price.
    certain = [remedy for remedy in first if remedy.strength is Strength.MAIN] or first[:1]
    asked = [
        (ask.text, remedy.amount_fen)
        for remedy in certain
        if (ask := _ask_of(remedy)) and (remedy.strength is Strength.MAIN or ask.group != "multiple")
    ]
    lines = [
        message.opening.in_language(language).format(
            paid=yuan(paid) if paid else message.amount.in_language(language)
        ),
        *(step.choice.says.in_language(language) for step in steps if step.choice.says),
    ]
    if asked:
        lines.append(message.asking.in_language(language))
        lines += [
            f"{number}. {text.in_language(language)}{f' {yuan(fen)}' if fen else ''}"
            for number, (text, fen) in enumerate(asked, start=1)
        ]
    on = assessment.rules_as_of
    day = Wording(f"{on.year}年{on.month}月{on.day}日", on.isoformat())
    return "\n".join([*lines, message.closing.in_language(language), day.in_language(language)])


def _ask_of(remedy: Remedy) -> Ask | None:
    return installed().asks.get(remedy.key) or installed().asks.get(remedy.remedy)


def _is_claimed(remedy: Remedy) -> bool:
    """Whether it is claimed from somebody; the others are ways to go, or a note."""
    return remedy.remedy not in NOT_CLAIMED or remedy.key in installed().asks


def _first(assessment: Assessment) -> list[Remedy]:
    """Return what is shown first: what is open as it stands, else what is open on conditions.

    Of remedies that are asked for in place of each other only the one that fits best comes first.
    """
    claimed = [remedy for remedy in assessment.remedies if _is_claimed(remedy)]
    open_now = [remedy for remedy in claimed if remedy.strength is Strength.MAIN]
    fitting = open_now or [remedy for remedy in claimed if _fits(remedy, assessment)]
    order = [ask.text for ask in installed().asks.values()]
    place = {remedy.key: order.index(ask.text) if (ask := _ask_of(remedy)) else len(order) for remedy in fitting}
    first: dict[str, Remedy] = {}
    for remedy in sorted(fitting, key=lambda one: place[one.key]):
        ask = _ask_of(remedy)
        first.setdefault(ask.group if ask else remedy.key, remedy)
    return list(first.values())[:MOST_SHOWN_FIRST]


def _fits(remedy: Remedy, assessment: Assessment) -> bool:
    """Whether a remedy on conditions is what this reader is after, and not only open besides."""
    if remedy.remedy == "return_no_reason":
        return "refuse_return" in assessment.facts.problem
    return remedy.remedy != "deposit_double"


def _claim(remedy: Remedy, assessment: Assessment, language: str | None) -> Claim:
    ask = _ask_of(remedy)
    return Claim(
        remedy.remedy,
        (ask.text if ask else title_of(remedy.remedy)).in_language(language),
        remedy.amount_fen,
        _least(remedy, assessment),
        _told(remedy.conditions, language),
        remedy.burden.in_language(language) if remedy.burden else "",
        _owed(remedy, assessment.rules_as_of, language),
    )


def _owed(remedy: Remedy, on: date, language: str | None) -> Owed | None:
    """Return the duty behind the claim: one of an article that the claim cites, before others."""
    cited = {article for key in remedy.basis for article in (key, key.rpartition("-")[0])}
    behind = sorted(duties_behind(remedy.remedy, on), key=lambda duty: duty.citation.article not in cited)
    return Owed(behind[0].title.in_language(language), behind[0].url) if behind else None


def _least(remedy: Remedy, assessment: Assessment) -> Least | None:
    """Return the legal minimum of a multiple, where it is more than the multiple or the price is not known."""
    if remedy.remedy not in MULTIPLES:
        return None
    numbers, price = rulebook(assessment.rules_as_of).numbers, assessment.facts.price_fen
    multiple, least = (numbers[name] for name in MULTIPLES[remedy.remedy])
    if price is None:
        return Least(least, None)
    return Least(least, price * multiple) if price * multiple < least else None


def _sums(first: list[Remedy], language: str | None) -> Sums | None:
    """Return "the price back and a multiple on top", where both are open as they stand and known."""
    certain = [(ask.group, one) for one in first if (ask := _ask_of(one)) and one.strength is Strength.MAIN]
    groups = dict(certain)
    back, multiple = groups.get("money_back"), groups.get("multiple")
    if not back or not multiple or not back.amount_fen or not multiple.amount_fen:
        return None
    return Sums(title_of(multiple.remedy).in_language(language), back.amount_fen, multiple.amount_fen)


def _of(assessment: Assessment, remedies: frozenset[str]) -> list[Remedy]:
    return [remedy for remedy in assessment.remedies if remedy.remedy in remedies]


def _ways(remedies: Iterable[Remedy], language: str | None) -> Iterator[Way]:
    """Each way once, with all its conditions: one remedy may come from several tables."""
    together: dict[str, list[Remedy]] = {}
    for remedy in remedies:
        together.setdefault(remedy.remedy, []).append(remedy)
    for name, same in together.items():
        yield Way(name, title_of(name).in_language(language), _told(_conditions(same), language))


def _conditions(remedies: Iterable[Remedy]) -> Iterator[Wording]:
    for remedy in remedies:
        yield from remedy.conditions


def _told(texts: Iterable[Wording], language: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.in_language(language) for text in texts))


def _basis(claimed: Iterable[Remedy], language: str | None) -> Iterator[Basis]:
    for article in dict.fromkeys(article for remedy in claimed for article in remedy.basis):
        instrument = instruments().instrument_of(article)
        citation = instruments().called(article).in_language(language)
        yield Basis(citation, instrument.in_force_from, instruments().was_read(article))


def _limits(assessment: Assessment, language: str | None) -> Iterator[Limit]:
    """The lengths that bind the buyer; the days of a return only where a return is open or was too late."""
    about_return = assessment.shows("return_no_reason") or any(
        remedy.remedy == "return_no_reason" and assessment.state["window"] == "after"
        for remedy in assessment.blocked
    )
    for number in tables().numbers:
        holds = number.in_force_from <= assessment.rules_as_of and (
            number.in_force_until is None or assessment.rules_as_of < number.in_force_until
        )
        if holds and number.key in LIMITS and (about_return or number.key != "return_days"):
            yield Limit(number.key, number.value, instruments().called(number.article).in_language(language))
