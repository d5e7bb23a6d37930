"""The duty register: what the law or a policy asks of each party, since when, and what shows it here.

A duty is statutory and cites an article whose text was read; or it is policy; or it is a hint: right as far as we
know, but its text or number was not read, so it is never stated as the law.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microguard.core.errors import NotFound
from microguard.law.checklist import Condition, Facts
from microguard.law.decisions import REMEDIES
from microguard.law.reading import LawDataError
from microguard.law.wording import Wording

SELLING = ("seller", "agent", "live_room")  # whose duties a seller's answers pick from
RECALLED_DATE = "(date R)"
# What may be claimed when a duty is not met: the keys that the rights engine answers with.


class UnknownParty(NotFound):
    """The register has nobody of this name."""

    code = "unknown_party"


class UnknownClaim(NotFound):
    """No claim has this key."""

    code = "unknown_claim"


class Basis(StrEnum):
    """What a duty rests on."""

    STATUTORY = "statutory"
    HINT = "hint"
    POLICY = "policy"


class Kind(StrEnum):
    """What shows a duty met or missed: an event, a clock, a page, or nothing that we can see."""

    EVENT = "event"
    CLOCK = "clock"
    PAGE = "page"
    EXTERNAL = "external"


class Standing(StrEnum):
    """How a duty that applies stands by a seller's own answers, the most pressing first."""

    MISSING = "missing"
    CHECK = "check"
    KEEP = "keep"


class Party(NamedTuple):
    """Somebody who has duties."""

    key: str
    name: Wording
    who: Wording


class Topic(NamedTuple):
    """What some duties are about."""

    key: str
    title: Wording


class Citation(NamedTuple):
    """Where a duty stands; a hint may know less than all of it."""

    instrument: Wording | None
    provision: Wording | None
    article: str | None
    quotation: str | None


class Sign(NamedTuple):
    """What shows a duty met or missed: its code (none outside our sight) and a sentence about it."""

    kind: Kind
    code: str | None
    says: Wording


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty as it holds from one day until another (excluded).

    `source` says how the text is known: "V/…" for one that was read, with "(date R)" when its day of commencement
    is only recalled. `missing_when` and `check_when` are answers by which the duty is not met, or may not be.
    """

    key: str
    party: str
    topic: str
    basis: Basis
    title: Wording
    asks: Wording
    cure: Wording
    citation: Citation
    in_force_from: date
    in_force_until: date | None
    source: str
    applies_when: Condition
    missing_when: Condition | None
    check_when: Condition | None
    threshold_yuan: int | None
    shown_by: Sign
    claims: tuple[str, ...]

    def holds_on(self, day: date) -> bool:
        """Whether the duty is in force on the day."""
        return self.in_force_from <= day and (self.in_force_until is None or day < self.in_force_until)

    def standing(self, facts: Facts) -> Standing:
        """Return how a duty that applies stands by these answers; that it is kept cannot follow from them."""
        if self.missing_when is not None and self.missing_when.holds(facts):
            return Standing.MISSING
        if self.check_when is not None and self.check_when.holds(facts):
            return Standing.CHECK
        return Standing.KEEP

    @property
    def date_is_recalled(self) -> bool:
        """Whether the day of commencement was not read but only recalled."""
        return self.source.endswith(RECALLED_DATE)

    @property
    def url(self) -> str:
        """The place of this one duty on its party's page."""
        return f"{reverse('law:duties', args=[self.party])}#{self.key}"


class Register:
    """Every version of every duty, found by party, claim or a seller's answers, and day."""

    def __init__(
        self, stated: Iterable[tuple[str, Duty]], parties: Iterable[Party], topics: Iterable[Topic]
    ) -> None:
        """Arrange the duties, each with its place.  :raises LawDataError: when two versions of one overlap"""
        self.parties = {party.key: party for party in parties}
        self.topics = {topic.key: topic for topic in topics}
        versions: dict[str, list[tuple[Duty, str]]] = {}
        for place, duty in stated:
            versions.setdefault(duty.key, []).append((duty, place))
        for found in versions.values():
            found.sort(key=lambda item: item[0].in_force_from)
            for (earlier, _place), (later, place) in pairwise(found):
                if earlier.holds_on(later.in_force_from):
                    raise LawDataError(f"{place}: overlaps with its version of {earlier.in_force_from}.")
        topic_order, duties = list(self.topics), (duty for found in versions.values() for duty, _place in found)
        self._duties = tuple(sorted(duties, key=lambda duty: topic_order.index(duty.topic)))

    def every_version(self) -> tuple[Duty, ...]:
        """Return all versions, old ones too."""
        return self._duties

    def duties_of(self, party: str, on: date) -> tuple[Duty, ...]:
        """Return the party's duties in force on the day, topic by topic.  :raises UnknownParty:"""
        if party not in self.parties:
            raise UnknownParty(_("The duty register has no party called “{party}”."), party=party)
        return tuple(duty for duty in self._duties if duty.party == party and duty.holds_on(on))

    def duties_behind(self, claim: str, on: date) -> tuple[Duty, ...]:
        """Return the duties in force on the day on whose breach the claim rests.  :raises UnknownClaim:"""
        if claim not in REMEDIES:
            raise UnknownClaim(_("There is no claim called “{claim}”."), claim=claim)
        return tuple(duty for duty in self._duties if claim in duty.claims and duty.holds_on(on))

    def applying(self, facts: Facts, on: date) -> tuple[Duty, ...]:
        """Return the duties of who sells that apply to these answers on the day, the most pressing first."""
        duties = (duty for party in SELLING for duty in self.duties_of(party, on))
        pressing = list(Standing)
        return tuple(
            sorted(
                (duty for duty in duties if duty.applies_when.holds(facts)),
                key=lambda duty: pressing.index(duty.standing(facts)),
            )
        )

    def threshold_of(self, key: str, on: date) -> int | None:
        """Return the figure of a duty on the day in yuan; None when no version with a figure is in force."""
        return next((duty.threshold_yuan for duty in self._duties if duty.key == key and duty.holds_on(on)), None)
