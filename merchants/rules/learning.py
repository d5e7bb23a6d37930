"""What a batch teaches: how often handles are shared, how rare names are, how nicknames are decorated."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from merchants.rules.blocking import parts_of, slip_keys_of
from merchants.rules.likeness import payee_of, slip_between
from merchants.rules.pictures import Picture, Rarity
from merchants.rules.weights import SLIP, STRONG

MENTIONS_A_SELLER = 4  # how many mentions without a handle are taken for one more seller of their name
PRIOR_HANDLES = 30  # how many handles of the batch weigh as much as what is known of such handles in general
PRIOR_NAMES = 10  # the same for names
LEAST_OF_A_WECHAT_ID = 4.5  # log odds
SECOND_ACCOUNTS = 0.1  # share of sellers whose mentions differ in a handle though the seller is one
LARGEST_BLOCK = 60
FEWEST_TO_JUDGE_NAMES = 100  # mentions; in fewer every nickname is frequent
SHARE_UNSEEN, LEAST_HIDDEN, MOST_HIDDEN = 0.5, 0.1, 10.0
LONGEST_DECORATION = 6  # characters
FEWEST_SELLERS_DECORATED, SHARE_DECORATED = 3, 0.25


def handle_rarity(pictures: Sequence[Picture]) -> Rarity:
    """Return how sure a handle in common, or one slip from it, makes a seller by what this batch shows.

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
        learned = min(odds + 0.5, _updated(odds, verdicts.count(True), several))
        # A WeChat ID whose phones differ has rather a new number than two owners.
        strong[kind] = max(LEAST_OF_A_WECHAT_ID, learned) if kind == "wechat_id" else learned
        found = _slips(kind, witness, by_value)
        for slip, guess in SLIP.items():
            if kind not in ("phone", "bank_account") and (found[slip, True] or found[slip, False]):
                slips[kind, slip] = min(guess + 1.0, _updated(guess, found[slip, True], found[slip, False]))
    is_large = len(pictures) >= FEWEST_TO_JUDGE_NAMES
    without = sum(1 for seen in pictures if not seen.is_named)
    cores = Counter(core for seen in pictures for core in seen.values.get("nickname", ()))
    bearing = {core: times / len(pictures) for core, times in cores.items() if times > len(pictures) / 50}
    return Rarity(
        strong=strong, slips=slips, named_only=without / max(1, len(pictures)), bearing=bearing if is_large else {}
    )


def _updated(odds: float, for_one: float, for_several: float) -> float:
    known = 1 / (1 + math.exp(-odds))
    return math.log((for_one + PRIOR_HANDLES * known) / (for_several + PRIOR_HANDLES * (1 - known)))


def _is_of_one(group: Iterable[Picture], witness: str) -> bool:
    """Tell whether all who show a handle agree with the first in the witness or in the nickname."""
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
    near = {(min(pair), max(pair)) for block in blocks.values() for pair in combinations(block[:LARGEST_BLOCK], 2)}
    found: Counter[tuple[str, bool]] = Counter()
    for one, other in near:
        slip = slip_between(one, other)
        if slip:
            found[slip, _agree(by_value[one][0], by_value[other][0], witness)] += 1
    return found


def name_rarity(pictures: Iterable[Picture], handles: Rarity) -> Rarity:
    """Return in how many sellers each value occurs, once handles have told the sellers apart."""
    counts: Counter[tuple[str, str]] = Counter()
    unnamed: Counter[tuple[str, str]] = Counter()
    profiles = 0
    for seen in pictures:
        seen.counted = seen.is_named
        profiles += seen.counted
        into = counts if seen.counted else unnamed
        into.update(_countable(seen))
    for (kind, value), times in unnamed.items():
        if times > MENTIONS_A_SELLER + 1 and kind not in ("region", "first", "last"):
            counts[kind, value] += (times - 1) // MENTIONS_A_SELLER
    hidden = {kind: _hidden(Counter(_times(counts, kind))) for kind in ("nickname", "payee_name")}
    return Rarity(profiles, counts, handles.strong, handles.slips, hidden, handles.named_only, handles.bearing)


def _times(counts: Counter[tuple[str, str]], kind: str) -> list[int]:
    return [times for (of, value), times in counts.items() if of == kind and value]


def _hidden(sellers_of: Counter[int]) -> float:
    """Return how many sellers more than the one seen are to be expected under a name.

    By the estimate of Good and Turing from how many names one seller bears and how many two; a share of the
    sellers was never seen under a handle.
    """
    expected = (2 * sellers_of[2] + PRIOR_NAMES) / (sellers_of[1] + PRIOR_NAMES)
    return min(MOST_HIDDEN, max(LEAST_HIDDEN, SHARE_UNSEEN * expected))


def _countable(seen: Picture) -> set[tuple[str, str]]:
    """Return what the rarity counts of one seller; (type, "") counts those of whom the type is known at all."""
    found = {(kind, value) for kind, values in seen.values.items() for value in values if kind != "region"}
    places = seen.values.get("region", {})
    found |= {("region", place[:size]) for place in places for size in (2, 4, 6) if len(place) >= size}
    found |= {("region", "")} if places else set()
    for core in seen.values.get("nickname", ()):
        found |= {("nickname_part", part) for part in parts_of(core) | {core}}
    for value in seen.values.get("payee_name", ()):
        payee = payee_of(value)
        if payee:
            signs = [("first" if at == 0 else "last", sign) for at, sign in enumerate(payee.head)]
            signs += [("last", sign) for sign in payee.tail]
            found |= {*signs, *((place, "") for place, _sign in signs)}
    return found


def decorations(sellers: Iterable[Picture]) -> frozenset[tuple[str, str]]:
    """Return ("end" or "start", words) that sellers of the batch hang on their nickname now and then.

    A word counts as decoration when the same seller is seen with and without it often enough. Words that tell
    shops apart (a seller of shoes, another of tea, both called Niannian) are seen with each seller always.
    """
    varying: Counter[tuple[str, str]] = Counter()
    borne: Counter[tuple[str, str]] = Counter()
    for seen in sellers:
        cores = seen.values.get("nickname", {})
        if sum(cores.values()) > 1:
            borne.update({end for core in cores for end in _ends(core)})
            varying.update({end for one, other in combinations(sorted(cores), 2) for end in _beyond(one, other)})
    return frozenset(
        end
        for end, times in varying.items()
        if times >= FEWEST_SELLERS_DECORATED and times >= SHARE_DECORATED * borne[end]
    )


def _ends(core: str) -> set[tuple[str, str]]:
    sizes = range(1, min(LONGEST_DECORATION, len(core) - 2) + 1)
    return {("end", core[-size:]) for size in sizes} | {("start", core[:size]) for size in sizes}


def _beyond(one: str, other: str) -> set[tuple[str, str]]:
    """Return what stands beyond the part in which two names of one seller begin or end alike."""
    shortest = min(len(one), len(other))
    alike = next((at for at in range(shortest) if one[at] != other[at]), shortest)
    found = {("end", each[alike:]) for each in (one, other)} if alike >= 2 else set()
    alike = next((at for at in range(shortest) if one[-1 - at] != other[-1 - at]), shortest)
    found |= {("start", each[: len(each) - alike]) for each in (one, other)} if alike >= 2 else set()
    return {(place, words) for place, words in found if 0 < len(words) <= LONGEST_DECORATION}


def undecorated(seen: Picture, hung_on: frozenset[tuple[str, str]]) -> Picture:
    """Return the picture with nicknames that lost the words which this batch hangs on them."""
    cores = seen.values.get("nickname")
    if not cores or not hung_on:
        return seen
    bare: dict[str, int] = {}
    for core, times in cores.items():
        short = _bare(core, hung_on)
        bare[short] = bare.get(short, 0) + times
    return Picture({**seen.values, "nickname": bare}, seen.shared, seen.counted)


def _bare(core: str, hung_on: frozenset[tuple[str, str]]) -> str:
    sizes = range(min(LONGEST_DECORATION, len(core) - 2), 0, -1)
    for size in sizes:
        if ("end", core[-size:]) in hung_on:
            return _bare(core[:-size], hung_on)
        if ("start", core[:size]) in hung_on:
            return _bare(core[size:], hung_on)
    return core
