"""What mentions show of a seller, in forms that can be compared, and how rare each form is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from merchants.rules.handles import normal_form
from merchants.rules.likeness import form_of
from merchants.rules.places import place_of
from merchants.rules.weights import DIFFERENT, DIFFERENT_NAMES, FEWEST_SELLERS, FIRST_GUESS, STRONG
from microguard.core import normal_forms

_MASKED_MOBILE = re.compile(r"(?<![0-9])(1[3-9][0-9])[*x×•]{3,6}([0-9]{4})(?![0-9])")


@dataclass(slots=True)
class Picture:
    """What is known of one seller: forms of handles by type with the number of mentions that showed them.

    `nickname` holds cores, `masked_phone` what is legible of masked numbers, `region` leading digits of divisions.
    `counted` says whether the rarity counts it.
    """

    values: dict[str, dict[str, int]] = field(default_factory=dict)
    shared: frozenset[tuple[str, str]] = frozenset()
    counted: bool = False

    @property
    def is_named(self) -> bool:
        """Whether a handle is known that seldom belongs to two sellers."""
        return any(kind in self.values for kind in STRONG)

    def joined(self, other: "Picture") -> "Picture":
        """Return what both pictures show together."""
        values = {kind: dict(found) for kind, found in self.values.items()}
        for kind, found in other.values.items():
            into = values.setdefault(kind, {})
            for value, times in found.items():
                into[value] = into.get(value, 0) + times
        return Picture(values, self.shared | other.shared, self.counted or other.counted)

    def without(self, mention: "Picture") -> "Picture":
        """Return the picture as it would be if one of its mentions had not been made."""
        values = {
            kind: {
                value: times - mention.values.get(kind, {}).get(value, 0)
                for value, times in found.items()
                if times > mention.values.get(kind, {}).get(value, 0)
            }
            for kind, found in self.values.items()
        }
        return Picture({kind: found for kind, found in values.items() if found}, self.shared, self.counted)


def picture(
    handles: Iterable[tuple[str, str]], regions: Iterable[str] = (), shared: Iterable[tuple[str, str]] = ()
) -> Picture:
    """Return the picture that handles (type, value as typed) and regions (code or name) give."""
    values: dict[str, dict[str, int]] = {}
    for kind, value in handles:
        kind, form = comparable(kind, value)
        if form:
            values.setdefault(kind, {})[form] = 1
        for number in masked_in(form) if kind == "parcel_sender" else ():
            values.setdefault("masked_phone", {})[number] = 1
    for region in regions:
        place = place_of(region)
        if place:
            values.setdefault("region", {})[place] = 1
    return Picture(values, frozenset(comparable(kind, value) for kind, value in shared))


def comparable(kind: str, value: str) -> tuple[str, str]:
    """Return type and form by which a handle is compared.

    A WeChat ID that is a phone number is a "phone"; a phone number of which a part is masked is a "masked_phone".
    """
    form = form_of(kind, value)
    if kind == "wechat_id" and normal_forms.is_mobile(normal_form("phone", value)):
        return "phone", normal_form("phone", value)
    if kind in ("phone", "alipay") and masked_in(form):
        return "masked_phone", masked_in(form)[0]
    if kind == "phone" and not any(sign.isdigit() for sign in form):
        return kind, ""
    return kind, form


@dataclass(slots=True)
class Rarity:
    """In how many known sellers a value occurs, and what this batch or registry taught about sharing.

    `counts` by (type, form); besides the types: "region" by 2, 4 and 6 digits, "first" and "last" characters and
    "given" names of payees. `strong`, `slips` and `differing` replace the log odds of STRONG, SLIP and DIFFERENT;
    `hidden` is, per type, how many further sellers with the same value are to be expected beside those that are
    known; `bearing` is the share of mentions with each nickname; `owners`, by handle, how many sellers a batch
    shows to share it.
    """

    profiles: int = 0
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    strong: Mapping[str, float] = field(default_factory=dict)
    slips: Mapping[tuple[str, str], float] = field(default_factory=dict)
    hidden: Mapping[str, float] = field(default_factory=dict)
    bearing: Mapping[str, float] = field(default_factory=dict)
    differing: Mapping[str, float] = field(default_factory=dict)
    owners: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def sellers(self) -> int:
        """How many sellers a mention may be of."""
        return max(self.profiles, FEWEST_SELLERS)

    def others(self, kind: str, value: str, *pictures: Picture) -> int:
        """Return how many sellers other than these have the value."""
        own = sum(1 for each in pictures if each.counted and value in each.values.get(kind, ()))
        return max(0, self.counts.get((kind, value), 0) - own)

    def difference(self, kind: str) -> float:
        """Return the log odds of one seller that two have whose handles, names or places of this kind differ."""
        return self.differing.get(kind, (DIFFERENT | DIFFERENT_NAMES)[kind])

    def share(self, kind: str, value: str, guess: float) -> float:
        """Return the share of sellers with this value, starting from a guess."""
        counted = self.counts.get((kind, ""), self.profiles)
        return min(1.0, (self.counts.get((kind, value), 0) + FIRST_GUESS * guess) / (counted + FIRST_GUESS))


@lru_cache(maxsize=50_000)
def mobiles_in(text: str) -> tuple[str, ...]:
    """Return the mobile numbers that stand in a text."""
    runs = "".join(sign if sign.isdigit() else " " for sign in text).split()
    return tuple(run for run in runs if normal_forms.is_mobile(run))


def masked(number: str) -> str:
    """Return what a mask as on parcels leaves of a mobile number: 13800138000 -> 138*8000."""
    return f"{number[:3]}*{number[-4:]}"


def masked_in(text: str) -> list[str]:
    """Return the masked mobile numbers that stand in a text, all masked alike."""
    return [masked(head + tail) for head, tail in _MASKED_MOBILE.findall(text)]
