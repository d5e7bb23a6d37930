"""Which mentions of a batch are proposed to be of one seller: the whole batch is one picture.

Conservative agglomeration: the surest pair is joined first, what is joined is compared anew as one picture (so
that a handle in common has to outweigh all that differs on the two sides), and nothing is joined that fits several
sellers who exclude one another about equally well. First by handles; then, when it is known how many sellers carry
a name, by names, payees and places too. The result does not depend on the order of the mentions.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from merchants.rules import learning, matching
from merchants.rules.blocking import handle_keys, name_keys, narrow_keys, parts_of, slip_keys_of
from merchants.rules.matching import Reason
from merchants.rules.pictures import Picture, Rarity
from merchants.rules.weights import DOUBT, LINK_IN_DOUBT, MARGIN

LARGEST_BLOCK = 60  # mentions under one key that are all compared; more are divided by a second key
WINDOW = 3  # under a second key that is still too common, so many neighbours are compared
MOST_RIVALS = 40
ROUNDS_BY_NAMES = 2  # what the first joins makes the count of sellers truer for the second
FORGOTTEN = -3.0  # log odds below which two who share no handle are not kept in view

Pairs = set[tuple[int, int]]


@dataclass(slots=True)
class Proposal:
    """The sellers of a batch: of each mention its seller's number, and sellers that it may be of, surest first."""

    sellers: list[int]
    candidates: list[list[tuple[int, list[Reason]]]]


@dataclass(slots=True)
class _Agglomeration:
    """The clusters as they grow; a cluster bears the least number among its mentions."""

    pictures: dict[int, Picture]
    rarity: Rarity = field(default_factory=Rarity)
    members: dict[int, list[int]] = field(default_factory=dict)
    edges: dict[int, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    versions: Counter[int] = field(default_factory=Counter)
    heap: list[tuple[float, int, int, int, int]] = field(default_factory=list)
    pairs: int = 0  # of mentions that are joined
    doubt: float = 0.0  # how many of them, joined by more than handles, must be expected to be false
    by_handles: bool = True  # nothing but handles is compared as yet
    at_last: bool = False  # what is still in doubt may be joined

    def score(self, one: int, other: int) -> None:
        """Compare two clusters and queue them if they may be joined."""
        reasons = matching.compare(self.pictures[one], self.pictures[other], self.rarity)
        odds = matching.log_odds(reasons)
        if odds < FORGOTTEN and matching.is_by_names(reasons):
            self.edges[one].pop(other, None)
            self.edges[other].pop(one, None)
            return
        self.edges[one][other] = self.edges[other][one] = odds
        if odds >= (LINK_IN_DOUBT if self.at_last else matching.needed(reasons)):
            one, other = min(one, other), max(one, other)
            heapq.heappush(self.heap, (-round(odds, 6), one, other, self.versions[one], self.versions[other]))

    def run(self) -> None:
        """Join until nothing is left that may be joined."""
        while self.heap:
            negative, one, other, version, version_of_other = heapq.heappop(self.heap)
            is_current = self.versions[one] == version and self.versions[other] == version_of_other
            if is_current and other in self.pictures and self._is_sure_enough(one, other, -negative):
                self._join(one, other, -negative)

    def _is_sure_enough(self, one: int, other: int, odds: float) -> bool:
        """Tell whether the batch stays sure as a whole, and nobody else fits nearly as well."""
        doubt, pairs = self._with(one, other, odds)
        return (self.by_handles or doubt <= DOUBT * pairs) and self._is_unrivalled(one, other, odds)

    def _with(self, one: int, other: int, odds: float) -> tuple[float, int]:
        """Return how many pairs must be expected to be false, and how many there are, if these two are joined."""
        more = len(self.members[one]) * len(self.members[other])
        return self.doubt + more / (1 + math.exp(odds)), self.pairs + more

    def _is_unrivalled(self, one: int, other: int, odds: float) -> bool:
        return self._one_side(one, other, odds) and self._one_side(other, one, odds)

    def _one_side(self, one: int, other: int, odds: float) -> bool:
        """Tell whether none that fits `one` nearly as well shows that it may be of somebody else than `other`."""
        fitting = [(found, rival) for rival, found in self.edges[one].items() if found > odds - MARGIN]
        rivals = [rival for _odds, rival in heapq.nlargest(MOST_RIVALS, fitting) if rival != other]
        if any(self._exclude(rival, other) for rival in rivals):
            return False
        if self.pictures[one].is_named and self.pictures[other].is_named:
            return True
        return not any(self._exclude(first, second) for first, second in combinations(rivals[:10], 2))

    def _exclude(self, one: int, other: int) -> bool:
        return matching.exclude_one_another(self.pictures[one], self.pictures[other], self.rarity)

    def _join(self, one: int, other: int, odds: float) -> None:
        doubt, self.pairs = self._with(one, other, odds)
        self.doubt = 0.0 if self.by_handles else doubt
        self.pictures[one] = self.pictures[one].joined(self.pictures.pop(other))
        self.members[one] += self.members.pop(other)
        self.versions[one] += 1
        self.versions[other] += 1
        around = (self.edges[one].keys() | self.edges.pop(other).keys()) - {one, other}
        self.edges[one] = {}
        for each in sorted(around):
            self.edges[each].pop(other, None)
            self.score(one, each)


def propose(pictures: Sequence[Picture]) -> Proposal:
    """Return the sellers that the mentions of a batch are proposed to be of.

    The pictures come in an order that goes by their content, so that ties fall alike however the lines stood.
    """
    work = _Agglomeration(dict(enumerate(pictures)), members={place: [place] for place in range(len(pictures))})
    work.rarity = learning.handle_rarity(pictures)
    for one, other in sorted(_pairs(work.pictures, lambda seen: handle_keys(seen) | slip_keys_of(seen))):
        work.score(one, other)
    work.run()
    hung_on = learning.decorations(work.pictures.values())
    work.pictures = {place: learning.undecorated(seen, hung_on) for place, seen in work.pictures.items()}
    for turn in range(ROUNDS_BY_NAMES + 1):
        work.by_handles, work.at_last = False, turn == ROUNDS_BY_NAMES
        work.rarity = learning.name_rarity(work.pictures.values(), work.rarity)
        known = {(one, other) for one, others in work.edges.items() for other in others if one < other}
        for one, other in sorted(known | _pairs(work.pictures, name_keys) | _pairs_by_part(work.pictures)):
            work.score(one, other)
        work.run()
    return _proposal(work, [learning.undecorated(seen, hung_on) for seen in pictures])


def _pairs(pictures: dict[int, Picture], keys_of: Callable[[Picture], set[str]]) -> Pairs:
    """Return the pairs that share a key."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for place in sorted(pictures):
        for key in keys_of(pictures[place]):
            blocks[key].append(place)
    pairs: Pairs = set()
    for key, block in blocks.items():
        for each in _divided(key, block, pictures):
            within = LARGEST_BLOCK if len(each) <= LARGEST_BLOCK else WINDOW
            pairs.update((one, other) for at, one in enumerate(each) for other in each[at + 1 : at + 1 + within])
    return pairs


def _divided(key: str, block: list[int], pictures: dict[int, Picture]) -> Iterable[list[int]]:
    """Return the block, or if it is too large the blocks that a second key makes of it."""
    if len(block) <= LARGEST_BLOCK:
        return [block]
    narrow: dict[str, list[int]] = defaultdict(list)
    for place in block:
        for more in narrow_keys(key, pictures[place]):
            narrow[more].append(place)
    return narrow.values()


def _pairs_by_part(pictures: dict[int, Picture]) -> Pairs:
    """Return the pairs of which one bears as its whole nickname what the other's begins or ends with."""
    whole: dict[str, list[int]] = defaultdict(list)
    longer: dict[str, list[int]] = defaultdict(list)
    for place in sorted(pictures):
        for core in pictures[place].values.get("nickname", ()):
            whole[core].append(place)
    for place in sorted(pictures):
        for core in pictures[place].values.get("nickname", ()):
            for part in parts_of(core) & whole.keys():
                longer[part].append(place)
    found: Pairs = set()
    for part, places in longer.items():
        if len(places) * len(whole[part]) <= LARGEST_BLOCK**2:
            found.update((min(pair), max(pair)) for pair in product(whole[part], places) if pair[0] != pair[1])
    return found


def _proposal(work: _Agglomeration, pictures: Sequence[Picture]) -> Proposal:
    """Return the result: sellers by mention, and why, the mention itself left out of its seller's picture."""
    seller_of = {place: cluster for cluster, places in work.members.items() for place in places}
    candidates = []
    for place, seen in enumerate(pictures):
        own = seller_of[place]
        alone = Picture(seen.values, seen.shared, counted=False)
        found = []
        if len(work.members[own]) > 1:
            found.append((own, matching.compare(alone, work.pictures[own].without(seen), work.rarity)))
        near = heapq.nlargest(4, ((odds, -each) for each, odds in work.edges[own].items() if odds > -3))
        others = [(-each, matching.compare(alone, work.pictures[-each], work.rarity)) for _odds, each in near]
        found += sorted(others, key=lambda item: (-matching.log_odds(item[1]), item[0]))
        candidates.append(found)
    return Proposal([seller_of[place] for place in range(len(pictures))], candidates)
