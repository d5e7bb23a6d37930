"""How sure it is that two pictures of a seller show one seller, with every reason and its weight.

The model is that of Fellegi and Sunter (1969): each comparison adds the logarithm of how much likelier it is among
mentions of one seller than among mentions of two, and the sum gives a probability. There are two ways to be two:

* *strangers* who agree by chance. What they agree in counts by its rarity among the sellers that are known;
* *relatives*: an agent and its supplier, a family, the next owner of a number. They share a handle indeed, so that
  the handle counts only by how seldom such handles are shared, and a name or a place in common is no surprise.

Where a handle is shared, relatives are the rival explanation, and rarity of names counts no more.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass

from merchants.rules import comparisons
from merchants.rules.likeness import payee_of, slip_between
from merchants.rules.pictures import Picture, Rarity
from merchants.rules.weights import (
    CHARACTER_OF_NAME,
    DIFFERENT,
    EACH_FURTHER,
    EXCLUSIVE,
    GATHERINGS,
    LINK,
    LINK_BY_NAMES,
    LONG_SLIP,
    MASKED_PHONE,
    MOST_BY_GATHERING,
    MOST_BY_NAMES,
    MOST_TO_SPELL_OUT,
    NAMES_OF_RELATIVES,
    NEAR_NAMES_OF_RELATIVES,
    ONLY_NEAR,
    PAID_THROUGH,
    PAYEE_OF_RELATIVES,
    PLACE_OF_RELATIVES,
    SEEN_TWICE,
    SHARE_OF_PLACE,
    SHARED_BY,
    SLIP,
    STRONG,
)
from microguard.core import normal_forms


@dataclass(frozen=True, slots=True)
class Reason:
    """One comparison that spoke for (positive) or against one seller; `weight` in log odds."""

    key: str
    weight: float


def compare(left: Picture, right: Picture, rarity: Rarity) -> list[Reason]:
    """Return every reason for and against one seller; the sum of the weights is the log odds of it."""
    strong, against = _handles(left, right, rarity)
    ties = sum(reason.weight for reason in strong)
    chance = _strangers(left, right, rarity) if not strong or ties <= 0 else []
    if strong:
        paid = any(reason.key.endswith(PAID_THROUGH) for reason in strong)
        related = strong + _relatives(left, right, rarity, paid=paid)
        if not chance or log_odds(related) >= log_odds(chance):
            return related + against
    return chance + against


def log_odds(reasons: Collection[Reason]) -> float:
    """Return the sum of the weights."""
    return sum(reason.weight for reason in reasons)


def is_by_names(reasons: Collection[Reason]) -> bool:
    """Tell whether no handle connects the two."""
    return any(reason.key == "sellers_there_are" for reason in reasons)


def needed(reasons: Collection[Reason]) -> float:
    """Return the log odds from which the two are proposed to be one seller."""
    return LINK_BY_NAMES if is_by_names(reasons) else LINK


def probability(odds: float) -> float:
    """Return the estimated probability of one seller, 0 to 0.99 with two decimals."""
    return min(0.99, round(1 / (1 + math.exp(-max(-50.0, min(50.0, odds)))), 2))


def exclude_one_another(left: Picture, right: Picture, rarity: Rarity) -> bool:
    """Tell whether more speaks for two sellers than that nothing connects them."""
    reasons = compare(left, right, rarity)
    if log_odds(reasons) >= 0:
        return False
    return sum(reason.weight for reason in reasons if reason.key.startswith("different_")) < EXCLUSIVE


def _handles(left: Picture, right: Picture, rarity: Rarity) -> tuple[list[Reason], list[Reason]]:
    """Return what handles that are seldom shared say for one seller, and what against."""
    strong, against = [], []
    for kind in DIFFERENT:
        ours, theirs = left.values.get(kind), right.values.get(kind)
        if not ours or not theirs:
            continue
        common = ours.keys() & theirs.keys()
        if common:
            weight = max(_tie(kind, value, left, right, rarity) for value in common)
            strong.append(Reason(f"same_{kind}", weight))
            continue
        accounts = len(ours) + len(theirs)
        few = accounts <= MOST_TO_SPELL_OUT
        slip = max(_slip(kind, one, other, rarity) for one in ours for other in theirs) if few else -math.inf
        if slip > -math.inf:
            strong.append(Reason(f"nearly_same_{kind}", slip - EACH_FURTHER * (accounts - 2)))
            continue
        twice = max(ours.values()) > 1 and max(theirs.values()) > 1
        otherwise = rarity.difference(kind)
        weight = otherwise * (SEEN_TWICE if twice else 1) + otherwise * EACH_FURTHER * (accounts - 2)
        against.append(Reason(f"different_{kind}", weight))
    number = _number(left, right, rarity)
    if number and not any(reason.key.endswith("phone") for reason in strong):
        against = [reason for reason in against if reason.key != "different_phone"]
        strong.append(number)
    return strong, against


def _number(left: Picture, right: Picture, rarity: Rarity) -> Reason | None:
    """Return what a phone number says that one of them shows as something else or with a mask."""
    if comparisons.numbers(left) & comparisons.numbers(right):
        return Reason("same_number_in_another_place", STRONG["phone"] - 0.5)
    masked = {*left.values.get("masked_phone", ()), *right.values.get("masked_phone", ())}
    if not masked:
        return None
    fitting = masked & comparisons.number_patterns(left) & comparisons.number_patterns(right)
    ties = [_tie("masked_phone", each, left, right, rarity) for each in fitting]
    return Reason("masked_phone_fits", max(ties)) if ties else None


def _tie(kind: str, value: str, left: Picture, right: Picture, rarity: Rarity) -> float:
    """Return the log odds that a value in common means one seller: less with every other seller that has it."""
    alone = MASKED_PHONE if kind == "masked_phone" else rarity.strong.get(kind, STRONG[kind])
    owners = rarity.owners.get((kind, value))
    if owners is None:
        others = rarity.others(kind, value, left, right)
    else:
        others = owners - 1 - (owners > 1 and comparisons.contradict(left, right, rarity))
    if (kind, value) in left.shared or (kind, value) in right.shared:
        others = max(others, SHARED_BY)
    return -math.log(math.exp(-alone) + others)


def _slip(kind: str, one: str, other: str, rarity: Rarity) -> float:
    slip = slip_between(one, other)
    if not slip:
        return -math.inf
    if kind == "phone" and normal_forms.is_mobile(one) and normal_forms.is_mobile(other):
        return SLIP[slip] if slip == "two" else rarity.slips.get((kind, slip), 1.0)
    if kind in ("phone", "bank_account") or (kind == "payment_qr" and slip != "digit"):
        return rarity.slips.get((kind, slip), LONG_SLIP - (slip == "two"))
    return rarity.slips.get((kind, slip), SLIP[slip])


def _relatives(left: Picture, right: Picture, rarity: Rarity, *, paid: bool) -> list[Reason]:
    """Return what names and places add when a handle is shared, against relatives who share it."""
    reasons = []
    names = comparisons.names(left, right)
    if names:
        unlike = rarity.difference("nickname")
        weight = {"same": NAMES_OF_RELATIVES, "near": NEAR_NAMES_OF_RELATIVES, "unlike": unlike}
        by_chance = -math.log(rarity.bearing.get(names[1], 0.0) or 1e-9)  # a name that all bear says nothing
        reasons += [Reason(NAME_KEYS[names[0]], min(weight[names[0]], by_chance))] if names[0] in weight else []
    payee = comparisons.payees(left, right)
    if payee is None:
        reasons.append(Reason("different_payee_name", rarity.difference("payee_name")))
    elif payee and not paid:
        reasons.append(Reason("payee_names_fit", PAYEE_OF_RELATIVES if len(payee) > 1 else PAYEE_OF_RELATIVES / 2))
    place = comparisons.places(left, right)
    if place is not None:
        agrees, prefix = place
        reasons.append(Reason("same_region", PLACE_OF_RELATIVES) if agrees else _other_place(prefix, rarity))
    for kind in GATHERINGS:
        if left.values.get(kind, {}).keys() & right.values.get(kind, {}).keys():
            reasons.append(Reason(f"same_{kind}", PLACE_OF_RELATIVES))
    return reasons


def _strangers(left: Picture, right: Picture, rarity: Rarity) -> list[Reason]:
    """Return what names, places and gatherings say against sellers who agree in them by chance."""
    sellers = math.log(rarity.sellers)
    support, against = [], []
    names = comparisons.names(left, right)
    if names and names[0] in ("same", "near"):
        weight = sellers - math.log(_sellers_named(names[1], left, right, rarity, near=names[0] == "near"))
        support.append(Reason(NAME_KEYS[names[0]], weight - (ONLY_NEAR if names[0] == "near" else 0)))
    elif names and names[0] == "unlike":
        against.append(Reason("different_nickname", rarity.difference("nickname")))
    payee = comparisons.payees(left, right)
    if payee is None:
        against.append(Reason("different_payee_name", rarity.difference("payee_name")))
    elif payee:
        support.append(Reason("payee_names_fit", _rarity_of_payee(payee, left, right, rarity)))
    place = comparisons.places(left, right)
    if place is not None and not place[0]:
        against.append(_other_place(place[1], rarity))
    elif place is not None:
        guess = SHARE_OF_PLACE[len(place[1])]
        support.append(Reason("same_region", -math.log(rarity.share("region", place[1], guess))))
    for kind in GATHERINGS:
        common = left.values.get(kind, {}).keys() & right.values.get(kind, {}).keys()
        if common:
            others = min(rarity.others(kind, value, left, right) for value in common)
            weight = min(MOST_BY_GATHERING, sellers - math.log(others + 3) - 0.7)
            support.append(Reason(f"same_{kind}", max(0.0, weight)))
    total = sum(reason.weight for reason in support) - sellers
    support.append(Reason("sellers_there_are", -sellers))
    if total > MOST_BY_NAMES:
        support.append(Reason("names_alone_are_never_sure", MOST_BY_NAMES - total))
    return support + against


NAME_KEYS = {"same": "same_nickname", "near": "nearly_same_nickname", "unlike": "different_nickname"}


def _sellers_named(core: str, left: Picture, right: Picture, rarity: Rarity, *, near: bool) -> float:
    """Return how many other sellers are to be expected under this nickname."""
    kind = "nickname_part" if near else "nickname"
    others = rarity.others("nickname", core, left, right)
    if near:
        others = max(others, rarity.counts.get((kind, core), 0) - 2)
    return others + rarity.hidden.get("nickname", 0.5) + (1.0 if len(core) <= 2 else 0.0)


def _rarity_of_payee(signs: list[tuple[str, str]], left: Picture, right: Picture, rarity: Rarity) -> float:
    """Return the weight of the characters in which payees agree; one that the nickname gives away tells little."""
    cores = [core for seen in (left, right) for core in seen.values.get("nickname", ())]
    weight = {"first": 0.0, "last": 0.0}
    for place, sign in signs:
        rare = -math.log(rarity.share(place, sign, CHARACTER_OF_NAME[place]))
        weight[place] += min(rare, 0.7) if any(sign in core for core in cores) else rare
    given = "".join(sign for place, sign in signs if place == "last")
    if len(given) > 1:  # the characters of a given name do not come together by chance
        guess = CHARACTER_OF_NAME["last"] ** len(given)
        weight["last"] = min(weight["last"], -math.log(rarity.share("given", given, guess)))
    rare = sum(weight.values())
    common = left.values["payee_name"].keys() & right.values["payee_name"].keys()
    full = [value for value in common if (payee := payee_of(value)) and not payee.masked]
    if full:
        others = min(rarity.others("payee_name", value, left, right) for value in full)
        rare = min(rare, math.log(rarity.sellers) - math.log(others + rarity.hidden.get("payee_name", 0.5)))
    return max(0.0, rare)


def _other_place(prefix: str, rarity: Rarity) -> Reason:
    return Reason("different_region", rarity.difference("city" if prefix else "province"))
