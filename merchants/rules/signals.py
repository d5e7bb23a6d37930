"""What stands out about a seller: reasons for a person to look, with the cases behind them; no decision."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from microguard.law.signals import Threshold

DAYS_OF_A_YEAR, DAYS_OF_A_MONTH = 365, 30


@dataclass(frozen=True)
class SellerCase:
    """One complaint about the seller, as far as signals look at it; `handles` are those of an account (hashes)."""

    case: int
    buyer: str
    goods: str
    problem: str
    filed_on: date
    handles: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()
    term_ended: bool = False
    was_silent: bool = False


@dataclass(frozen=True)
class Signal:
    """One thing that stands out: how many (people, accounts, cases), and the cases it rests on."""

    key: str
    n: int
    cases: tuple[int, ...]


def seller_signals(
    cases: Sequence[SellerCase],
    accounts: Mapping[str, date],
    *,
    on: date,
    thresholds: Mapping[str, Threshold],
) -> list[Signal]:
    """Return what stands out about a seller on this day.

    `accounts` tells for each WeChat ID and phone number (hash) the day on which it was first seen.
    """
    found = (
        _repeat_problem(_since(cases, thresholds["repeat_problem"], on), thresholds["repeat_problem"]),
        _same_goods(_since(cases, thresholds["same_goods"], on), thresholds["same_goods"]),
        _surge(cases, thresholds["surge"], on),
        _silence(_since(cases, thresholds["silence"], on), thresholds["silence"]),
        _threats(_since(cases, thresholds["threats"], on), thresholds["threats"]),
        _account_hopping(cases, accounts, thresholds["account_hopping"], on),
    )
    return [signal for signal in found if signal is not None]


def _since(cases: Iterable[SellerCase], limit: Threshold, on: date) -> list[SellerCase]:
    """Return the cases filed on one of the last days that the threshold looks at."""
    return [case for case in cases if on - timedelta(days=limit.days) < case.filed_on <= on]


def _keys(cases: Iterable[SellerCase]) -> tuple[int, ...]:
    return tuple(sorted(case.case for case in cases))


def _repeat_problem(cases: list[SellerCase], limit: Threshold) -> Signal | None:
    by_problem: dict[str, list[SellerCase]] = defaultdict(list)
    for case in cases:
        by_problem[case.problem].append(case)
    most = max(by_problem.values(), key=lambda group: len({case.buyer for case in group}), default=[])
    buyers = len({case.buyer for case in most})
    return Signal(limit.key, buyers, _keys(most)) if buyers >= limit.cases else None


def _same_goods(cases: list[SellerCase], limit: Threshold) -> Signal | None:
    by_goods: dict[str, list[SellerCase]] = defaultdict(list)
    for case in cases:
        if case.handles:
            by_goods[case.goods].append(case)
    most = max(by_goods.values(), key=_accounts, default=[])
    return Signal(limit.key, _accounts(most), _keys(most)) if _accounts(most) >= limit.cases else None


def _accounts(cases: Iterable[SellerCase]) -> int:
    return len(frozenset().union(*(case.handles for case in cases)))


def _surge(cases: Sequence[SellerCase], limit: Threshold, on: date) -> Signal | None:
    """Compare the last days with as many days of the year before them."""
    recent = _since(cases, limit, on)
    before = [case for case in cases if case.filed_on <= on - timedelta(days=limit.days)]
    spans = (DAYS_OF_A_YEAR - limit.days) / limit.days
    many = len(recent) >= limit.cases and len(recent) * spans > limit.times * len(before)
    return Signal(limit.key, len(recent), _keys(recent)) if many else None


def _silence(cases: list[SellerCase], limit: Threshold) -> Signal | None:
    silent, ended = [case for case in cases if case.was_silent], [case for case in cases if case.term_ended]
    many = len(silent) >= limit.cases and 100 * len(silent) >= limit.share_percent * len(ended)
    return Signal(limit.key, len(silent), _keys(silent)) if many else None


def _threats(cases: list[SellerCase], limit: Threshold) -> Signal | None:
    threatened = [case for case in cases if any(word in text for text in case.texts for word in limit.words)]
    return Signal(limit.key, len(threatened), _keys(threatened)) if len(threatened) >= limit.cases else None


def _account_hopping(
    cases: Sequence[SellerCase], accounts: Mapping[str, date], limit: Threshold, on: date
) -> Signal | None:
    """Count new accounts beside the ones that were known before; the first of all is nobody's change."""
    first = min(accounts.values(), default=on)
    fresh = {
        account
        for account, seen in accounts.items()
        if on - timedelta(days=limit.days) < seen <= on and seen > first
    }
    behind = [case for case in cases if case.handles & fresh]
    return Signal(limit.key, len(fresh), _keys(behind)) if len(fresh) >= limit.cases else None
