"""What stands out about complaints from one phone: circumstances of Order 121 art. 17 among them.

Each may be considered and none decides; a person who was wronged many times files many complaints.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from merchants.rules.signals import Signal
from microguard.law.signals import Threshold


@dataclass(frozen=True)
class OwnCase:
    """One complaint from this phone, as far as signals look at it."""

    case: int
    seller: str
    goods: str
    problem: str
    name: str
    filed_on: date
    asks_by_law: bool = False


@dataclass(frozen=True)
class OthersAlike:
    """Complaints of others about the same seller that are like this one."""

    text: tuple[int, ...] = ()
    evidence: tuple[int, ...] = ()


def complainant_signals(
    case: int,
    own: Sequence[OwnCase],
    others: OthersAlike,
    *,
    shows_purchase: bool,
    on: date,
    thresholds: Mapping[str, Threshold],
) -> list[Signal]:
    """Return what stands out about this complaint (`case`, one of `own`) and the others from its phone."""
    found = (
        _frequency(_since(own, thresholds["frequency"], on), thresholds["frequency"]),
        _bulk_same(_since(own, thresholds["bulk_same"], on), thresholds["bulk_same"]),
        _shared_contact(_since(own, thresholds["shared_contact"], on), thresholds["shared_contact"]),
        _at_least(thresholds["same_text"], others.text),
        _at_least(thresholds["same_evidence"], others.evidence),
        None if shows_purchase else Signal("no_purchase", 1, (case,)),
        _statutory_minimum(_since(own, thresholds["statutory_minimum"], on), thresholds["statutory_minimum"]),
    )
    return [signal for signal in found if signal is not None]


def _since(own: Sequence[OwnCase], limit: Threshold, on: date) -> list[OwnCase]:
    return [case for case in own if on - timedelta(days=limit.days) < case.filed_on <= on]


def _at_least(limit: Threshold, cases: Sequence[int]) -> Signal | None:
    return Signal(limit.key, len(cases), tuple(sorted(cases))) if len(cases) >= limit.cases else None


def _frequency(own: list[OwnCase], limit: Threshold) -> Signal | None:
    return _at_least(limit, [case.case for case in own])


def _bulk_same(own: list[OwnCase], limit: Threshold) -> Signal | None:
    """Find the largest group about one seller, one kind of goods, or one problem."""
    alike: list[OwnCase] = []
    for trait in ("seller", "goods", "problem"):
        counts = Counter(value for case in own if (value := getattr(case, trait)))
        for value, number in counts.most_common(1):
            if number > len(alike):
                alike = [case for case in own if getattr(case, trait) == value]
    return _at_least(limit, [case.case for case in alike])


def _shared_contact(own: list[OwnCase], limit: Threshold) -> Signal | None:
    names = {case.name for case in own if case.name}
    if len(names) < limit.cases:
        return None
    return Signal(limit.key, len(names), tuple(sorted(case.case for case in own)))


def _statutory_minimum(own: list[OwnCase], limit: Threshold) -> Signal | None:
    by_law = [case.case for case in own if case.asks_by_law]
    return _at_least(limit, by_law) if 100 * len(by_law) >= limit.share_percent * len(own) else None
