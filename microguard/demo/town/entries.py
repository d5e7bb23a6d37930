"""Reading the town's data: every entry is checked against the vocabularies of the models, and named when wrong."""

import tomllib
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from complaints.actions.filing import Wanted
from complaints.forms.fields import MOST_FEN
from complaints.forms.steps import LONGEST_STORY, SHORTEST_STORY
from complaints.states import Channel, ClaimKind, ConsentRecipient, PaidBy, Problem, Relationship, Source
from merchants.states import HandleType
from microguard.core.money import parse_yuan
from microguard.demo.town.pictures import drawings
from microguard.jurisdictions.divisions import divisions

DATA = Path(__file__).parent.parent / "data"
HANDLE = "demo_"  # what every handle of the town begins with: nobody is meant
HOME = "440300"
Entry = TypeVar("Entry")


class TownError(ValueError):
    """The data cannot be used; the sentence names the file, the entry and what is wrong."""


@dataclass(frozen=True)
class Matter:
    """What somebody complains of. Money in fen; `paid` counts days before the demo starts.

    `person` is the key under which the same buyer is found again.
    """

    key: str
    person: str
    source: str
    division: str
    mentions: tuple[tuple[str, str], ...]
    item: str
    amount_fen: int
    paid: int
    paid_by: str
    problem: str
    story: str
    claims: tuple[Wanted, ...]
    consents: frozenset[str]
    channel: str = ""
    relationship: str = ""
    pictures: tuple[str, ...] = ()


def read(name: str) -> dict[str, Any]:
    """Return a file of the town's data.

    :raises TownError: when it is no TOML
    """
    with (DATA / name).open("rb") as file:
        try:
            return tomllib.load(file)
        except tomllib.TOMLDecodeError as error:
            raise TownError(f"{name}: {error}") from error


class Fields:
    """The answers of one entry, taken one by one; what is left over at the end has no meaning."""

    def __init__(self, file: str, answers: Mapping[str, Any]) -> None:
        self._left = dict(answers)
        self._place = f"{file}, {answers.get('key', 'an entry without key')}"

    def wrong(self, sentence: str) -> TownError:
        """Return the error that says what is wrong in this entry."""
        return TownError(f"{self._place}: {sentence}")

    def take(self, name: str, default: Any = None) -> Any:
        """Return an answer; one without default must be there.

        :raises TownError: when it is missing
        """
        if name not in self._left and default is None:
            raise self.wrong(f"`{name}` is missing")
        return self._left.pop(name, default)

    def word(self, name: str, words: Container[str], default: str | None = None) -> str:
        """Return an answer of a fixed vocabulary.

        :raises TownError: when it is another word
        """
        value: str = self.take(name, default)
        if value not in words and value != default:
            raise self.wrong(f"`{name}` has no word {value!r}")
        return value

    def fen(self, name: str, text: str) -> int:
        """Return an amount that is written in yuan.

        :raises TownError: when it is no amount that a complaint may have
        """
        amount = parse_yuan(text)
        if amount is None or not 0 < amount <= MOST_FEN:
            raise self.wrong(f"`{name}` is no amount: {text!r}")
        return amount

    def end(self) -> None:
        """Pass when every answer was taken.

        :raises TownError: otherwise
        """
        if self._left:
            raise self.wrong(f"unknown: {', '.join(sorted(self._left))}")


def matter_of(fields: Fields) -> Matter:
    """Return what an entry says of the matter itself; other answers stay for the caller.

    :raises TownError: when an answer is missing or not of its vocabulary
    """
    key = fields.take("key")
    amount_fen = fields.fen("amount", fields.take("amount"))
    return Matter(
        key=key,
        person=fields.take("person", key),
        source=fields.word("source", Source.values, Source.WEB),
        division=fields.word("division", divisions(), HOME),
        mentions=_mentions(fields),
        item=fields.take("item"),
        amount_fen=amount_fen,
        paid=fields.take("paid"),
        paid_by=fields.word("paid_by", PaidBy.values),
        problem=fields.word("problem", Problem.values),
        story=_story(fields),
        claims=tuple(_claims(fields, amount_fen)),
        consents=_words(fields, "consents", ConsentRecipient.values),
        channel=fields.word("channel", Channel.values, ""),
        relationship=fields.word("relationship", Relationship.values, ""),
        pictures=tuple(sorted(_words(fields, "pictures", drawings()))),
    )


def _mentions(fields: Fields) -> tuple[tuple[str, str], ...]:
    mentions = tuple((kind, value) for kind, value in fields.take("seller"))
    for kind, value in mentions:
        if kind not in HandleType.values:
            raise fields.wrong(f"`seller` has no type {kind!r}")
        if not value.startswith(HANDLE):
            raise fields.wrong(f"the handle {value!r} does not begin with {HANDLE}")
    return mentions


def _story(fields: Fields) -> str:
    story: str = fields.take("story").strip()
    if not SHORTEST_STORY <= len(story) <= LONGEST_STORY:
        raise fields.wrong(f"a story of {len(story)} characters")
    return story


def _claims(fields: Fields, amount_fen: int) -> Iterable[Wanted]:
    """Read kind = sum: "all" is the price, "law" what the law sets, "" no sum."""
    for kind, text in fields.take("claims").items():
        if kind not in ClaimKind.values:
            raise fields.wrong(f"`claims` has no word {kind!r}")
        if text in {"", "law"}:
            yield Wanted(kind, as_law_sets=text == "law")
        else:
            yield Wanted(kind, amount_fen if text == "all" else fields.fen(kind, text))


def _words(fields: Fields, name: str, words: Container[str]) -> frozenset[str]:
    given = frozenset(fields.take(name, ()))
    for word in given:
        if word not in words:
            raise fields.wrong(f"`{name}` has no word {word!r}")
    return given


def by_key(entries: Iterable[tuple[str, Entry]], file: str) -> list[Entry]:
    """Return the entries in their order.

    :raises TownError: when two have one key
    """
    seen: dict[str, Entry] = {}
    for key, entry in entries:
        if key in seen:
            raise TownError(f"{file}: {key} is there twice")
        seen[key] = entry
    return list(seen.values())
