"""Decision tables as data: read from TOML, checked, in force from one day until another.

A question turns circumstances and earlier answers into one answer; a remedy's table says whether it is shown, how
strongly and on what; a note adds a sentence. The rows of a table exclude each other, so their order says nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from itertools import combinations, product
from pathlib import Path

from microguard.law.circumstances import CIRCUMSTANCES
from microguard.law.decisions import (
    REMEDIES,
    Amount,
    Note,
    NoteKind,
    Number,
    Row,
    Rulebook,
    Strength,
    Table,
    When,
)
from microguard.law.instruments import instruments
from microguard.law.reading import Entry, LawDataError, entry_of, read_file
from microguard.law.wording import Wording

DATA = Path(__file__).parent / "data" / "rights"
LONGEST_PATH = 6  # circumstances that one row may ask for: more cannot be explained to the person concerned


class Tables:
    """Every version of every table, question, note, number and text."""

    def __init__(self, folder: Path = DATA) -> None:
        """Read and check every file of the folder.  :raises LawDataError: with one sentence"""
        self.texts: dict[str, Wording] = {}
        self.questions: list[Table] = []
        self.remedies: list[Table] = []
        self.notes: list[Note] = []
        self.numbers: list[Number] = []
        self._domain = {name: circumstance.values for name, circumstance in CIRCUMSTANCES.items()}
        entries = _entries(folder)
        for kind, read in (
            ("text", self._read_text),
            ("number", self._read_number),
            ("question", self._read_question),
            ("remedy", self._read_remedy),
            ("note", self._read_note),
        ):
            for entry in entries.pop(kind, []):
                read(entry)
        for kind, stray in entries.items():
            raise stray[0].wrong(f"[[{kind}]] cannot stand here.")
        _check_versions([*self.questions, *self.remedies])
        self._check_texts()

    def on(self, day: date) -> Rulebook:
        """Return what is in force on the day."""
        return Rulebook(
            tuple(table for table in self.questions if table.holds_on(day)),
            tuple(table for table in self.remedies if table.holds_on(day)),
            tuple(self.notes),
            {
                number.key: number.value
                for number in self.numbers
                if number.in_force_from <= day and (number.in_force_until is None or day < number.in_force_until)
            },
            self.texts,
        )

    @property
    def first_day(self) -> date:
        """The day from which every question and number has a version."""
        first: dict[str, date] = {}
        for key, day in [(item.key, item.in_force_from) for item in self.questions] + [
            (number.key, number.in_force_from) for number in self.numbers
        ]:
            first[key] = min(first.get(key, date.max), day)
        return max(first.values())

    @property
    def domain(self) -> dict[str, tuple[str, ...]]:
        """Every circumstance and question with its values."""
        return dict(self._domain)

    def _read_text(self, entry: Entry) -> None:
        entry.check_fields({"key", "zh", "en"})
        key = entry.text("key")
        if key in self.texts:
            raise entry.wrong("this text stands there twice.")
        self.texts[key] = Wording(entry.text("zh"), entry.text("en"))

    def _read_number(self, entry: Entry) -> None:
        entry.check_fields({"key", "value", "article", "in_force_from"}, {"in_force_until"})
        value = entry.positive(entry.table["value"], "value")
        self.numbers.append(Number(entry.text("key"), value, _cited(entry, entry.article()), *entry.span()))

    def _read_question(self, entry: Entry) -> None:
        entry.check_fields({"key", "title", "values", "otherwise", "in_force_from", "row"}, {"in_force_until"})
        key, values = entry.text("key"), entry.codes("values")
        if key in CIRCUMSTANCES or (key in self._domain and self._domain[key] != values):
            raise entry.wrong("this name is taken, or its values differ from those of its other version.")
        rows = tuple(self._row(row, {"then", "because"}, set(), among=values) for row in _rows(entry))
        if entry.text("otherwise") not in values:
            raise entry.wrong("otherwise is none of the values.")
        self._domain[key] = values
        first, until = entry.span()
        self.questions.append(
            Table(key, rows, first, until, entry.place, entry.text("otherwise"), values, entry.wording("title"))
        )

    def _read_remedy(self, entry: Entry) -> None:
        entry.check_fields({"key", "in_force_from", "row"}, {"in_force_until", "remedy", "amount"})
        remedy = entry.text("remedy") if "remedy" in entry else entry.text("key")
        if remedy not in REMEDIES:
            raise entry.wrong(f"remedy is {remedy!r}, which nobody knows.")
        amount = Amount(entry.one_of("amount", Amount)) if "amount" in entry else Amount.NONE
        fields = {"then", "basis", "conditions"}
        rows = tuple(self._row(row, fields, {"burden"}, among=tuple(Strength)) for row in _rows(entry))
        first, until = entry.span()
        self.remedies.append(
            Table(entry.text("key"), rows, first, until, entry.place, remedy=remedy, amount=amount)
        )

    def _row(self, entry: Entry, needed: set[str], allowed: set[str], among: tuple[str, ...]) -> Row:
        entry.check_fields({"when"} | needed, allowed)
        then = entry.text("then")
        if then not in among:
            raise entry.wrong(f"then is {then!r}; it is one of {', '.join(among)}.")
        if "conditions" in needed and not entry.list("conditions"):
            raise entry.wrong("a remedy is never shown without a condition in words.")
        when = self._when(entry)
        if len(when) > LONGEST_PATH:
            raise entry.wrong(f"the row asks for more than {LONGEST_PATH} circumstances.")
        return Row(
            when,
            then,
            entry.wording("because") if "because" in needed else None,
            tuple(_cited(entry, key) for key in entry.codes("basis")),
            entry.codes("conditions"),
            entry.text("burden") if "burden" in entry else None,
        )

    def _when(self, entry: Entry) -> When:
        """Return what the entry asks for; a value with “!” before it stands for all the others."""
        stated = entry.table["when"]
        if not isinstance(stated, dict):
            raise entry.wrong("when is no table of circumstances.")
        when: When = {}
        for name, value in stated.items():
            domain = self._domain.get(name)
            listed = [value] if isinstance(value, str) else value
            if domain is None or not isinstance(listed, list) or not listed:
                raise entry.wrong(f"when asks for {name!r}, which is no circumstance and no earlier question.")
            plain = [str(item).removeprefix("!") for item in listed]
            if unknown := set(plain) - set(domain):
                raise entry.wrong(f"{name} is never {', '.join(sorted(unknown))}.")
            excluded = [str(item).startswith("!") for item in listed]
            if any(excluded) and not all(excluded):
                raise entry.wrong(f"{name} both lists values and excludes some.")
            when[name] = frozenset(set(domain) - set(plain) if any(excluded) else plain)
            if not when[name] or when[name] == set(domain):
                raise entry.wrong(f"{name} decides nothing here.")
        return when

    def _read_note(self, entry: Entry) -> None:
        entry.check_fields({"key", "kind", "when", "text"}, {"remedies"})
        kind = NoteKind(entry.one_of("kind", NoteKind))
        remedies = entry.codes("remedies", among=REMEDIES)
        if (kind is NoteKind.CAVEAT) != bool(remedies):
            raise entry.wrong("a caveat names remedies, and nothing else does.")
        self.notes.append(Note(entry.text("key"), kind, self._when(entry), remedies, entry.text("text")))

    def _check_texts(self) -> None:
        """Refuse a text that is missing, and one that is never used."""
        used = {note.text for note in self.notes}
        for table in self.remedies:
            for row in table.rows:
                used |= {*row.conditions, *([row.burden] if row.burden else [])}
                if missing := used - set(self.texts):
                    raise LawDataError(f"{table.place}: the text {min(missing)} does not exist.")
        if missing := used - set(self.texts):
            raise LawDataError(f"{DATA.name}: the text {min(missing)} does not exist.")
        # The engine itself speaks of these.
        if idle := set(self.texts) - used - {"older_law", "already_refunded"}:
            raise LawDataError(f"{DATA.name}: nothing uses the text {min(idle)}.")


def _entries(folder: Path) -> dict[str, list[Entry]]:
    """Return the entries of every file, by their kind."""
    entries: dict[str, list[Entry]] = {}
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise LawDataError(f"{folder}: there are no decision tables here.")
    for path in paths:
        for kind, tables in read_file(path).items():
            if not isinstance(tables, list):
                raise LawDataError(f"{path.name}: {kind} is no list of entries.")
            entries.setdefault(kind, []).extend(
                entry_of(table, f"{path.name}, {kind} {number}", kind)
                for number, table in enumerate(tables, start=1)
            )
    return entries


def _rows(entry: Entry) -> list[Entry]:
    rows = [entry_of(row, f"{entry.place}, row {n}", "row") for n, row in enumerate(entry.list("row"), start=1)]
    if not rows:
        raise entry.wrong("a table has rows.")
    return rows


def _cited(entry: Entry, article: str) -> str:
    if article not in instruments():
        raise entry.wrong(f"{article} is cited, but its instrument is not known.")
    return article


def _check_versions(tables: Iterable[Table]) -> None:
    """Refuse two versions of a table at one time, and two rows that the same facts can meet."""
    seen: dict[str, list[Table]] = {}
    for table in tables:
        for other in seen.setdefault(table.key, []):
            first, second = sorted((table, other), key=lambda version: version.in_force_from)
            if first.holds_on(second.in_force_from):
                raise LawDataError(f"{table.place}: overlaps with the version of {other.in_force_from}.")
        seen[table.key].append(table)
        for (number, row), (other_number, other_row) in combinations(enumerate(table.rows, start=1), 2):
            if _can_meet(row.when, other_row.when):
                raise LawDataError(f"{table.place}: the same facts can meet row {number} and row {other_number}.")


def _can_meet(when: When, other: When) -> bool:
    return all(when[name] & other[name] for name in when.keys() & other.keys())


def idle_ends(table: Table, domain: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the ends of a table that nothing reaches: rows by number, "otherwise" where rows cover all."""
    names = sorted({name for row in table.rows for name in row.when})
    reached: set[str] = set()
    for values in product(*(_told_apart(table, name, domain[name]) for name in names)):
        state = dict(zip(names, values, strict=True))
        met = [number for number, row in enumerate(table.rows, start=1) if row.holds(state)]
        reached.add(str(met[0]) if met else "otherwise")
    ends = [str(number) for number in range(1, len(table.rows) + 1)]
    return [end for end in (*ends, "otherwise") if end not in reached]


def _told_apart(table: Table, name: str, values: tuple[str, ...]) -> list[str]:
    """Return one value for each group of values that no row of the table treats differently."""
    asked = [row.when[name] for row in table.rows if name in row.when]
    return list({tuple(value in among for among in asked): value for value in values}.values())


@cache
def tables() -> Tables:
    """Return the installed tables, read and checked once.  :raises LawDataError:"""
    return Tables()


@cache
def rulebook(day: date) -> Rulebook:
    """Return what the installed tables say on the day."""
    return tables().on(day)
