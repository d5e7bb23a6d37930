"""What a buyer may claim, from facts and decision tables: a pure function of both and of a day.

It says "may claim", never that anybody is liable: what is in doubt becomes a condition in words. The law is that
of the day asked for, never that of the facts; a remedy whose rule is younger than the purchase says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from microguard.core.errors import Refusal
from microguard.law.circumstances import Numbers, circumstances_of
from microguard.law.decisions import RIGHTS, Amount, Note, NoteKind, Rulebook, Strength, Table
from microguard.law.tables import rulebook, tables
from microguard.law.vocabulary import Facts
from microguard.law.wording import Wording

# Ways to go are those of the day on which somebody goes them, not of the day of the purchase.
WAYS = frozenset(
    {"preserve_evidence", "identify_seller", "mediation", "court_claim", "report_12315", "criminal_report"}
)


class LawNotLoaded(Refusal):
    """The rules of so early a day are not in the data."""

    code = "law_not_loaded"


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that may be claimed, or that is not open. Sums in fen; None where no sum can be told."""

    key: str
    remedy: str
    strength: Strength
    amount_fen: int | None
    basis: tuple[str, ...]
    conditions: tuple[Wording, ...]
    burden: Wording | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question that had to be decided on the way, with its reason."""

    question: str
    title: Wording
    value: str
    because: Wording | None


@dataclass(frozen=True, slots=True)
class InfringedRight:
    """A right of a consumer that the facts allege to be infringed, with the reason."""

    right: str
    because: Wording


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that is told about one dispute. `state` holds every circumstance and answer, by name."""

    facts: Facts
    remedies: tuple[Remedy, ...]
    blocked: tuple[Remedy, ...]
    answers: tuple[Answer, ...]
    rights: tuple[InfringedRight, ...]
    evidence: tuple[Wording, ...]
    warnings: tuple[Wording, ...]
    state: Mapping[str, str]
    rules_as_of: date

    def shows(self, remedy: str) -> bool:
        """Whether the remedy is shown, first or with its condition."""
        return any(shown.remedy == remedy for shown in self.remedies)


def assess(facts: Facts, on: date) -> Assessment:
    """Return what may be claimed on these facts under the rules in force on the day.

    :raises LawNotLoaded: for a day before the first of the data
    """
    first_day = tables().first_day
    if on < first_day:
        raise LawNotLoaded(_("Rules from before {day} are not in the data."), day=first_day.isoformat())
    book = rulebook(on)
    numbers = Numbers(book.numbers["return_days"], book.numbers["limitation_years"])
    state = circumstances_of(facts, numbers, on)
    answers = tuple(_answers(book, state))
    shown = sorted(_remedies(book, state, facts), key=lambda remedy: remedy.strength is not Strength.MAIN)
    remedies = [remedy for remedy in shown if remedy.strength is not Strength.BLOCKED]
    older = _older_law(book, remedies, facts)
    notes = [note for note in book.notes if note.kind is not NoteKind.CAVEAT and note.holds(state)]
    return Assessment(
        facts=facts,
        remedies=(*remedies, *older),
        blocked=tuple(remedy for remedy in shown if remedy.strength is Strength.BLOCKED),
        answers=tuple(answer for answer in answers if not answer.question.startswith("right.")),
        rights=_infringed(answers),
        evidence=_texts(book, NoteKind.EVIDENCE, notes),
        warnings=_texts(book, NoteKind.WARNING, notes),
        state=state,
        rules_as_of=on,
    )


def _answers(book: Rulebook, state: dict[str, str]) -> Iterator[Answer]:
    """Answer the questions in their order, and add each answer to what is known."""
    for question in book.questions:
        row = question.row_for(state)
        state[question.key] = row.then if row else question.otherwise
        yield Answer(question.key, question.title, state[question.key], row.because if row else None)


def _infringed(answers: tuple[Answer, ...]) -> tuple[InfringedRight, ...]:
    found = {answer.question: answer.because for answer in answers if answer.value == "yes"}
    reasons = ((right, found.get(f"right.{right}")) for right in RIGHTS)
    return tuple(InfringedRight(right, because) for right, because in reasons if because)


def _remedies(book: Rulebook, state: Mapping[str, str], facts: Facts) -> Iterator[Remedy]:
    """Return every remedy whose table has a row for these facts, with the conditions that doubts add."""
    caveats = [note for note in book.notes if note.kind is NoteKind.CAVEAT and note.holds(state)]
    for table in book.remedies:
        row = table.row_for(state)
        if row is None:
            continue
        strength = Strength(row.then)
        added = [
            note.text for note in caveats if table.remedy in note.remedies and strength is not Strength.BLOCKED
        ]
        conditions = dict.fromkeys((*row.conditions, *added))
        yield Remedy(
            table.key,
            table.remedy,
            strength,
            None if strength is Strength.BLOCKED else amount_of(table.amount, facts, book.numbers),
            row.basis,
            tuple(book.texts[text] for text in conditions),
            book.texts[row.burden] if row.burden else None,
        )


def amount_of(amount: Amount, facts: Facts, numbers: Mapping[str, int]) -> int | None:
    """Return in fen what the remedy adds; None when a sum that it needs is not known.

    What was paid back is taken off the price first, and what exceeds it off a multiple (Civil Code art. 568).
    """
    price, loss, refunded = facts.price_fen, facts.other_loss_fen, facts.refunded_fen or 0
    if amount is Amount.PENALTY:
        return facts.agreed_penalty_fen
    if amount is Amount.LOSS:
        return loss
    if amount is Amount.DOUBLE_LOSS:
        return loss * numbers["harm_multiple"] if loss else None
    if amount is Amount.NONE or price is None:
        return None
    if amount in (Amount.PRICE, Amount.DEPOSIT):
        return max(price - refunded, 0)
    if amount is Amount.DOUBLE_DEPOSIT:
        return price * numbers["earnest_multiple"]
    return max(_multiple(amount, facts, price, numbers) - max(refunded - price, 0), 0)


def _multiple(amount: Amount, facts: Facts, price: int, numbers: Mapping[str, int]) -> int:
    if amount is Amount.FRAUD:
        return max(price * numbers["fraud_multiple"], numbers["fraud_least_fen"])
    if amount is Amount.FOOD:
        by_loss = (facts.other_loss_fen or 0) * numbers["food_loss_multiple"]
        return max(price * numbers["food_multiple"], by_loss, numbers["food_least_fen"])
    return round(price * (facts.promised_multiple or 0))


def _older_law(book: Rulebook, remedies: list[Remedy], facts: Facts) -> tuple[Remedy, ...]:
    """Return the note that a rule relied on is younger than the purchase, unless a table said so already."""
    bought = facts.latest_purchase
    if bought is None or any(remedy.remedy == "note_rule_version" for remedy in remedies):
        return ()
    shown = {remedy.key for remedy in remedies if remedy.remedy not in WAYS}
    younger = [table for table in book.remedies if table.key in shown and table.in_force_from > bought]
    if not younger:
        return ()
    basis = dict.fromkeys(_first_basis(table, remedies) for table in younger)
    note = Remedy(
        "note_rule_version",
        "note_rule_version",
        Strength.POSSIBLE,
        None,
        tuple(key for key in basis if key),
        (book.texts["older_law"],),
        None,
    )
    return (note,)


def _first_basis(table: Table, remedies: list[Remedy]) -> str:
    basis = next(remedy.basis for remedy in remedies if remedy.key == table.key)
    return basis[0] if basis else ""


def _texts(book: Rulebook, kind: NoteKind, notes: list[Note]) -> tuple[Wording, ...]:
    return tuple(dict.fromkeys(book.texts[note.text] for note in notes if note.kind is kind))
