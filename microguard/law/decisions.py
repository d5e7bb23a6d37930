"""What a decision table is made of: rows that ask for circumstances, and what follows where one holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from microguard.law.wording import Wording

REMEDIES = (
    *("refund", "return_and_refund", "return_no_reason", "rescind", "performance", "repair_or_return"),
    *("price_reduction", "make_up_or_refund", "punitive_3x", "punitive_10x", "punitive_2x_loss"),
    *("punitive_promise", "agreed_penalty", "deposit_return", "deposit_double", "cancel_prepaid", "void_minor"),
    *("actual_loss", "medical_cost", "platform_claim", "platform_as_seller", "liability_of_account_holder"),
    *("identify_seller", "preserve_evidence", "mediation", "court_claim", "report_12315", "criminal_report"),
    "note_rule_version",
)
RIGHTS = ("safety", "knowledge", "choice", "fair_trade", "compensation", "personal_data")
NO_TITLE = Wording("", "")
When = dict[str, frozenset[str]]


class Strength(StrEnum):
    """How a remedy is shown: first, with its condition, or with the reason why it is not open."""

    MAIN = "main"
    POSSIBLE = "possible"
    BLOCKED = "blocked"


class Amount(StrEnum):
    """How the sum that a remedy adds is computed; the numbers come from the data."""

    NONE = "none"
    PRICE = "price"
    FRAUD = "fraud"
    FOOD = "food"
    PROMISED = "promised"
    PENALTY = "penalty"
    LOSS = "loss"
    DOUBLE_LOSS = "double_loss"
    DEPOSIT = "deposit"
    DOUBLE_DEPOSIT = "double_deposit"


class NoteKind(StrEnum):
    """What a note adds: a condition to remedies, something to bring, or a warning."""

    CAVEAT = "caveat"
    EVIDENCE = "evidence"
    WARNING = "warning"


def _all_hold(when: When, state: Mapping[str, str]) -> bool:
    # A plain loop: a generator for each of some three hundred rows would take most of an assessment's time.
    for name, values in when.items():  # noqa: SIM110
        if state[name] not in values:
            return False
    return True


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what must be so, and what follows. Questions use `then`, remedies the rest."""

    when: When
    then: str
    because: Wording | None = None
    basis: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    burden: str | None = None

    def holds(self, state: Mapping[str, str]) -> bool:
        """Whether everything that the row asks for is so."""
        return _all_hold(self.when, state)


@dataclass(frozen=True, slots=True)
class Table:
    """One version of a question or of a remedy's table. `otherwise` answers when no row holds."""

    key: str
    rows: tuple[Row, ...]
    in_force_from: date
    in_force_until: date | None
    place: str
    otherwise: str = ""
    values: tuple[str, ...] = ()
    title: Wording = NO_TITLE
    remedy: str = ""
    amount: Amount = Amount.NONE

    def holds_on(self, day: date) -> bool:
        """Whether this version is in force on the day."""
        return self.in_force_from <= day and (self.in_force_until is None or day < self.in_force_until)

    def row_for(self, state: Mapping[str, str]) -> Row | None:
        """Return the row that holds, or None."""
        for row in self.rows:
            if _all_hold(row.when, state):
                return row
        return None


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that is added whenever what it asks for is so; a caveat only to the remedies it names."""

    key: str
    kind: NoteKind
    when: When
    remedies: tuple[str, ...]
    text: str

    def holds(self, state: Mapping[str, str]) -> bool:
        """Whether everything that the note asks for is so."""
        return _all_hold(self.when, state)


class Number(NamedTuple):
    """A number of the law: days, years, a multiple, or a sum in fen."""

    key: str
    value: int
    article: str
    in_force_from: date
    in_force_until: date | None


class Rulebook(NamedTuple):
    """All tables in force on one day, questions in the order in which they can be answered."""

    questions: tuple[Table, ...]
    remedies: tuple[Table, ...]
    notes: tuple[Note, ...]
    numbers: dict[str, int]
    texts: dict[str, Wording]
