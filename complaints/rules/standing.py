"""How a complaint stands in law: the rights it alleges to be infringed, and on what its claims rest."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from complaints.rules.law_facts import REMEDIES_OF
from microguard.law.basis import Basis, Kind, assessed, basis_of, kind_of, worst
from microguard.law.vocabulary import Facts


class Standing(NamedTuple):
    """The infringed rights, and the claim that stands worst with its basis."""

    rights: tuple[str, ...]
    claim: str
    basis: Basis


def standing_of(facts: Facts, claims: Iterable[str], on: date) -> Standing:
    """Return how the complaint stands under the rules of the day."""
    return _standing(kind_of(facts, on), tuple(sorted(claims)))


@lru_cache(maxsize=10_000)
def _standing(kind: Kind, claims: tuple[str, ...]) -> Standing:
    found = assessed(kind)
    claim, basis = worst({claim: basis_of(found, REMEDIES_OF[claim]) for claim in claims})
    return Standing(tuple(infringed.right for infringed in found.rights), claim, basis)
