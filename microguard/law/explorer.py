"""The way of one reader through the questions of /rights/: answers in the address in, facts out, nothing kept.

Every function here is a function of the address alone: the answers are codes, the price is an amount.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from microguard.core.money import MOST_FEN, parse_yuan
from microguard.law.tree import ENDS, MANY_OF, Choice, Node, installed
from microguard.law.vocabulary import KNOWN_MORE, Facts, read_facts

PRICE = "price"


class Answered(NamedTuple):
    """One question with the choice that was made."""

    node: Node
    choice: Choice


class Walk(NamedTuple):
    """The questions answered so far, in their order, and where that leads: to a question or to an end."""

    steps: tuple[Answered, ...]
    at: str

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is asked."""
        return self.at in ENDS


def walk(params: Mapping[str, str]) -> Walk:
    """Follow the answers from the first question as far as they lead; what is on no path is not looked at."""
    explorer = installed()
    node, steps = explorer.start, []
    while choice := node.choice(params.get(node.key)):
        steps.append(Answered(node, choice))
        if choice.next in ENDS:
            return Walk(tuple(steps), choice.next)
        node = explorer.nodes[choice.next]
    return Walk(tuple(steps), node.key)


def answered(params: Mapping[str, str]) -> tuple[Answered, ...]:
    """Return the questions that are answered, in the order in which they were asked."""
    return walk(params).steps


def price_fen(params: Mapping[str, str]) -> int | None:
    """Return the price that was typed, None where there is none that can be used."""
    fen = parse_yuan(params.get(PRICE) or "")
    return fen if fen and fen <= MOST_FEN else None


def facts_of(params: Mapping[str, str]) -> Facts:
    """Return what the answers say in the vocabulary of facts; fewer answers are fewer facts."""
    told = content_of(step.choice.sets for step in answered(params))
    fen = price_fen(params)
    return read_facts(told if fen is None else told | {"price_cny": fen / 100})


def content_of(sets: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the object of the published vocabulary that several choices make together."""
    content: dict[str, Any] = {"more_facts": {}}
    for one in sets:
        for name, value in one.items():
            place = content["more_facts"] if name in KNOWN_MORE else content
            place[name] = list(dict.fromkeys([*place.get(name, []), *value])) if name in MANY_OF else value
    return content


def query_of(steps: Iterable[Answered], price: str | None = None) -> str:
    """Return the answers, and the price as it was typed, as they stand in an address."""
    answers = {step.node.key: step.choice.key for step in steps}
    return urlencode(answers | ({PRICE: price} if price else {}))
