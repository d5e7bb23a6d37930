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
from itertools import combinations

from merchants.rules import matching
from merchants.rules.blocking import handle_keys, name_keys, narrow_keys, slip_keys_of
from merchants.rules.likeness import payee_of, slip_between
from merchants.rules.matching import LINK, MARGIN, SLIP, STRONG, Picture, Rarity, Reason

LARGEST_BLOCK = 60  # mentions under one key that are all compared; more are divided by a second key
WINDOW = 3  # under a second key that is still too common, so many neighbours are compared
MOST_RIVALS = 40
MENTIONS_A_SELLER = 4  # how many mentions without a handle are taken for one more seller of their name
PRIOR_OBSERVATIONS = 30  # how many handles of the batch weigh as much as what is known of such handles in general
PRIOR_NAMES = 10  # the same for names
LEAST_OF_A_WECHAT_ID = 4.5  # log odds
SECOND_ACCOUNTS = 0.1  # share of sellers whose mentions differ in a handle though the seller is one


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

    def score(self, one: int, other: int) -> None:
        """Compare two clusters and queue them if they may be joined."""
        odds = matching.log_odds(matching.compare(self.pictures[one], self.pictures[other], self.rarity))
        self.edges[one][other] = self.edges[other][one] = odds
        if odds >= LINK:
            one, other = min(one, other), max(one, other)
            heapq.heappush(self.heap, (-round(odds, 6), one, other, self.versions[one], self.versions[other]))

    def run(self) -> None:
        """Join until nothing is left that may be joined."""
        while self.heap:
            negative, one, other, version, version_of_other = heapq.heappop(self.heap)
            is_current = self.versions[one] == version and self.versions[other] == version_of_other
            if is_current and other in self.pictures and self._is_unrivalled(one, other, -negative):
                self._join(one, other)

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

    def _join(self, one: int, other: int) -> None:
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
    """Return the sellers that the mentions of a batch are proposed to be of; numbers go by first appearance.

    The pictures come in an order that goes by their content, so that ties fall alike however the lines stood.
    """
    work = _Agglomeration(dict(enumerate(pictures)), members={place: [place] for place in range(len(pictures))})
    work.rarity = learned(pictures)
    pairs = sorted(_pairs(work.pictures, lambda seen: handle_keys(seen) | slip_keys_of(seen)))
    for one, other in pairs:
        work.score(one, other)
    work.run()
    _count(work)
    known = {(one, other) for one, others in work.edges.items() for other in others if one < other}
    for one, other in sorted(known | _pairs(work.pictures, name_keys)):
        work.score(one, other)
    work.run()
    return _proposal(work, pictures)


def _pairs(pictures: dict[int, Picture], keys_of: Callable[[Picture], set[str]]) -> set[tuple[int, int]]:
    """Return the pairs that share a key."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for place in sorted(pictures):
        for key in keys_of(pictures[place]):
            blocks[key].append(place)
    pairs: set[tuple[int, int]] = set()
    for key, block in blocks.items():
        if len(block) <= LARGEST_BLOCK:
            pairs.update(combinations(block, 2))
            continue
        narrow: dict[str, list[int]] = defaultdict(list)
        for place in block:
            for more in narrow_keys(key, pictures[place]):
                narrow[more].append(place)
        for each in narrow.values():
            within = LARGEST_BLOCK if len(each) <= LARGEST_BLOCK else WINDOW
            pairs.update((one, other) for at, one in enumerate(each) for other in each[at + 1 : at + 1 + within])
    return pairs


def learned(pictures: Sequence[Picture]) -> Rarity:
    """Return what the batch itself teaches: how often handles of each type are shared, and slips are none.

    A handle is taken for shared when mentions that show it name different WeChat IDs (of a WeChat ID: phones) and
    do not agree in the nickname either.
    """
    strong, slips = {}, {}
    for kind, odds in STRONG.items():
        by_value: dict[str, list[Picture]] = defaultdict(list)
        witness = "phone" if kind == "wechat_id" else "wechat_id"
        for seen in pictures:
            if witness in seen.values:
                for value in seen.values.get(kind, ()):
                    by_value[value].append(seen)
        verdicts = [_is_of_one(group, witness) for group in by_value.values() if len(group) > 1]
        several = max(0.0, verdicts.count(False) - SECOND_ACCOUNTS * len(verdicts))
        learned_odds = min(odds + 0.5, _updated(odds, verdicts.count(True), several))
        # A WeChat ID whose phones differ has rather a new number than two owners.
        strong[kind] = max(LEAST_OF_A_WECHAT_ID, learned_odds) if kind == "wechat_id" else learned_odds
        found = _slips(kind, witness, by_value)
        for slip, guess in SLIP.items():
            if kind not in ("phone", "bank_account") and (found[slip, True] or found[slip, False]):
                slips[kind, slip] = min(guess + 1.0, _updated(guess, found[slip, True], found[slip, False]))
    return Rarity(strong=strong, slips=slips)


def _updated(odds: float, for_one: float, for_several: float) -> float:
    known = matching.probability(odds)
    return math.log(
        (for_one + PRIOR_OBSERVATIONS * known) / (for_several + PRIOR_OBSERVATIONS * (1 - known) + 0.05)
    )


def _is_of_one(group: Iterable[Picture], witness: str) -> bool:
    """Tell whether all who show a handle agree in the witness or in the nickname with the first."""
    first, *others = group
    return all(_agree(first, each, witness) for each in others)


def _agree(one: Picture, other: Picture, witness: str) -> bool:
    ours, theirs = one.values[witness], other.values[witness]
    if ours.keys() & theirs.keys() or any(slip_between(mine, yours) for mine in ours for yours in theirs):
        return True
    return bool(one.values.get("nickname", {}).keys() & other.values.get("nickname", {}).keys())


def _slips(kind: str, witness: str, by_value: dict[str, list[Picture]]) -> Counter[tuple[str, bool]]:
    """Return how many values that one slip parts belong to one seller (True) and to two, by kind of slip."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for value in by_value:
        for key in slip_keys_of(Picture({kind: {value: 1}})):
            blocks[key].append(value)
    near = {tuple(sorted(pair)) for block in blocks.values() for pair in combinations(block[:LARGEST_BLOCK], 2)}
    found: Counter[tuple[str, bool]] = Counter()
    for one, other in near:
        slip = slip_between(one, other)
        if slip:
            found[slip, _agree(by_value[one][0], by_value[other][0], witness)] += 1
    return found


def _count(work: _Agglomeration) -> None:
    """Count in how many sellers each value occurs, now that handles have told the sellers apart."""
    counts: Counter[tuple[str, str]] = Counter()
    unnamed: Counter[tuple[str, str]] = Counter()
    profiles = 0
    for seen in work.pictures.values():
        seen.counted = seen.is_named
        profiles += seen.counted
        into = counts if seen.counted else unnamed
        into.update(_countable(seen))
    for (kind, value), times in unnamed.items():
        if times > MENTIONS_A_SELLER + 1 and kind not in ("region", "first", "last"):
            counts[kind, value] += (times - 1) // MENTIONS_A_SELLER
    hidden = {}
    for kind in ("nickname", "payee_name"):
        times_of = [times for (of, value), times in counts.items() if of == kind and value]
        pairs = sum(times * (times - 1) for times in times_of)
        hidden[kind] = min(10.0, max(0.1, (pairs + PRIOR_NAMES) / (sum(times_of) + 2 * PRIOR_NAMES)))
    work.rarity = Rarity(profiles, counts, work.rarity.strong, work.rarity.slips, hidden)


def _countable(seen: Picture) -> set[tuple[str, str]]:
    """Return what the rarity counts of one seller; (type, "") counts those of whom the type is known at all."""
    found = {(kind, value) for kind, values in seen.values.items() for value in values if kind != "region"}
    places = seen.values.get("region", {})
    found |= {("region", place[:size]) for place in places for size in (2, 4, 6) if len(place) >= size}
    found |= {("region", "")} if places else set()
    for core in seen.values.get("nickname", ()):
        found |= {("nickname_part", core[:size]) for size in range(2, len(core) + 1)}
        found |= {("nickname_part", core[-size:]) for size in range(2, len(core) + 1)}
    for value in seen.values.get("payee_name", ()):
        payee = payee_of(value)
        if payee:
            signs = [("first" if at == 0 else "last", sign) for at, sign in enumerate(payee.head)]
            signs += [("last", sign) for sign in payee.tail]
            found |= {*signs, *((place, "") for place, _sign in signs)}
    return found


def _proposal(work: _Agglomeration, pictures: Sequence[Picture]) -> Proposal:
    """Return the result: sellers by mention, and why, the mention itself left out of its seller's picture."""
    seller_of = {place: cluster for cluster, places in work.members.items() for place in places}
    candidates = []
    for place, seen in enumerate(pictures):
        own = seller_of[place]
        alone = Picture(seen.values, seen.shared, counted=False)
        found = []
        rest = [other for other in work.members[own] if other != place]
        if rest:
            together = Picture()
            for other in rest:
                together = together.joined(pictures[other])
            together.counted = work.pictures[own].counted
            found.append((own, matching.compare(alone, together, work.rarity)))
        near = heapq.nlargest(4, ((odds, -each) for each, odds in work.edges[own].items() if odds > -3))
        others = [(-each, matching.compare(alone, work.pictures[-each], work.rarity)) for _odds, each in near]
        found += sorted(others, key=lambda item: (-matching.log_odds(item[1]), item[0]))
        candidates.append(found)
    return Proposal([seller_of[place] for place in range(len(pictures))], candidates)
