"""The tree of questions behind /rights/, read from TOML and checked: every path is short and ends somewhere.

What a choice means in the vocabulary of facts stands in that file and nowhere else.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from microguard.law.decisions import REMEDIES
from microguard.law.numbered import numbered
from microguard.law.reading import Entry, LawDataError, entry_of, read_file
from microguard.law.tables import tables
from microguard.law.vocabulary import CHOICES, LISTS, MORE_CHOICES, MORE_LISTS
from microguard.law.wording import Wording

DATA = Path(__file__).parent / "data" / "explorer.toml"
LONGEST_PATH = 6  # questions: nobody answers more before having seen anything
FEWEST_CHOICES, MOST_CHOICES = 3, 6
NONE = "none"  # the choice that comes last on every page
RESULT, AGENTS, HELP = "result", "agents", "help"
ENDS = (RESULT, AGENTS, HELP)
RESERVED = frozenset({*ENDS, "price", "go", "changed"})  # names in the address that are no questions
KEY = re.compile(r"[a-z0-9_]+")
ONE_OF = CHOICES | MORE_CHOICES
MANY_OF = LISTS | MORE_LISTS
COUNTS = ("days_since_receipt_if_known", "promised_multiple")
# Each value of these is reached by a choice or left out by name and with a reason.
COVERED = {"problem": LISTS["problem"], "goods_category": CHOICES["goods_category"], "channel": CHOICES["channel"]}


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: where it leads, what it means, and what it lends the message to the seller."""

    key: str
    label: Wording
    next: str
    sets: Mapping[str, Any]
    says: Wording | None


@dataclass(frozen=True, slots=True)
class Node:
    """One question with its choices; the last one may ask for the price besides."""

    key: str
    question: Wording
    hint: Wording | None
    choices: tuple[Choice, ...]
    asks_price: bool
    place: str

    def choice(self, key: str | None) -> Choice | None:
        """Return the choice of this key, or None."""
        return next((choice for choice in self.choices if choice.key == key), None)


class Ask(NamedTuple):
    """What a buyer asks of the seller for a remedy or its table; of one group only the first that is open."""

    group: str
    text: Wording


class Message(NamedTuple):
    """The fixed sentences of the message to the seller; `amount` stands where the price is not known."""

    opening: Wording
    amount: Wording
    asking: Wording
    closing: Wording


class Explorer:
    """The whole tree, checked."""

    def __init__(self, path: Path = DATA) -> None:
        """Read and check the file.  :raises LawDataError: with one sentence"""
        content = read_file(path)
        if stray := set(content) - {"node", "left_out", "ask", "message"}:
            raise LawDataError(f"{path.name}: [[{min(stray)}]] cannot stand here.")
        self.nodes: dict[str, Node] = {}
        for entry in _entries(content, "node", path.name):
            node = _node(entry)
            if node.key in self.nodes or node.key in RESERVED:
                raise entry.wrong("this name is taken.")
            self.nodes[node.key] = node
        if not self.nodes:
            raise LawDataError(f"{path.name}: there are no questions here.")
        self.start = next(iter(self.nodes.values()))
        self.asks = _asks(_entries(content, "ask", path.name))
        self.message = _message(entry_of(content.get("message"), f"{path.name}, message", "message"))
        self._check_ways()
        self._check_told_once()
        _check_covered(self, _entries(content, "left_out", path.name))

    def _check_ways(self) -> None:
        """Refuse a choice that leads nowhere, a circle, a path that is too long, and a question nobody meets."""
        for node in self.nodes.values():
            for choice in node.choices:
                if choice.next not in self.nodes and choice.next not in ENDS:
                    raise LawDataError(
                        f"{node.place}: {choice.key} leads to {choice.next!r}, which does not exist."
                    )
        lengths: dict[str, int] = {}
        self._measure(self.start, lengths, ())
        if lengths[self.start.key] > LONGEST_PATH:
            raise LawDataError(f"{self.start.place}: a path asks more than {LONGEST_PATH} questions.")
        if unmet := [node for node in self.nodes.values() if node.key not in lengths]:
            raise LawDataError(f"{unmet[0].place}: no path leads here.")

    def _measure(self, node: Node, lengths: dict[str, int], above: tuple[str, ...]) -> int:
        """Return how many questions the longest path from here asks, and note it for every node below."""
        if node.key in above:
            raise LawDataError(f"{node.place}: the questions go round in a circle.")
        if node.key not in lengths:
            below = [self.nodes[choice.next] for choice in node.choices if choice.next not in ENDS]
            lengths[node.key] = 1 + max(
                (self._measure(one, lengths, (*above, node.key)) for one in below), default=0
            )
        return lengths[node.key]

    def _check_told_once(self) -> None:
        """Refuse a single fact that two answers of one path tell, and a price asked before the end."""
        told: dict[str, set[str]] = {self.start.key: set()}
        for node in self._from_the_start():
            for choice in node.choices:
                single = {name for name in choice.sets if name not in MANY_OF}
                if twice := single & told[node.key]:
                    raise LawDataError(f"{node.place}: {choice.key} tells {min(twice)}, which was told before.")
                if choice.next not in ENDS:
                    if node.asks_price:
                        raise LawDataError(f"{node.place}: the price is asked with the last question only.")
                    told.setdefault(choice.next, set()).update(told[node.key] | single)

    def _from_the_start(self) -> Iterator[Node]:
        """Every node after all that lead to it."""
        order: list[Node] = []

        def visit(node: Node) -> None:
            if node in order:
                return
            for choice in node.choices:
                if choice.next not in ENDS:
                    visit(self.nodes[choice.next])
            order.append(node)

        visit(self.start)
        return reversed(order)


def _entries(content: dict[str, Any], kind: str, name: str) -> list[Entry]:
    tables_of_kind = content.get(kind, [])
    if not isinstance(tables_of_kind, list):
        raise LawDataError(f"{name}: {kind} is no list of entries.")
    return [
        entry_of(table, f"{name}, {kind} {number}", kind) for number, table in enumerate(tables_of_kind, start=1)
    ]


def _node(entry: Entry) -> Node:
    entry.check_fields({"key", "question", "choice"}, {"hint", "asks_price"})
    key = entry.text("key")
    if not KEY.fullmatch(key):
        raise entry.wrong("key is not made of small letters, digits and _.")
    asks_price = entry.table.get("asks_price", False)
    if not isinstance(asks_price, bool):
        raise entry.wrong("asks_price is neither true nor false.")
    choices = tuple(
        _choice(entry_of(table, f"{entry.place}, choice {number}", "choice"))
        for number, table in enumerate(entry.list("choice"), start=1)
    )
    keys = [choice.key for choice in choices]
    if len(set(keys)) < len(keys) or not FEWEST_CHOICES <= len(keys) <= MOST_CHOICES:
        raise entry.wrong(f"a question has {FEWEST_CHOICES} to {MOST_CHOICES} choices, each with its own key.")
    last = choices[-1]
    if (last.key, last.next, dict(last.sets)) != (NONE, HELP, {}) or NONE in keys[:-1]:
        raise entry.wrong(f"the last choice is {NONE!r}; it says nothing and leads to {HELP!r}.")
    return Node(key, numbered(entry, "question"), _optional(entry, "hint"), choices, asks_price, entry.place)


def _choice(entry: Entry) -> Choice:
    entry.check_fields({"key", "label", "next"}, {"sets", "says"})
    sets = entry.table.get("sets", {})
    if not isinstance(sets, dict):
        raise entry.wrong("sets is no table of facts.")
    for name, value in sets.items():
        if not _is_fact(name, value):
            raise entry.wrong(f"{name} = {value!r} does not stand in the vocabulary of facts.")
    return Choice(entry.text("key"), numbered(entry, "label"), entry.text("next"), sets, _optional(entry, "says"))


def _is_fact(name: str, value: Any) -> bool:
    if name in MANY_OF:
        return isinstance(value, list) and bool(value) and all(item in MANY_OF[name] for item in value)
    if name in COUNTS:
        return type(value) is int and value >= 0
    return name in ONE_OF and value in ONE_OF[name]


def _optional(entry: Entry, field: str) -> Wording | None:
    return numbered(entry, field) if field in entry else None


def _asks(entries: list[Entry]) -> dict[str, Ask]:
    known = {*REMEDIES, *(table.key for table in tables().remedies)}
    asks: dict[str, Ask] = {}
    for entry in entries:
        entry.check_fields({"remedy", "group", "zh", "en"})
        remedy = entry.text("remedy")
        if remedy not in known or remedy in asks:
            raise entry.wrong(f"{remedy!r} is no remedy or stands there twice.")
        asks[remedy] = Ask(entry.text("group"), Wording(entry.text("zh"), entry.text("en")))
    return asks


def _message(entry: Entry) -> Message:
    entry.check_fields(Message._fields)
    message = Message(*(entry.wording(field) for field in Message._fields))
    if not all("{paid}" in text for text in message.opening):
        raise entry.wrong("opening does not say {paid}.")
    return message


def _check_covered(explorer: Explorer, left_out: list[Entry]) -> None:
    """Refuse a value that no choice means and that is not left out by name, and one that is both."""
    reached: dict[str, set[str]] = {fact: set() for fact in COVERED}
    for node in explorer.nodes.values():
        for choice in node.choices:
            for fact in COVERED.keys() & choice.sets.keys():
                value = choice.sets[fact]
                reached[fact] |= {value} if isinstance(value, str) else set(value)
    for entry in left_out:
        entry.check_fields({"fact", "values", "reason"})
        fact, reason = entry.text("fact"), entry.text("reason")
        if fact not in COVERED or not reason:
            raise entry.wrong(f"fact is none of {', '.join(COVERED)}.")
        values = set(entry.codes("values", among=COVERED[fact]))
        if both := values & reached[fact]:
            raise entry.wrong(f"{fact} = {min(both)!r} is left out, and a choice means it.")
        reached[fact] |= values
    for fact, values_of_fact in COVERED.items():
        if missing := set(values_of_fact) - reached[fact] - {"unknown"}:
            raise LawDataError(f"{explorer.start.place}: no choice means {fact} = {min(missing)!r}.")


@cache
def installed() -> Explorer:
    """Return the installed questions, read and checked once.  :raises LawDataError:"""
    return Explorer()
