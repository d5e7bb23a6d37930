"""How two pictures of a seller compare in names, places and numbers, and whether they contradict one another."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from merchants.rules.likeness import Payee, names_are_near, names_may_be_one, payee_of, payees_agree, slip_between
from merchants.rules.pictures import Picture, Rarity, masked, mobiles_in
from merchants.rules.weights import DIFFERENT, EXCLUSIVE, MOST_TO_SPELL_OUT
from microguard.core import normal_forms


def contradict(left: Picture, right: Picture, rarity: Rarity) -> bool:
    """Tell whether two pictures differ in so much that they show two sellers, whatever they have in common."""
    found = differences(left, right, DIFFERENT)
    return sum(rarity.difference(kind) for kind, differs in found if differs) < EXCLUSIVE


def differences(left: Picture, right: Picture, kinds: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield whether the two differ, for each of these kinds of handle, each name and place that both show.

    What a slip may have parted and nicknames of which nothing follows are left out. A place is two: "province"
    and "city".
    """
    for kind in kinds:
        ours, theirs = left.values.get(kind), right.values.get(kind)
        if ours and theirs:
            common = ours.keys() & theirs.keys()
            few = len(ours) + len(theirs) <= MOST_TO_SPELL_OUT
            if common or not (few and any(slip_between(one, other) for one in ours for other in theirs)):
                yield kind, not common
    named = names(left, right)
    if named and named[0] != "open":
        yield "nickname", named[0] == "unlike"
    paid = payees(left, right)
    if paid != []:
        yield "payee_name", paid is None
    placed = places(left, right)
    if placed:
        agrees, prefix = placed
        if agrees or not prefix:
            yield "province", not agrees
        if len(prefix) > 2 or (prefix and not agrees):
            yield "city", not agrees


def names(left: Picture, right: Picture) -> tuple[str, str] | None:
    """Return how the nicknames compare: same, near, open (nothing follows) or unlike, and the shorter core."""
    ours, theirs = left.values.get("nickname"), right.values.get("nickname")
    if not ours or not theirs:
        return None
    common = ours.keys() & theirs.keys()
    if common:
        return "same", min(common, key=lambda core: (-len(core), core))
    pairs = sorted((min(one, other, key=len), one, other) for one in ours for other in theirs)
    for short, one, other in pairs:
        if names_are_near(one, other):
            return "near", short
    is_open = any(names_may_be_one(one, other) for _short, one, other in pairs)
    return ("open" if is_open else "unlike"), ""


def payees(left: Picture, right: Picture) -> list[tuple[str, str]] | None:
    """Return the characters in which payees agree, [] if nothing can be compared, None if they differ."""
    ours, theirs = _legible(left), _legible(right)
    if not ours or not theirs:
        return []
    fits = [found for one in ours for other in theirs if (found := payees_agree(one, other)) is not None]
    return max(fits, key=len) if fits else None


def _legible(seen: Picture) -> tuple[Payee, ...]:
    names = seen.values.get("payee_name")
    return _most_legible(tuple(sorted(names))) if names else ()


@lru_cache(maxsize=100_000)
def _most_legible(values: tuple[str, ...]) -> tuple[Payee, ...]:
    """Return the payees without those that another of them shows more of: "**红" says nothing beside "*小红"."""
    payees = [payee for value in values if (payee := payee_of(value))]
    return tuple(
        payee
        for payee in payees
        if not any(other.legible > payee.legible and payees_agree(payee, other) is not None for other in payees)
    )


def numbers(seen: Picture) -> set[str]:
    """Return the mobile numbers of a seller wherever they stand."""
    found = set(seen.values.get("phone", ())) | {
        value for value in seen.values.get("alipay", ()) if normal_forms.is_mobile(value)
    }
    return found | {number for value in seen.values.get("parcel_sender", ()) for number in mobiles_in(value)}


def number_patterns(seen: Picture) -> set[str]:
    """Return what a mask leaves legible of the mobile numbers of a seller, and of those that are masked."""
    return {masked(number) for number in numbers(seen)} | set(seen.values.get("masked_phone", ()))


def places(left: Picture, right: Picture) -> tuple[bool, str] | None:
    """Return whether the regions agree, with the digits in common; None when one is not known."""
    ours, theirs = left.values.get("region"), right.values.get("region")
    if not ours or not theirs:
        return None
    best = (False, "")
    for one in ours:
        for other in theirs:
            size = min(len(one), len(other))
            if one[:size] == other[:size]:
                best = max(best, (True, one[:size]))
            elif one[:2] == other[:2]:
                best = max(best, (False, one[:2]))
    return best
