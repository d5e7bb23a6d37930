"""Figures as anybody may read them: each with its definition, small numbers withheld."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microguard.core.money import yuan
from microguard.statistics.figures import Closings, Figures, Share

SMALLEST_COUNT = 5  # a smaller number of cases could point at somebody
SMALLEST_BASE = 30  # a rate or a median of fewer cases says little


@dataclass(frozen=True)
class Published:
    """One figure in words: the value, what it was taken from, and what it means.

    `key` is its place on the page of all figures; `is_now` marks what is about today, not about the period.
    """

    key: str
    label: str
    value: str
    detail: str
    definition: str
    is_now: bool = False


def enough_for_rates(closings: Closings) -> bool:
    """Return whether enough disputes were closed to publish rates of them."""
    return closings.closed >= SMALLEST_BASE


def publish(figures: Figures) -> list[Published]:
    """Return every figure of the period, in the order of a case and in the active language."""
    closed, resolved, days, recovered = publish_closings(figures.closings)
    return [
        Published(
            "filed",
            _("Complaints filed"),
            count(figures.filed),
            "",
            _("Complaints that were filed in the period, by the day of filing, whatever became of them."),
        ),
        Published(
            "decided-in-time",
            _("Decisions on acceptance in time"),
            *share(figures.decided_in_time),
            _(
                "Of all decisions whether we take a complaint on that were made or ran out in the period: those "
                "made before their term ended. A late decision stays late."
            ),
        ),
        Published(
            "answered-in-time",
            _("Sellers' answers in time"),
            *share(figures.answered_in_time),
            _(
                "Of all invitations that reached a seller and whose term to answer ended in the period: those "
                "answered before it did. An answer that came later does not count."
            ),
        ),
        closed,
        resolved,
        days,
        recovered,
        Published(
            "overdue",
            _("Our own terms overdue"),
            f"{figures.overdue:,}",
            "",
            _("Decisions on acceptance and mediations whose term has ended and that still wait for us today."),
            is_now=True,
        ),
    ]


def publish_closings(closings: Closings) -> list[Published]:
    """Return what became of the closed disputes: closed, resolved, median of days, money recovered."""
    amount, cases = _recovered(closings)
    days, of_cases = _median(closings)
    return [
        Published(
            "closed",
            _("Cases closed"),
            count(closings.closed),
            "",
            _("Complaints that we took on and that were closed in the period, by the day of closing."),
        ),
        Published(
            "resolved",
            _("Resolved"),
            *share(Share(closings.resolved, closings.closed)),
            _(
                "Of the cases closed: those settled and kept, those the buyer confirms as solved, and those "
                "withdrawn because they were solved. Silence never counts as solved."
            ),
        ),
        Published(
            "days-to-close",
            _("Median days to closing"),
            days,
            of_cases,
            _("Half of the cases closed took at most this many days from filing to closing, calendar days."),
        ),
        Published(
            "recovered",
            _("Money that reached buyers"),
            amount,
            cases,
            _("The sum of the payments recorded in the cases closed in the period."),
        ),
    ]


def count(n: int) -> str:
    """Return the number, or that it is smaller than may be told."""
    return _("fewer than {n}").format(n=SMALLEST_COUNT) if 0 < n < SMALLEST_COUNT else f"{n:,}"


def share(share: Share) -> tuple[str, str]:
    """Return a percentage and its n / N, or the counts alone where there are too few for a rate."""
    if share.whole < SMALLEST_COUNT:
        return count(share.whole), _too_few()
    if share.whole < SMALLEST_BASE:
        return f"{count(share.part)} / {share.whole:,}", _too_few()
    percent = (200 * share.part + share.whole) // (2 * share.whole)
    return f"{percent}%", f"{count(share.part)} / {share.whole:,}"


def _median(closings: Closings) -> tuple[str, str]:
    if closings.median_days is None or not enough_for_rates(closings):
        return "–", _too_few()
    days = f"{closings.median_days:g}"
    words = ngettext("{n} day", "{n} days", 1 if days == "1" else 2).format(n=days)
    return words, _in_cases(closings.closed)


def _recovered(closings: Closings) -> tuple[str, str]:
    if 0 < closings.recovered_in < SMALLEST_COUNT:
        return "–", _("An amount is shown from {n} cases on.").format(n=SMALLEST_COUNT)
    return yuan(closings.recovered_fen), _in_cases(closings.recovered_in)


def _in_cases(n: int) -> str:
    return ngettext("in {n} case", "in {n} cases", n).format(n=f"{n:,}")


def _too_few() -> str:
    return _("Fewer than {n} cases: rates not shown yet.").format(n=SMALLEST_BASE)
