"""Which known sellers a complaint's handles may be of: an answer for the desk, where a person decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from merchants.rules.matching import Reason, compare, log_odds, probability
from merchants.rules.pictures import Rarity, picture

FEWEST_PERCENT = 0.05


@dataclass(frozen=True, slots=True)
class Profile:
    """A known seller: handles as (type, value as typed, marked as shared by a person) and regions."""

    merchant: int
    handles: Sequence[tuple[str, str, bool]]
    regions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A seller that may be meant: how probable it is (0 to 0.99) and every reason with its weight in log odds."""

    merchant: int
    score: float
    reasons: tuple[Reason, ...]


def candidates(
    handles: Sequence[tuple[str, str]], region: str, profiles: Iterable[Profile], rarity: Rarity
) -> list[Candidate]:
    """Return the profiles that the handles of a complaint may be of, the most probable first.

    `rarity` says in how many profiles each form occurs (`pictures.comparable` gives the form) and how many
    profiles there are; the profiles themselves are counted in it.
    """
    mention = picture(handles, [region] if region else [])
    found = []
    for profile in profiles:
        shared = [(kind, value) for kind, value, is_shared in profile.handles if is_shared]
        seen = picture([(kind, value) for kind, value, _shared in profile.handles], profile.regions, shared)
        seen.counted = True
        reasons = compare(mention, seen, rarity)
        score = probability(log_odds(reasons))
        if score >= FEWEST_PERCENT:
            found.append(Candidate(profile.merchant, score, tuple(reasons)))
    return sorted(found, key=lambda each: (-each.score, each.merchant))
