"""What a batch teaches: how often handles are shared, how rare names are, how nicknames are decorated."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import combinations, product

from merchants.rules.blocking import parts_of, slip_keys_of
from merchants.rules.comparisons import contradict, differences, number_patterns
from merchants.rules.likeness import payee_of, slip_between
from merchants.rules.pictures import Picture, Rarity
from merchants.rules.weights import DIFFERENT, DIFFERENT_NAMES, SLIP, STRONG

MENTIONS_A_SELLER = 4  # how many mentions without a handle are taken for one more seller of their name
PRIOR_HANDLES = 30  # how many handles of the batch weigh as much as what is known of such handles in general
PRIOR_NAMES = 10  # the same for names
LEAST_OF_A_WECHAT_ID = 4.5  # log odds
SECOND_ACCOUNTS = 0.1  # share of sellers whose mentions differ in a handle though the seller is one
LARGEST_BLOCK = 60
FEWEST_TO_JUDGE_NAMES = 100  # mentions; in fewer every nickname is frequent
MOST_DIFFERENT, LEAST_DIFFERENT = -4.0, -0.5  # log odds
MENTIONS_TO_COMPARE = 8  # of one seller, with one another
MOST_OWNERS = 20  # of one handle; more make it no less sure
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
        known = min(odds + 0.5, _updated(odds, verdicts.count(True), several))
        # A WeChat ID whose phones differ has rather a new number than two owners.
        strong[kind] = max(LEAST_OF_A_WECHAT_ID, known) if kind == "wechat_id" else known
        found = _slips(kind, witness, by_value)
        for slip, guess in SLIP.items():
            if kind not in ("phone", "bank_account") and (found[slip, True] or found[slip, False]):
                slips[kind, slip] = min(guess + 1.0, _updated(guess, found[slip, True], found[slip, False]))
    is_large = len(pictures) >= FEWEST_TO_JUDGE_NAMES
    cores = Counter(core for seen in pictures for core in seen.values.get("nickname", ()))
    bearing = {core: times / len(pictures) for core, times in cores.items() if times > len(pictures) / 50}
    learned = Rarity(
        strong=strong, slips=slips, bearing=bearing if is_large else {}, differing=_differing(pictures)
    )
    learned.owners = owners(pictures, learned)
    return learned


def _differing(pictures: Iterable[Picture]) -> dict[str, float]:
    """Return by kind of handle, name and place how seldom two mentions of one seller differ in it.

    That they are of one seller the WeChat ID tells; where it is the WeChat ID that may differ, phone and nickname.
    """
    by_id: dict[str, list[Picture]] = defaultdict(list)
    by_phone: dict[tuple[str, str], list[Picture]] = defaultdict(list)
    for seen in pictures:
        for value in seen.values.get("wechat_id", ()):
            by_id[value].append(seen)
        for pair in product(seen.values.get("phone", ()), seen.values.get("nickname", ())):
            by_phone[pair].append(seen)
    found: Counter[tuple[str, bool]] = Counter()
    for group in by_id.values():
        found.update(_differences(group, DIFFERENT.keys() - {"wechat_id"}))
    for group in by_phone.values():
        apart = _differences(group, {"wechat_id"})
        found.update({key: times for key, times in apart.items() if key[0] == "wechat_id"})
    return {
        kind: _log_share(found[kind, True], found[kind, True] + found[kind, False], guess)
        for kind, guess in (DIFFERENT | DIFFERENT_NAMES).items()
    }


def _differences(group: Sequence[Picture], kinds: Collection[str]) -> Counter[tuple[str, bool]]:
    """Return how often mentions of one seller differ and do not; it counts by its mentions, not its pairs."""
    found: Counter[tuple[str, bool]] = Counter()
    few = group[:MENTIONS_TO_COMPARE]
    for one, other in combinations(few, 2):
        found.update(differences(one, other, kinds))
    return Counter({key: times / (len(few) - 1) for key, times in found.items()})


def _log_share(times: float, of: float, guess: float) -> float:
    share = (times + PRIOR_HANDLES * math.exp(guess)) / (of + PRIOR_HANDLES)
    return min(LEAST_DIFFERENT, max(MOST_DIFFERENT, math.log(share)))


def owners(pictures: Iterable[Picture], rarity: Rarity) -> dict[tuple[str, str], int]:
    """Return for each handle how many sellers must share it, since those who show it contradict one another.

    A WeChat ID has one owner. Who shows the handle and nothing else contradicts nobody and may be any of them.
    """
    bearers: dict[tuple[str, str], list[Picture]] = defaultdict(list)
    for seen in pictures:
        for kind in STRONG.keys() - {"wechat_id"}:
            for value in seen.values.get(kind, ()):
                bearers[kind, value].append(seen)
        for value in number_patterns(seen):
            bearers["masked_phone", value].append(seen)
    return {handle: _apart(group, rarity) for handle, group in bearers.items()}


def _apart(group: Sequence[Picture], rarity: Rarity) -> int:
    """Return into how many sellers pictures fall of which each joins the first that it does not contradict."""
    sellers: list[Picture] = []
    for seen in sorted(group, key=lambda each: -len(each.values)) if len(group) > 1 else group:
        for place, each in enumerate(sellers):
            if not contradict(each, seen, rarity):
                sellers[place] = each.joined(seen)
                break
        else:
            if len(sellers) < MOST_OWNERS:
                sellers.append(seen)
    return len(sellers)


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


def name_rarity(pictures: Collection[Picture], handles: Rarity) -> Rarity:
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
        if times > MENTIONS_A_SELLER + 1 and kind not in ("region", "first", "last", "given"):
            counts[kind, value] += (times - 1) // MENTIONS_A_SELLER
    hidden = {kind: _hidden(Counter(_times(counts, kind))) for kind in ("nickname", "payee_name")}
    return replace(handles, profiles=profiles, counts=counts, hidden=hidden, owners=owners(pictures, handles))


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
            given = payee.tail or payee.head[1:]
            found |= {("given", given), ("given", "")} if len(given) > 1 else set()
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
