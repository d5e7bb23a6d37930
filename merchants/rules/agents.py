"""When facts about a chain of agents are worth a regulator's look (禁止传销条例 art. 7)."""

from collections.abc import Iterable
from typing import NamedTuple

FOR_RECRUITS = frozenset({"PER_RECRUIT", "SALES_OF_RECRUITS"})
SEVERAL = 3  # the seller at the top, its agents, and agents of these


class Terms(NamedTuple):
    """On which terms one agent joined: fee in fen (None when not known) and code of the reward."""

    joining_fee_fen: int | None
    reward: str


def is_clue(levels: int, links: Iterable[Terms]) -> bool:
    """Tell whether paid joining, rewards for recruits and levels come together, whatever the number of persons.

    `levels` includes that of the seller at the top. It is a clue with evidence and never a finding.
    """
    terms = list(links)
    is_paid = any(each.joining_fee_fen for each in terms)
    recruits = any(each.reward in FOR_RECRUITS for each in terms)
    return levels >= SEVERAL and is_paid and recruits
